"""The command `krupier`. Heavy libraries are imported inside the commands, so that --help answers at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from api.staff.values import Role

if TYPE_CHECKING:
    from api.engine import Engine
    from api.settings import Settings
    from api.staff.service import StaffAccounts
    from bot.decision import Decision

app = typer.Typer(help="Krupier: the support desk of an online casino.", no_args_is_help=True, add_completion=False)
index_app = typer.Typer(help="The search index.", no_args_is_help=True)
kb_app = typer.Typer(help="The articles, as files.", no_args_is_help=True)
staff_app = typer.Typer(help="Who may sign in at the desk.", no_args_is_help=True)
app.add_typer(index_app, name="index")
app.add_typer(kb_app, name="kb")
app.add_typer(staff_app, name="staff")

Result = TypeVar("Result")
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_json: AsJson = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read JSON Lines from stdin, write a decision a line.")
    ] = False,
) -> None:
    """Ask one question, or many as JSON Lines."""
    if jsonl:
        raise typer.Exit(_ask_lines(_engine()))
    if text is None:
        _fail("Give a question, e.g. krupier ask 'kiedy przyjdą pieniądze', or use --jsonl.")
    decision = _engine().bot.reply(text)
    _write(json.dumps(decision.to_json(), ensure_ascii=False, indent=2) if as_json else _for_people(decision))


@app.command()
def serve() -> None:
    """Run the web service."""
    from api.server import PortInUseError, run

    try:
        run(_settings(), _say)
    except PortInUseError as error:
        _fail(str(error))


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help='JSON Lines of {"q", "topic", "also", "lang"}.')],
    as_json: AsJson = False,
    report_folder: Annotated[
        Path | None, typer.Option("--report", help="Folder for report.html: drawings, confusions, every wrong answer.")
    ] = None,
) -> None:
    """Figures on labelled questions, with counts and 95 % intervals, by language and style."""
    from datetime import datetime

    from indexer.evaluation import ask_all, figures
    from indexer.report.page import write_report
    from knowledge_base.labelled import LabelledFileError, read_labelled

    try:
        questions = read_labelled([file])
    except (OSError, UnicodeDecodeError, LabelledFileError) as error:
        _fail(f"{file} cannot be used: {error}")
    if not questions:
        _fail(f"{file} has no questions.")
    from api.engine import stage_printer

    engine = _engine()
    report = stage_printer(_say)
    outcomes = ask_all(engine.bot, questions, lambda done, of: report("Asking", done, of))
    found = figures(outcomes)
    if report_folder:
        about = {"questions": file.name, "index": engine.manifest.version, "model": engine.manifest.model}
        try:
            path = write_report(report_folder, outcomes, engine.bot.articles, about, datetime.now())
        except OSError as error:
            _fail(f"The report cannot be written to {report_folder}: {error.strerror}. Name another folder.")
        _say(f"Report: {path}")
    _write(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _figures_table(found))


@index_app.command("build")
def index_build(
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Only if there is no index that fits.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Keep what was fitted if few articles changed.")] = False,
    show_gate: Annotated[
        bool, typer.Option("--gate", help="Show which labelled questions are answered otherwise than before.")
    ] = False,
) -> None:
    """Build and publish an index of what the database has published, or of the knowledge base's files without one."""
    from api.gate_report import gate_lines
    from api.index_building import build_judged

    if if_missing:
        _engine()
        return
    manifest, gate = _guarded(lambda: build_judged(_settings(), _say, is_full=not quick, is_judged=show_gate or quick))
    for line in gate_lines(gate) if gate else ():
        _write(line)
    _write(f"Published index {manifest.version}: {manifest.counts['articles']} articles, model {manifest.model}.")


@index_app.command("show")
def index_show(as_json: AsJson = False) -> None:
    """What the current index was made from, and its figures."""
    from dataclasses import asdict

    from indexer.manifest import Manifest
    from indexer.published_index import current_folder

    manifest = _guarded(lambda: Manifest.read(current_folder(_settings().index_home)))
    if as_json:
        _write(json.dumps(asdict(manifest), ensure_ascii=False, indent=2))
        return
    _write(f"Index {manifest.version}, built {manifest.built_at}")
    _write(f"Model {manifest.model} ({manifest.dimension} dimensions, {manifest.model_checksum[:12]})")
    _write(", ".join(f"{count} {name}" for name, count in manifest.counts.items()))
    for language, by_risk in manifest.figures["promises"].items():
        for risk, promise in by_risk.items():
            _write(f"{language}, {risk}: {_promise(promise)}")
    _write(_figures_table(manifest.figures["test"]))


