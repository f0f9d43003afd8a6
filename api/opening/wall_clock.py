"""Moments and the wall clock in Poland, on both days of the year when it is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")
_MINUTE = timedelta(minutes=1)


def local(at: datetime) -> datetime:
    """The moment on the wall clock in Poland."""
    return at.astimezone(WARSAW)


def minute_of(at: datetime) -> int:
    """The minute of the day that the wall clock shows."""
    shown = local(at)
    return shown.hour * 60 + shown.minute


def moments(day: date, minute: int) -> set[datetime]:
    """When the wall clock shows this minute of the day: once, twice in an October night, never in a March one.

    Where it shows it never, the moment at which it jumps over it; that is when what begins in the gap begins.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    found = {wall.replace(tzinfo=WARSAW, fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = {at for at in found if local(at).replace(tzinfo=None) == wall}
    return shown or {_jump(max(found))}


def _jump(after: datetime) -> datetime:
    """The moment at which the clock was last changed before this one."""
    offset = local(after).utcoffset()
    while local(after - _MINUTE).utcoffset() == offset:
        after -= _MINUTE
    return after


def day_changes(day: date) -> set[datetime]:
    """When the clock is changed on this day, if it is."""
    [begin], [end] = moments(day, 0), moments(day + timedelta(days=1), 0)
    return {_jump(end)} if local(begin).utcoffset() != local(end).utcoffset() else set()
