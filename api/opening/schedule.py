"""Whether a channel is open at a moment, and when that changes next; pure: the moment is an argument."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from api.opening.hours import Hours, Spans
from api.opening.polish_holidays import holiday_name
from api.opening.wall_clock import day_changes, local, minute_of, moments

HORIZON_DAYS = 400  # somebody closed for longer than a year is closed for good


def spans_of(hours: Hours, day: date) -> Spans:
    """The hours of a date: its own, else those of holidays, else those of the weekday."""
    if day in hours.exceptions:
        return hours.exceptions[day].spans
    if hours.on_holidays is not None and holiday_name(day):
        return hours.on_holidays
    return hours.week[day.weekday()]


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether people are to be there at that moment."""
    minute = minute_of(at)
    return any(span.has(minute) for span in spans_of(hours, local(at).date()))


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """When it is open next: this very moment if it is open; None if it never opens again."""
    return at if is_open(hours, at) else _next_change(hours, at, opens=True)


def closing(hours: Hours, at: datetime) -> datetime | None:
    """When it closes next: this very moment if it is closed; None if it never closes."""
    return at if not is_open(hours, at) else _next_change(hours, at, opens=False)


def is_open_throughout(hours: Hours, begin: datetime, end: datetime) -> bool:
    """Whether it is open from one moment up to another without a break."""
    first, last = local(begin), local(end)
    if first.date() == last.date() and first.utcoffset() == last.utcoffset():
        opens, closes = minute_of(begin), minute_of(end)
        if any(span.has(opens) and closes < span.closes for span in spans_of(hours, first.date())):
            return True  # within one span of one day, as nearly always: no need to look for the next change
    if not is_open(hours, begin):
        return False
    change = closing(hours, begin)
    return change is None or change >= end


def open_spans(hours: Hours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """From when to when it is open on a date, as moments in UTC."""
    [begin], [end] = moments(day, 0), moments(day + timedelta(days=1), 0)
    at = next_opening(hours, begin)
    while at is not None and at < end:
        closes = closing(hours, at)
        until = end if closes is None else min(closes, end)
        yield at, until
        at = next_opening(hours, until)


def _next_change(hours: Hours, at: datetime, *, opens: bool) -> datetime | None:
    """Between two neighbouring edges the state is one and the same, so looking at the edges is enough."""
    day = local(at).date()
    for ahead in range(HORIZON_DAYS):
        for edge in sorted(_edges(hours, day + timedelta(days=ahead))):
            if edge > at and is_open(hours, edge) is opens:
                return edge
    return None


def _edges(hours: Hours, day: date) -> set[datetime]:
    """All moments of a date at which something may open or close."""
    minutes = {0} | {minute for span in spans_of(hours, day) for minute in (span.opens, span.closes)}
    return {at.astimezone(UTC) for minute in minutes for at in moments(day, minute)} | day_changes(day)
