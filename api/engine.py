"""The bot that is running: opened once, built first if no index fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.settings import Settings

if TYPE_CHECKING:
    from bot.bot import Bot
    from indexer.encoder import Encoder
    from indexer.gate import GateReport
    from indexer.manifest import Manifest

Say = Callable[[str], None]


@dataclass(frozen=True)
class Engine:
    """A bot and the manifest of the index it was made from."""

    bot: Bot
    manifest: Manifest
    encoder: Encoder | None = None


def open_engine(settings: Settings, say: Say) -> Engine:
    """Open the current index, or build one if there is none or it was made by another model; IndexerError otherwise."""
    say("Loading the language model ...")
    from indexer.assembly import assemble_bot
    from indexer.encoder import Encoder
    from indexer.errors import IndexMismatchError, IndexMissingError
    from indexer.published_index import open_index

    encoder = Encoder(settings.model, settings.threads)
    try:
        index, manifest = open_index(settings.index_home, encoder)
    except (IndexMissingError, IndexMismatchError) as error:
        say(f"{error}")
        say("Building the index now, once; this takes a minute or two ...")
        build(settings, say)
        index, manifest = open_index(settings.index_home, encoder)
    return Engine(assemble_bot(index, encoder), manifest, encoder)


def open_version(settings: Settings, version: str, like: Engine) -> Engine:
    """The engine of one index version, with the language model that another engine has loaded; IndexerError if none."""
    from indexer.assembly import assemble_bot
    from indexer.encoder import Encoder
    from indexer.published_index import open_index

    encoder = getattr(like, "encoder", None) or Encoder(settings.model, settings.threads)
    index, manifest = open_index(settings.index_home, encoder, version)
    bot = assemble_bot(index, encoder)
    bot.retriever.retrieve("wypłata")  # what is prepared at the first question is prepared now, before anybody waits
    return Engine(bot, manifest, encoder)


def build(settings: Settings, say: Say) -> Manifest:
    """Build and publish an index, everything fitted, of what the database has published, else of the files."""
    return build_judged(settings, say, is_judged=False)[0]


def build_judged(
    settings: Settings, say: Say, *, is_full: bool = True, is_judged: bool = True
) -> tuple[Manifest, GateReport | None]:
    """The same with what the gate says of it against the former index; not `is_full`: what may be kept is kept."""
    from api.stored import is_stored, published, record_index
    from indexer.build import BuildOptions, Workshop
    from indexer.encoder import Encoder
    from knowledge_base.reading import read_knowledge_base

    candidate = published(settings) if is_stored(settings) else None
    if candidate is not None:
        say("Building what the database has published; files come in by: krupier kb import")
    base = candidate.knowledge_base if candidate else read_knowledge_base(settings.knowledge_base)
    for problem in base.problems:
        say(f"Left out: {problem}")
    options = BuildOptions(settings.index_home, settings.wrong_answers_max)
    workshop = Workshop(Encoder(settings.model, settings.build_threads), options)
    if is_judged or not is_full:
        workshop.open()
    made = workshop.make(base, stage_printer(say), is_full=is_full, is_judged=is_judged)
    workshop.tidy()
    manifest = workshop.write(made, is_current=True)
    if candidate is not None:
        record_index(settings, candidate, manifest.version, made.gate, manifest.fit)
    return manifest, made.gate


def stage_printer(say: Say) -> Callable[[str, int, int], None]:
    """Progress as a line a tenth of each stage, readable in a terminal and in a log alike."""
    last: dict[str, int] = {}

    def report(what: str, done: int, of: int) -> None:
        tenth = 10 if of == 0 else done * 10 // of
        if last.get(what) != tenth:
            last[what] = tenth
            say(f"  {what}: {done} of {of}")

    return report
