"""The hours of one channel in one language, as minutes of the wall clock in Poland."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

DAY_MINUTES = 24 * 60
CAPACITY = 2  # call-backs in one slot, until a manager says otherwise: what two consultants can do


class Channel(StrEnum):
    """What has hours; e-mail and the form are there day and night."""

    CHAT = "chat"
    PHONE = "phone"


@dataclass(frozen=True, order=True)
class Span:
    """From one minute of the day up to another; the last one, 24:00, is 1440."""

    opens: int
    closes: int

    def has(self, minute: int) -> bool:
        """Whether the minute lies in it."""
        return self.opens <= minute < self.closes


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class DayOut:
    """A date with hours of its own, none where it is closed, and why."""

    spans: Spans
    note: str = ""


@dataclass(frozen=True)
class Hours:
    """A week from Monday on, what holds on public holidays (None: as on any day), and dates with hours of their own."""

    week: tuple[Spans, ...]
    on_holidays: Spans | None
    exceptions: Mapping[date, DayOut] = field(default_factory=dict)
    capacity: int = CAPACITY

    def with_exception(self, day: date, day_out: DayOut | None) -> Hours:
        """The same with a date's own hours, or without them."""
        kept = {each: found for each, found in self.exceptions.items() if each != day}
        return replace(self, exceptions=kept if day_out is None else kept | {day: day_out})

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "week": [_listed(spans) for spans in self.week],
            "on_holidays": None if self.on_holidays is None else _listed(self.on_holidays),
            "exceptions": {
                day.isoformat(): {"spans": _listed(each.spans), "note": each.note}
                for day, each in sorted(self.exceptions.items())
            },
            "capacity": self.capacity,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Hours:
        """What `to_json` made."""
        return cls(
            tuple(_spans(each) for each in stored["week"]),
            None if stored["on_holidays"] is None else _spans(stored["on_holidays"]),
            {
                date.fromisoformat(day): DayOut(_spans(each["spans"]), each["note"])
                for day, each in stored["exceptions"].items()
            },
            stored["capacity"],
        )


def _listed(spans: Spans) -> list[list[int]]:
    return [[each.opens, each.closes] for each in spans]


def _spans(listed: Sequence[Sequence[int]]) -> Spans:
    return tuple(Span(opens, closes) for opens, closes in listed)
