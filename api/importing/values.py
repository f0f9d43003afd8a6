"""An import under way: what was read, what cannot be, and what it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from api.content.values import ArticleContent, Contents, Key
from knowledge_base.article import Language


class Source(StrEnum):
    """What is imported."""

    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"


class ImportState(StrEnum):
    """How far an import has come."""

    READING = "reading"
    PLANNED = "planned"  # read; waits for a yes
    SAVING = "saving"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self in {ImportState.PLANNED, ImportState.DONE, ImportState.FAILED}


class Kind(StrEnum):
    """What an import does to an entry."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    REMOVE = "remove"


@dataclass(frozen=True)
class RowError:
    """A row or file that cannot be taken over: which, what is wrong, and what to do."""

    row: int  # of the table, its head being row 1; 0 where a file as a whole is meant
    where: str  # the file
    code: str
    what: str
    todo: str


@dataclass(frozen=True)
class Piece:
    """A question and its answer as they were found, in no form of ours yet."""

    question: str
    answer: str
    category: str
    language: Language | None
    row: int
    where: str
    phrasings: tuple[str, ...] = ()
    name: str = ""  # the id that it has already


@dataclass(frozen=True)
class Read:
    """All that a source gave."""

    pieces: tuple[Piece, ...]
    errors: tuple[RowError, ...]
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Planned:
    """One entry of an import's plan."""

    kind: Kind
    key: Key
    content: Contents | None  # None for one that is removed
    base: int  # the version that it goes on top of; 0 for a new entry

    @property
    def title(self) -> str:
        """What a list shows."""
        if isinstance(self.content, ArticleContent):
            return next((text.title for text in self.content.texts.values()), self.key.name)
        return self.key.name


@dataclass(frozen=True)
class ImportJob:
    """One import, as it stands; a later state is a new value."""

    id: str
    name: str  # of the file
    source: Source
    state: ImportState = ImportState.READING
    done: int = 0
    of: int = 0
    plan: tuple[Planned, ...] = ()
    errors: tuple[RowError, ...] = ()
    encoding: str = ""
    error: str | None = None
    saved: tuple[Key, ...] = ()
    number: int = 0

    def counted(self, kind: Kind) -> int:
        """How many entries the plan does so to."""
        return sum(each.kind is kind for each in self.plan)


Files = Mapping[str, bytes]  # a path inside a folder -> what the file holds
Plan = Sequence[Planned]
