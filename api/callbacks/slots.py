"""At which times players may be called: whole slots inside the phone's hours, soon enough, not too far ahead. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.callbacks.values import Rules
from api.opening.hours import Hours
from api.opening.polish_holidays import holiday_name
from api.opening.schedule import is_open_throughout, next_opening, open_spans
from api.opening.wall_clock import local, minute_of
from api.opening.wording import clock, on_day
from knowledge_base.article import Language
from knowledge_base.facts import Fact

LEAD = timedelta(minutes=15)  # sooner nobody could look into the matter before calling
WORKING_DAYS = 5


@dataclass(frozen=True)
class SlotDay:
    """A day's free times."""

    day: date
    label: str
    slots: list[tuple[datetime, str]]


def rules_of(facts: Mapping[str, Fact]) -> Rules | None:
    """What the articles promise; None where a fact is missing, so that nothing is offered that nobody has promised."""
    values = [facts[n].value for n in ("callback_slot", "callback_attempts", "callback_days_ahead") if n in facts]
    minutes, attempts, days = values if len(values) == 3 else (None, None, None)
    if not isinstance(minutes, int) or not isinstance(attempts, int) or not isinstance(days, int):
        return None
    return Rules(minutes, attempts, days)


def slots(hours: Hours, rules: Rules, now: datetime) -> Iterator[datetime]:
    """All times that may be booked, taken or not, the earliest first."""
    length = timedelta(minutes=rules.slot_minutes)
    today = local(now).date()
    for ahead in range((last_day(today, rules.days_ahead) - today).days + 1):
        for opens, closes in open_spans(hours, today + timedelta(days=ahead)):
            at = opens
            while at + length <= closes:
                if at >= now + LEAD:
                    yield at
                at += length


def last_day(today: date, business_days: int) -> date:
    """The last day that is at most so many business days ahead."""
    day, left = today, business_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < WORKING_DAYS and holiday_name(day) is None
    return day


def next_try(hours: Hours, rules: Rules, now: datetime) -> datetime | None:
    """When to try again after nobody answered: a slot later, or when the phone opens next."""
    later = now + timedelta(minutes=rules.slot_minutes)
    return later if is_open_throughout(hours, now, later) else next_opening(hours, later)


def by_day(free: list[datetime], rules: Rules, now: datetime, language: Language) -> list[SlotDay]:
    """Free times under their days, in words."""
    today, found = local(now).date(), dict[date, list[tuple[datetime, str]]]()
    for at in free:
        found.setdefault(local(at).date(), []).append((at, slot_text(at, rules.slot_minutes)))
    return [SlotDay(day, on_day(day, today, language), times) for day, times in found.items()]


def slot_text(at: datetime, minutes: int) -> str:
    """E.g. 10:00–10:30, by the clock in Poland."""
    begin = minute_of(at)
    return f"{clock(begin)}–{clock(begin + minutes)}"