@kb_app.command("check")
def kb_check(
    folder: Annotated[Path | None, typer.Argument(help="Knowledge base; by default the one set.")] = None,
) -> None:
    """Check all content files; exit status 1 if something is to be mended."""
    from knowledge_base.checks import check
    from knowledge_base.reading import read_knowledge_base

    folder = folder or _settings().knowledge_base
    try:
        knowledge_base = read_knowledge_base(folder)
    except OSError as error:
        _fail(str(error))
    problems = check(knowledge_base)
    for problem in problems:
        _write(str(problem))
    _write(f"{len(knowledge_base.articles)} articles, {len(knowledge_base.facts)} facts, {len(problems)} problems.")
    raise typer.Exit(1 if problems else 0)


@kb_app.command("export")
def kb_export(folder: Annotated[Path, typer.Argument(help="An empty or new folder.")]) -> None:
    """Write everything that is published, and the labelled questions and examples, to a folder."""
    from api.stored import export_stored, is_stored
    from knowledge_base.exchange import ExchangeError, export_files

    settings = _settings()
    try:
        count = (
            export_stored(settings, folder) if is_stored(settings) else export_files(settings.knowledge_base, folder)
        )
    except (ExchangeError, OSError) as error:
        _fail(str(error))
    _write(f"{count} files written to {folder}.")


@kb_app.command("import")
def kb_import(
    folder: Annotated[Path, typer.Argument(help="A folder laid out like an export.")],
    plan_only: Annotated[bool, typer.Option("--plan", help="Show what would change, and change nothing.")] = False,
) -> None:
    """Take over the files of a folder; refuses a folder with problems, and shows what changes."""
    from api.stored import import_stored, is_stored, plan_stored
    from knowledge_base.exchange import ExchangeError, import_files, plan_import

    try:
        if is_stored(_settings()):
            entries = plan_stored(_settings(), folder)
            for entry in entries:
                _write(f"{entry.kind.value:7} {entry.key}")
            if not plan_only:
                import_stored(_settings(), entries, folder)
            done = "would change" if plan_only else "changed, as drafts. Review and publish them at /editor/publish"
            _write(f"{len(entries)} entries {done}.")
            return
        plan = plan_import(folder, _settings().knowledge_base)
        for change in plan:
            _write(str(change))
        if not plan_only:
            import_files(plan, folder, _settings().knowledge_base)
    except (ExchangeError, OSError) as error:
        _fail(str(error))
    _write(f"{len(plan)} files {'would change' if plan_only else 'changed'}. Then: krupier index build")


PasswordFromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from stdin instead of asking for it.")
]


@staff_app.command("add")
def staff_add(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="The first name; players see it.")],
    role: Annotated[Role, typer.Option(help="What they are here for.")] = Role.CONSULTANT,
    password_stdin: PasswordFromStdin = False,
) -> None:
    """Make an account, e.g. the first one."""
    password = _password(password_stdin)
    added = _with_accounts(lambda accounts: accounts.add(email, name, role, password))
    _write(f"{added.name} ({added.role.value}) signs in at /desk with {added.email}.")


@staff_app.command("list")
def staff_list() -> None:
    """Everybody with an account."""
    for person in _with_accounts(lambda accounts: accounts.everybody()):
        _write(f"{person.email}  {person.name}  {person.role.value}")


@staff_app.command("password")
def staff_password(
    email: Annotated[str, typer.Argument(help="Whose password.")], password_stdin: PasswordFromStdin = False
) -> None:
    """Set a new password; ends all sessions of the account."""
    password = _password(password_stdin)
    if not _with_accounts(lambda accounts: accounts.set_password(email, password)):
        _fail(f"There is no account for {email}.")


@staff_app.command("deactivate")
def staff_deactivate(email: Annotated[str, typer.Argument(help="Whose account.")]) -> None:
    """End an account and its sessions; what was written with it stays."""
    if not _with_accounts(lambda accounts: accounts.deactivate(email)):
        _fail(f"There is no account for {email}.")


