"""The process that builds: apart from the one that answers, so that neither a long build nor its death is felt there.

It is told what to do by pickled tuples over a pipe and answers the same way: any number of ("progress", what, done,
of), then one ("done", result) or ("failed", reason). It ends when the other end of the pipe closes.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from api.content.checking import all_problems, new_against
from api.publishing.sights import look
from api.publishing.values import Report, Sight, report_of
from knowledge_base.article import Problem
from knowledge_base.reading import KnowledgeBase

NICE = 5  # answers come before building
DRAFTS_KEPT = 3  # indexes that somebody tries questions on


@dataclass(frozen=True)
class Order:
    """Where the builder works, and with what."""

    home: Path
    model: str
    threads: int
    wrong_max: float


@dataclass(frozen=True)
class Named:
    """A knowledge base and the name of the state that it is in."""

    name: str
    content: KnowledgeBase


@dataclass(frozen=True)
class Checked(Named):
    """The same with all that is wrong with it."""

    problems: Sequence[Problem]


@dataclass(frozen=True)
class Built:
    """An index that lies beside the published one, and what the gate says of it."""

    version: str
    report: Report


def work(connection: Connection, order: Order) -> None:
    """Do what is asked for until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the service, which then closes the pipe
    os.nice(NICE)
    bench: Bench | None = None
    while True:
        try:
            command, *arguments = connection.recv()
        except EOFError:
            return
        try:
            bench = bench or Bench(connection, order)
            connection.send(("done", getattr(bench, command)(*arguments)))
        except (BrokenPipeError, ConnectionResetError):
            return
        except Exception as error:  # whatever it was: the service goes on with the index it has, and says why
            connection.send(("failed", f"{error}" or type(error).__name__))


class Bench:
    """What the builder can do; each method is a command."""

    def __init__(self, connection: Connection, order: Order) -> None:
        from indexer.build import BuildOptions, Made, Workshop
        from indexer.encoder import Encoder

        self._connection = connection
        self._home = order.home
        self._progress("Loading the language model", 0, 1)
        self._workshop = Workshop(Encoder(order.model, order.threads), BuildOptions(order.home, order.wrong_max))
        self._made: Made | None = None
        self._drafts: dict[str, Any] = {}
        self._live: Checked | None = None
        self._candidate: Checked | None = None

    def warm(self, live: Named) -> None:
        """Make everything ready that the next build needs."""
        self._workshop.open()
        self._live = self._checked(live)
        self._workshop.warm(live.content, self._progress)

    def knows(self, name: str) -> bool:
        """Whether what is published now need not be sent again."""
        return self._live is not None and self._live.name == name

    def build(self, live: Named | None, candidate: Named, is_full: bool) -> Built:
        """Write an index of the candidate beside the published one and hold it against that."""
        self._progress("Checking the content", 0, 1)
        if live is not None:
            self._live = self._checked(live)
        if self._live is None:
            raise ValueError("it was not said what is published now")
        before, self._candidate = self._live, self._checked(candidate)
        problems = new_against(before.problems, before.content, candidate.content, self._candidate.problems)
        self._workshop.open()
        made = self._workshop.make(candidate.content, self._progress, is_full=is_full)
        self._progress("Writing", 0, 1)
        manifest = self._workshop.write(made)
        self._made = replace(made, manifest=manifest)
        former = self._workshop.former.manifest.version if self._workshop.former else ""
        report = report_of(made.gate, problems, _without_ids(made.manifest.fit))
        return Built(manifest.version, replace(report, seconds=made.seconds, former_index=former))

    def keep(self, version: str) -> None:
        """What was built has been published."""
        from indexer.published_index import point_to

        point_to(self._home, version)
        if self._made is not None and self._made.manifest.version == version:
            self._workshop.start_from(self._made, self._made.manifest)
            self._live = self._candidate
        self._made = None
        self._drafts.clear()

    def drop(self, version: str) -> None:
        """What was built will not be published."""
        self._made = None
        shutil.rmtree(self._home / version, ignore_errors=True)

    def tidy(self) -> None:
        """What can wait until nobody waits."""
        self._workshop.tidy()

    def look(self, name: str, candidate: KnowledgeBase | None, text: str) -> Sight | None:
        """How the candidate would answer; None if it is not known here and was not sent along."""
        from indexer.assembly import assemble_bot

        if name not in self._drafts:
            if candidate is None:
                return None
            self._workshop.open()
            index = self._workshop.draft(candidate, self._progress)
            self._drafts[name] = assemble_bot(index, self._workshop.encoder)
            for old in list(self._drafts)[:-DRAFTS_KEPT]:
                del self._drafts[old]
        return look(self._drafts[name], text)

    @staticmethod
    def _checked(named: Named) -> Checked:
        return Checked(named.name, named.content, all_problems(named.content, date.today()))

    def _progress(self, what: str, done: int, of: int) -> None:
        self._connection.send(("progress", what, done, of))


def _without_ids(fit: Mapping[str, Any]) -> dict[str, Any]:
    """A fit record as it is shown."""
    return {name: value for name, value in fit.items() if name not in {"inputs", "changed_since"}}
