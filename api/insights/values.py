"""What is counted, and a report of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Figure(StrEnum):
    """What is counted; its definition stands beside it on the page."""

    CONVERSATIONS = "conversations"
    SPOKEN = "spoken"
    ANSWERED = "answered"
    HELPED = "helped"
    NOT_HELPED = "not_helped"
    WRONG = "wrong"
    ESCALATED = "escalated"
    SHOWN = "shown"
    ACCEPTED = "accepted"
    EDITED = "edited"
    DISMISSED = "dismissed"
    FIRST_REPLY = "first_reply"
    REPLY_GAP = "reply_gap"
    READ_HELPED = "read_helped"
    READ_NOT_HELPED = "read_not_helped"
    LETTERS = "letters"
    LETTERS_KEPT = "letters_kept"
    CALLS = "calls"
    CALLS_KEPT = "calls_kept"


DURATIONS = frozenset({Figure.FIRST_REPLY, Figure.REPLY_GAP})  # in milliseconds; of many the median is shown
SHARE_OF: Mapping[Figure, tuple[Figure, ...]] = {
    Figure.ANSWERED: (Figure.SPOKEN,),
    Figure.HELPED: (Figure.HELPED, Figure.NOT_HELPED),
    Figure.NOT_HELPED: (Figure.HELPED, Figure.NOT_HELPED),
    Figure.WRONG: (Figure.ANSWERED,),
    Figure.ACCEPTED: (Figure.SHOWN,),
    Figure.EDITED: (Figure.SHOWN,),
    Figure.DISMISSED: (Figure.SHOWN,),
    Figure.READ_HELPED: (Figure.READ_HELPED, Figure.READ_NOT_HELPED),
    Figure.READ_NOT_HELPED: (Figure.READ_HELPED, Figure.READ_NOT_HELPED),
    Figure.LETTERS_KEPT: (Figure.LETTERS,),
    Figure.CALLS_KEPT: (Figure.CALLS,),
}


@dataclass(frozen=True)
class Observation:
    """So many of a figure in an hour; or one duration, with its milliseconds as `value`."""

    figure: Figure
    at: datetime
    lang: str
    article: str | None
    value: float
    reason: str | None = None


@dataclass(frozen=True)
class Range:
    """Days, both included, as the casino's clock has them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Line:
    """A figure in the range and in the period of the same length before it; None where there is nothing to say."""

    figure: Figure
    value: float | None
    before: float | None
    share: float | None
    share_before: float | None
    series: Sequence[float | None]

    @property
    def is_duration(self) -> bool:
        """Whether the value is milliseconds."""
        return self.figure in DURATIONS


@dataclass(frozen=True)
class Row:
    """All figures of one language, article, day or hour."""

    name: str
    values: Mapping[Figure, float | None]


@dataclass(frozen=True)
class Report:
    """Everything the page shows."""

    lines: Sequence[Line]
    labels: Sequence[str]  # of the series: days as ISO dates, or hours 0 to 23
    reasons: Sequence[tuple[str, int, int]]  # reason, now, before
    languages: Sequence[Row]
    articles: Sequence[Row]
    buckets: Sequence[Row]