def _password(is_from_stdin: bool) -> str:
    if is_from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _with_accounts(work: Callable[[StaffAccounts], Coroutine[Any, Any, Result]]) -> Result:
    """Do something with the accounts of the database that is set."""
    import asyncio

    from sqlalchemy.exc import SQLAlchemyError

    from api.conversations.service import utc_now
    from api.database.connection import Database, database_url
    from api.database.migration import migrate
    from api.staff.service import StaffAccounts

    settings = _settings()

    async def done() -> Result:
        database = Database(database_url(settings.database_url, settings.data, settings.database_file))
        try:
            await migrate(database)
            return await work(StaffAccounts(database, utc_now))
        finally:
            await database.close()

    try:
        return asyncio.run(done())
    except (ValueError, SQLAlchemyError, OSError) as error:
        _fail(str(error))


def _ask_lines(engine: Engine) -> int:
    """Answer every line of stdin in order; 0 if each got a decision."""
    from api.answers.schemas import QuestionIn, question_of_line

    failed = False
    for raw in sys.stdin.buffer:
        if not raw.strip():
            continue
        question = question_of_line(raw)
        if isinstance(question, QuestionIn):
            out: dict[str, Any] = engine.bot.reply(question.text, question.history).to_json()
        else:
            out = {"error": {"code": question.code, "detail": question.detail}}
            failed = True
        _write(json.dumps(out, ensure_ascii=False))
    return 1 if failed else 0


def _for_people(decision: Decision) -> str:
    lines = [decision.reply, ""]
    best = ", ".join(f"{c.id} {c.confidence:.0%}" for c in decision.candidates[:3])
    lines.append(f"[{decision.action.value}: {decision.reason.value}{'; ' + best if best else ''}]")
    return "\n".join(lines)


def _figures_table(found: dict[str, Any]) -> str:
    heads = ("first right", "among three", "answered", "wrong of answered", "nothing: kept back")
    lines = [" " * 18 + "".join(f"{head:>26}" for head in heads)]
    for name, group in found.items():
        columns = ("first_right", "three_right", "answered", "wrong_among_answers", "not_answered")
        lines.append(f"{name:18}" + "".join(f"{_cell(group.get(column)):>26}" for column in columns))
    error = found.get("all", {}).get("expected_calibration_error")
    return "\n".join([*lines, f"expected calibration error {error}" if error is not None else ""])


def _promise(promise: dict[str, Any]) -> str:
    if not promise["is_met"]:
        return (
            f"nothing is answered: {promise['questions']} questions are too few to promise {promise['wrong_max']:.1%}"
        )
    pooled = ", both languages together" if promise["is_pooled"] else ""
    return (
        f"answers from confidence {promise['limit']:.3f}; at most {promise['wrong_max']:.1%} wrong "
        f"({promise['wrong']} of {promise['answered']} answered, {promise['questions']} questions{pooled})"
    )


def _cell(share: dict[str, Any] | None) -> str:
    if not share or share["share"] is None:
        return "-"
    return f"{share['share']:.1%} ({share['low']:.0%}-{share['high']:.0%}) of {share['of']}"


def _engine() -> Engine:
    from api.engine import open_engine
    from api.stored import stored_base

    settings = _settings()
    return _guarded(lambda: open_engine(settings, _say, lambda: stored_base(settings)))


def _guarded(work: Callable[[], Result]) -> Result:
    from indexer.errors import IndexerError

    try:
        return work()
    except (IndexerError, OSError, ValueError) as error:
        _fail(str(error))


def _settings() -> Settings:
    from pydantic import ValidationError

    from api.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{_variable(e['loc'])}{e['msg'].removeprefix('Value error, ')}" for e in error.errors())
        _fail(f"A setting cannot be used: {wrong}")


def _variable(location: tuple[int | str, ...]) -> str:
    """The setting's name as a prefix; nothing where the settings as a whole are wrong."""
    return f"KRUPIER_{str(location[0]).upper()}: " if location else ""


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _write(text: str) -> None:
    """To stdout as UTF-8 whatever the terminal thinks; lone surrogates become question marks."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _fail(message: str) -> NoReturn:
    _say(message)
    raise typer.Exit(2)
