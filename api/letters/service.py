"""What the page tells, gathered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.chat import Chat
from api.mail.values import OutgoingStatus
from api.promises.report import Counted, counted, missed
from api.promises.values import Promise

MISSED_SHOWN = 50
TROUBLED_SHOWN = 50


@dataclass(frozen=True)
class Report:
    """Rows by channel, by person and by week, what was missed, and how mail is doing."""

    now: datetime
    by_channel: list[Counted]
    by_person: list[Counted]
    by_week: list[Counted]
    missed: list[Promise]
    mail: dict[str, Any]


async def report(chat: Chat, days: int) -> Report:
    """Of the last so many days."""
    now, promises = await chat.promises.report(days)
    weeks = counted(promises, now, _week)
    return Report(
        now,
        counted(promises, now, lambda promise: promise.channel.value),
        counted(promises, now, lambda promise: promise.staff),
        sorted(weeks, key=lambda row: row.of, reverse=True),
        missed(promises, now)[:MISSED_SHOWN],
        await chat.mail.state(now - timedelta(days=days), TROUBLED_SHOWN),
    )


def waiting(outgoing: dict[str, int]) -> int:
    """Letters that have not left yet."""
    return sum(outgoing.get(s, 0) for s in (OutgoingStatus.QUEUED, OutgoingStatus.SENDING, OutgoingStatus.UNCERTAIN))


def _week(promise: Promise) -> str:
    """The Monday of its week, as a date."""
    day = promise.started_at.date()
    return (day - timedelta(days=day.weekday())).isoformat()
