"""The command line as its users run it: another process, the shipped articles, the built index."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

KRUPIER = str(Path(sys.executable).parent / "krupier")
KEYS = {
    "action", "reason", "confidence", "language", "articles", "candidates", "text", "masked", "reply", "choices",
    "level", "protected",
}  # fmt: skip


def run(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [KRUPIER, *arguments], input=stdin, capture_output=True, check=False, env={**os.environ, **environment}
    )


def test_help_names_the_commands() -> None:
    shown = run("--help").stdout.decode()
    assert all(command in shown for command in ("ask", "serve", "index", "kb", "evaluate"))


def test_help_loads_nothing_heavy() -> None:
    heavy = ("torch", "faiss", "sklearn", "fastapi", "numpy")
    code = f"import sys, api.cli; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"[]"


def test_when_the_money_will_arrive_is_answered_without_diacritics() -> None:
    done = run("ask", "kiedy przyjda pieniadze z wyplaty na karte", "--json")
    decision = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(decision) == KEYS
    assert decision["action"] == "answer"
    assert decision["articles"] == ["withdrawal-time"]
    assert "2–5 dni roboczych" in decision["reply"].replace("\xa0", " ")
    assert b"Loading" in done.stderr


def test_every_line_gets_its_answer_or_its_error_in_order() -> None:
    lines = [
        json.dumps({"text": "Ile trwa weryfikacja?"}),
        "not json",
        json.dumps({"text": 5}),
        json.dumps({"text": "hi", "unknown": 1}),
        json.dumps(["text"]),
        "null",
        "[" * 100_000,
        json.dumps({"text": ""}),
        json.dumps({"text": " \u200b\n"}),
        json.dumps({"text": "a" * 100_000}),
        json.dumps({"text": "NUL \x00 and \x1b[31m controls"}),
        '{"text": "lone \\ud800 surrogate"}',
        json.dumps({"text": "{{ 7*7 }} {% for x in y %} <script>alert(1)</script>"}),
        json.dumps({"text": "mój PESEL to 44051401359, ile trwa wypłata na konto bankowe?"}),
        json.dumps({"text": "how do I set a deposit limit", "history": ["hello"]}),
    ]
    raw = "\n".join(lines).encode() + b"\n" + b'{"text": "\xff"}\n'
    done = run("ask", "--jsonl", stdin=raw)
    out = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 1
    assert len(out) == len(lines) + 1
    codes = {1: "invalid_json", 2: "invalid_question", 3: "invalid_question", 4: "invalid_question"}
    codes |= {5: "invalid_question", 6: "invalid_json", 15: "invalid_utf8"}
    for position, answer in enumerate(out):
        if position in codes:
            assert answer["error"]["code"] == codes[position], position
        else:
            assert set(answer) == KEYS, position
    assert [out[i]["reason"] for i in (7, 8, 9)] == ["empty", "empty", "too_long"]
    assert out[12]["action"] != "answer"
    assert "49" not in out[12]["reply"]
    assert "44051401359" not in json.dumps(out[13])
    assert out[13]["masked"] == [{"type": "pesel", "start": 13, "end": 24}]
    assert b"Traceback" not in done.stderr


def test_all_lines_answered_is_success() -> None:
    assert run("ask", "--jsonl", stdin=b'{"text": "hej"}\n').returncode == 0


def test_a_labelled_file_that_is_broken_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"q": "a", "topic": null}\n{"q": 1}\n')
    done = run("evaluate", str(file))
    assert done.returncode == 2
    assert b"q.jsonl:2" in done.stderr


def test_evaluation_prints_figures_for_machines(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"q": "zapomniałem hasła", "topic": "account-password-reset", "lang": "pl"}\n')
    done = run("evaluate", str(file), "--json")
    assert json.loads(done.stdout)["pl"]["first_right"]["count"] == 1


def test_evaluation_writes_a_report_into_a_folder_that_it_makes(tmp_path: Path) -> None:
    file, folder = tmp_path / "q.jsonl", tmp_path / "new" / "report"
    file.write_text('{"q": "zapomniałem hasła", "topic": "account-password-reset", "lang": "pl"}\n')
    done = run("evaluate", str(file), "--report", str(folder))
    assert done.returncode == 0
    assert f"Report: {folder / 'report.html'}" in done.stderr.decode()
    assert "questions: q.jsonl" in (folder / "report.html").read_text(encoding="utf-8")
    # where a file stands in the way, another folder is asked for
    refused = run("evaluate", str(file), "--report", str(file))
    assert refused.returncode == 2
    assert "Name another folder" in refused.stderr.decode()


def test_what_the_index_was_made_from_is_shown() -> None:
    assert json.loads(run("index", "show", "--json").stdout)["counts"]["articles"] == 108


def test_the_shipped_content_has_no_problems() -> None:
    done = run("kb", "check")
    assert done.returncode == 0, done.stdout.decode()


def test_exported_and_imported_again_nothing_changes(tmp_path: Path) -> None:
    assert run("kb", "export", str(tmp_path / "out")).returncode == 0
    assert b"0 files would change" in run("kb", "import", str(tmp_path / "out"), "--plan").stdout
    assert run("kb", "export", str(tmp_path / "out")).returncode == 2


def test_a_setting_that_cannot_be_is_named() -> None:
    done = run("index", "show", KRUPIER_PORT="seventy")
    assert done.returncode == 2
    assert b"KRUPIER_PORT" in done.stderr


def test_a_port_in_use_is_told_before_anything_is_loaded() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", KRUPIER_PORT=str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert b"KRUPIER_PORT" in done.stderr
    assert b"Loading" not in done.stderr


def test_a_model_that_is_not_there_is_named() -> None:
    done = run("ask", "x", KRUPIER_MODEL="no-such-model")
    assert done.returncode == 2
    assert b"no-such-model" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["ask"], ["evaluate", "/nowhere.jsonl"]])
def test_a_call_that_lacks_something_says_what(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_the_first_account_comes_from_the_command_line(tmp_path: Path) -> None:
    where = {"KRUPIER_DATA": str(tmp_path)}
    account = ("staff", "add", "anna@example.com", "--name", "Anna", "--role", "manager", "--password-stdin")
    added = run(*account, stdin=b"correct horse battery\n", **where)
    assert added.stdout.decode() == "Anna (manager) signs in at /desk with anna@example.com.\n"
    twice = run(*account, stdin=b"correct horse battery\n", **where)
    assert twice.returncode == 2
    assert "already" in twice.stderr.decode()
    assert run("staff", "list", **where).stdout.decode() == "anna@example.com  Anna  manager\n"
    assert run("staff", "deactivate", "anna@example.com", **where).returncode == 0
    assert run("staff", "list", **where).stdout == b""


def test_the_demonstration_refuses_to_be_reached_from_elsewhere(tmp_path: Path) -> None:
    refused = run("serve", KRUPIER_DEMO="1", KRUPIER_HOST="0.0.0.0", KRUPIER_DATA=str(tmp_path))
    assert refused.returncode == 2
    assert "demonstration listens on" in refused.stderr.decode()
