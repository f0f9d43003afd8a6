"""What a manager has typed, as hours; what is wrong with it goes beside the field, and what was typed stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from api.opening.hours import Channel, DayOut, Hours, Spans
from api.opening.typed import BadHoursError, read_spans
from api.opening.wording import spans_text
from api.text import tidy
from knowledge_base.article import Language

CAPACITY_MAX = 50
NOTE_MAX = 80
AHEAD_MAX = timedelta(days=2 * 366)  # further ahead a date is a slip of the finger
BOTH = "both"


@dataclass
class HoursForm:
    """A week's fields as typed, and the code of what is wrong with each."""

    typed: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, hours: Hours, language: Language) -> HoursForm:
        """Hours as they would be typed."""
        typed = {f"day{day}": spans_text(spans, language) for day, spans in enumerate(hours.week)}
        typed["holidays"] = "" if hours.on_holidays is None else spans_text(hours.on_holidays, language)
        typed["like_any_day"] = "yes" if hours.on_holidays is None else ""
        return cls(typed | {"capacity": str(hours.capacity)})

    def read(self) -> Hours | None:
        """The hours; None where something is wrong."""
        week = tuple(self._spans(f"day{day}") for day in range(7))
        on_holidays = None if self.typed.get("like_any_day") else self._spans("holidays")
        capacity = self.typed.get("capacity", "")
        if not (
            capacity.isascii() and capacity.isdigit() and len(capacity) <= 4 and 1 <= int(capacity) <= CAPACITY_MAX
        ):
            self.wrong["capacity"] = "capacity"
        return None if self.wrong else Hours(week, on_holidays, capacity=int(capacity))

    def _spans(self, name: str) -> Spans:
        try:
            return read_spans(self.typed.get(name, ""))
        except BadHoursError as error:
            self.wrong[name] = error.code
            return ()


@dataclass
class DayForm:
    """A date with hours of its own, as typed."""

    typed: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    def read(self, today: date) -> tuple[date, DayOut] | None:
        """The date and its hours; None where something is wrong."""
        day = self._day(today)
        try:
            spans = read_spans(self.typed.get("hours", ""))
        except BadHoursError as error:
            self.wrong["hours"] = error.code
        note = " ".join(tidy(self.typed.get("note", "")).split())
        if len(note) > NOTE_MAX:
            self.wrong["note"] = "note"
        return None if self.wrong or day is None else (day, DayOut(spans, note))

    def targets(self) -> list[tuple[Channel, Language]]:
        """For which channels and languages."""
        channels = [each for each in Channel if self.typed.get("channel") in {each.value, BOTH}]
        languages = [each for each in Language if self.typed.get("language") in {each.value, BOTH}]
        if not channels or not languages:
            self.wrong["channel"] = "channel"
        return [(channel, language) for channel in channels for language in languages]

    def _day(self, today: date) -> date | None:
        day = read_date(self.typed.get("date", ""))
        if day is None:
            self.wrong["date"] = "no_such_date"
        elif day < today:
            self.wrong["date"] = "past_date"
        elif day > today + AHEAD_MAX:
            self.wrong["date"] = "far_date"
        return day


def read_date(typed: str) -> date | None:
    """2026-12-24 as the browser sends it, 24.12.2026 as people type it; None for what no calendar has."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(typed.strip(), pattern).date()
        except ValueError:
            continue
    return None
