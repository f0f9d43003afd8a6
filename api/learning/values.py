"""A question that found no good answer, and a group of those that mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """How we know that a question found no good answer."""

    ESCALATED = "escalated"  # the bot handed over because no article answers it
    UNHELPFUL = "unhelpful"  # the player said that the bot's answer did not help
    ANSWERED_OTHERWISE = "answered_otherwise"  # a consultant sent another article than the bot had
    NOT_FOUND = "not_found"  # a search in the help centre found nothing
    MISSED = "missed"  # a reader of an article wrote what was missing
    FLAGGED = "flagged"  # a consultant said so from the desk
    ACCEPTED = "accepted"  # not in vain: a draft was sent, so that these words may be a phrasing of its article


GROUPED = (Source.ESCALATED, Source.UNHELPFUL, Source.ANSWERED_OTHERWISE, Source.NOT_FOUND, Source.MISSED)
GATHERED = (Source.ESCALATED, Source.UNHELPFUL, Source.ANSWERED_OTHERWISE, Source.ACCEPTED)


class State(StrEnum):
    """What editors made of it."""

    OPEN = "open"
    PHRASED = "phrased"  # added to an article as a phrasing
    STARTED = "started"  # a new article was begun from it
    SET_ASIDE = "set_aside"  # not ours
    DONE = "done"  # a flag that was dealt with


@dataclass(frozen=True)
class NewQuestion:
    """What is to be kept; the text is masked already."""

    source: Source
    text: str
    lang: str
    at: datetime
    conversation_id: str | None = None
    number: int | None = None
    reason: str | None = None
    articles: Sequence[str] = ()
    answered_with: str | None = None
    note: str = ""
    staff_id: int | None = None


@dataclass(frozen=True)
class OpenQuestion:
    """What is kept."""

    id: int
    source: Source
    text: str
    lang: str
    at: datetime
    conversation_id: str | None
    number: int | None
    reason: str | None
    articles: Sequence[str]
    answered_with: str | None
    note: str
    state: State
    flagged_by: str | None = None


@dataclass(frozen=True)
class Near:
    """An article that lies near a group."""

    id: str
    title: str
    phrasing: str
    similarity: float


@dataclass(frozen=True)
class Group:
    """Questions that mean the same, the most typical first."""

    questions: Sequence[OpenQuestion]
    recent: int  # in the last so many days
    before: int  # in as many days before those
    weeks: Sequence[int] = ()  # how many in each of the last weeks, oldest first
    near: Sequence[Near] = ()

    @property
    def ids(self) -> list[int]:
        """Of all its questions."""
        return [question.id for question in self.questions]

    @property
    def lang(self) -> str:
        """The language most of them are in."""
        langs = [question.lang for question in self.questions]
        return max(sorted(set(langs)), key=langs.count)

    def count_of(self, source: Source) -> int:
        """How many are of a source."""
        return sum(question.source is source for question in self.questions)


@dataclass(frozen=True)
class Groups:
    """What the page of questions shows."""

    groups: Sequence[Group]
    set_aside: Sequence[Group]
    waiting: int  # questions that are not read yet


@dataclass(frozen=True)
class Idea:
    """A player's words that a consultant answered with an article; perhaps a phrasing of it."""

    question: OpenQuestion
    near: Near | None  # the phrasing nearest to it, of whichever article

    @property
    def is_nearer_to_another(self) -> bool:
        """Whether an editor should look twice."""
        return self.near is not None and self.near.id != self.question.answered_with


@dataclass(frozen=True)
class Flag:
    """What a consultant flagged, with the conversation's masked words around it."""

    question: OpenQuestion
    lines: Sequence[tuple[str, str]]  # who, what
