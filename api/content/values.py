"""What the editors' room is made of, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from knowledge_base.article import Language, RiskClass
from knowledge_base.facts import type_of_value
from knowledge_base.reading import KnowledgeBase


class EntryKind(StrEnum):
    """What has versions."""

    ARTICLE = "article"
    FACT = "fact"


class Status(StrEnum):
    """Where the newest version of an entry stands."""

    DRAFT = "draft"
    REVIEW = "review"  # handed in; a second editor looks at it
    APPROVED = "approved"  # ready to be published
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Step(StrEnum):
    """What can become of a version after it was written."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    PUBLISHED = "published"


class Origin(StrEnum):
    """Where a version comes from."""

    SEED = "seed"
    EDITOR = "editor"
    RESTORED = "restored"
    IMPORT = "import"
    LEARNING = "learning"


@dataclass(frozen=True, order=True)
class Key:
    """The name of an entry, e.g. 'article/withdrawal-time'."""

    kind: EntryKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind.value}/{self.name}"

    @classmethod
    def of(cls, text: str) -> Key:
        """The reverse of str(); ValueError for anything else."""
        kind, _, name = text.partition("/")
        return cls(EntryKind(kind), name)


def article_key(article_id: str) -> Key:
    """The key of an article."""
    return Key(EntryKind.ARTICLE, article_id)


def fact_key(name: str) -> Key:
    """The key of a fact."""
    return Key(EntryKind.FACT, name)


@dataclass(frozen=True)
class TextContent:
    """An article in one language, finished or not."""

    title: str
    body: str
    phrasings: tuple[str, ...]
    reviewed: date
    review_by: date


@dataclass(frozen=True)
class ArticleContent:
    """All that an editor writes of an article; a draft may lack a language."""

    category: str
    risk: RiskClass
    owner: str
    related: tuple[str, ...]
    texts: Mapping[Language, TextContent]


@dataclass(frozen=True)
class FactContent:
    """All that an editor writes of a fact."""

    value: type_of_value
    unit: str
    source: str
    checked: date


Contents = ArticleContent | FactContent


@dataclass(frozen=True)
class Version:
    """One state of an entry; never changed once it is kept."""

    key: Key
    number: int
    content: Contents
    is_archived: bool
    author_id: int | None
    author_name: str | None
    origin: Origin
    note: str
    created_at: datetime


@dataclass(frozen=True)
class StepTaken:
    """What somebody decided about a version, and when."""

    number: int
    step: Step
    staff_id: int | None
    staff_name: str | None
    note: str
    at: datetime


@dataclass(frozen=True)
class Head:
    """An entry as a list shows it: how its newest version stands, and which one players get."""

    key: Key
    head: int
    published: int | None
    status: Status
    is_archived: bool
    summary: Mapping[str, Any]
    changed_at: datetime

    @property
    def has_draft(self) -> bool:
        """Whether there is something newer than what players get."""
        return self.status in {Status.DRAFT, Status.REVIEW, Status.APPROVED}


@dataclass(frozen=True)
class WorkingCopy:
    """What somebody has typed and not kept as a version yet."""

    staff_id: int
    staff_name: str
    base: int
    fields: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True)
class VersionChange:
    """What a release changes of an entry; None before it is new, None after it is gone."""

    key: Key
    before: int | None
    after: int | None
    chosen: int  # the version that brings the change; an archived one takes the entry away


@dataclass(frozen=True)
class Candidate:
    """Everything that players would get: which version of each entry, and the knowledge base made of them."""

    knowledge_base: KnowledgeBase
    versions: Mapping[str, int]
    changes: tuple[VersionChange, ...] = ()
    former_release: int = 0


@dataclass(frozen=True)
class Release:
    """What players got from a moment on."""

    id: int
    versions: Mapping[str, int]
    changes: tuple[VersionChange, ...]
    index_version: str
    former_id: int | None
    staff_id: int | None
    staff_name: str | None
    reason: str | None
    report: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
