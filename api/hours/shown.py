"""The hours as the manager's page shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.hours.forms import HoursForm
from api.opening.differences import differences
from api.opening.hours import Channel, Hours
from api.opening.polish_holidays import holiday_name
from api.opening.queries import OpeningChange
from api.opening.schedule import closing, is_open, next_opening
from api.opening.service import Kept
from api.opening.wall_clock import local
from api.opening.wording import spans_text, until, week_lines, weekday, when
from knowledge_base.article import Language

HOLIDAYS_AHEAD = 200  # days: the next half-year and a little


@dataclass(frozen=True)
class Card:
    """One channel in one language."""

    channel: Channel
    language: Language
    version: int
    form: HoursForm
    lines: list[str]
    is_open: bool
    changes_at: str | None  # in words
    articles_say: list[str]  # where they say something else


@dataclass(frozen=True)
class OwnDay:
    """A date with hours of its own."""

    channel: Channel
    language: Language
    day: date
    hours: str
    note: str


@dataclass(frozen=True)
class HoursPage:
    """All that the template asks for."""

    defaults: Mapping[Channel, Hours]
    kept: Mapping[tuple[Channel, Language], Kept]
    changed: Sequence[OpeningChange]
    language: Language
    now: datetime
    forms: Mapping[tuple[Channel, Language], HoursForm]

    @property
    def weekdays(self) -> list[str]:
        """Monday to Sunday."""
        return [weekday(day, self.language) for day in range(7)]

    @property
    def today(self) -> date:
        """By the clock in Poland."""
        return local(self.now).date()

    def cards(self) -> Iterator[Card]:
        """Every channel in every language; a form that was refused keeps what was typed in it."""
        for key, kept in self.kept.items():
            hours, usual = kept.hours, self.defaults[key[0]]
            open_now = is_open(hours, self.now)
            change = closing(hours, self.now) if open_now else next_opening(hours, self.now)
            differs = (hours.week, hours.on_holidays) != (usual.week, usual.on_holidays)
            yield Card(
                *key, kept.version, self.forms.get(key) or HoursForm.of(hours, self.language),
                week_lines(hours, self.language), open_now,
                (until if open_now else when)(change, self.now, self.language) if change else None,
                week_lines(usual, self.language) if differs else [],
            )  # fmt: skip

    def own_days(self) -> list[OwnDay]:
        """From today on, in order."""
        found = [
            OwnDay(channel, language, day, spans_text(out.spans, self.language), out.note)
            for (channel, language), kept in self.kept.items()
            for day, out in kept.hours.exceptions.items()
            if day >= self.today
        ]
        return sorted(found, key=lambda each: (each.day, each.channel, each.language))

    def holidays(self) -> list[tuple[date, str]]:
        """The public holidays to come."""
        ahead = (self.today + timedelta(days=n) for n in range(HOLIDAYS_AHEAD))
        return [(day, name) for day in ahead if (name := holiday_name(day, self.language))]

    def changes(self, texts: Mapping[str, str]) -> list[tuple[OpeningChange, datetime, list[str]]]:
        """Who changed what, newest first, at what time by the clock in Poland."""
        return [
            (each, local(each.at), differences(each.before, each.after, texts, self.language)) for each in self.changed
        ]
