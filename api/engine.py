"""The bot that is running: opened once, built first if no index fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.settings import Settings

if TYPE_CHECKING:
    from bot.bot import Bot
    from indexer.encoder import Encoder
    from indexer.manifest import Manifest
    from knowledge_base.reading import KnowledgeBase

Say = Callable[[str], None]


@dataclass(frozen=True)
class Engine:
    """A bot and the manifest of the index it was made from."""

    bot: Bot
    manifest: Manifest
    encoder: Encoder | None = None


def open_engine(settings: Settings, say: Say, stored: Callable[[], KnowledgeBase | None] = lambda: None) -> Engine:
    """Open the current index, or build one if there is none or it was made by another model; IndexerError otherwise.

    `stored` gives what the database has published, to build from; None where there are only files.
    """
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
        build(settings, say, stored())
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


def build(settings: Settings, say: Say, base: KnowledgeBase | None = None) -> Manifest:
    """Build and publish an index, everything fitted, of a knowledge base, by default the files'."""
    from indexer.build import BuildOptions, build_index
    from indexer.encoder import Encoder
    from knowledge_base.reading import read_knowledge_base

    base = base or read_knowledge_base(settings.knowledge_base)
    for problem in base.problems:
        say(f"Left out: {problem}")
    options = BuildOptions(settings.index_home, settings.wrong_answers_max)
    return build_index(base, Encoder(settings.model, settings.build_threads), options, stage_printer(say))


def stage_printer(say: Say) -> Callable[[str, int, int], None]:
    """Progress as a line a tenth of each stage, readable in a terminal and in a log alike."""
    last: dict[str, int] = {}

    def report(what: str, done: int, of: int) -> None:
        tenth = 10 if of == 0 else done * 10 // of
        if last.get(what) != tenth:
            last[what] = tenth
            say(f"  {what}: {done} of {of}")

    return report
