"""What was promised and kept: answers to letters in time, calls in their slot. Few rows, so each is looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.tables import callback_attempts, callbacks, conversations, promises
from api.insights.values import Figure, Observation
from api.promises.values import Ending

CANCELLED = "cancelled"  # by the player: nothing was to be kept


async def kept(connection: AsyncConnection, since: datetime, before: datetime, now: datetime) -> list[Observation]:
    """Promises that are decided, and those of them that were kept."""
    return [*await _letters(connection, since, before, now), *await _calls(connection, since, before, now)]


async def _letters(connection: AsyncConnection, since: datetime, before: datetime, now: datetime) -> list[Observation]:
    """Counted when the letter came; what was closed without an answer was no question, what still runs is open."""
    p, c = promises.c, conversations.c
    found = (
        select(p.started_at, p.due_at, p.ended_at, p.ended_by, c.lang)
        .select_from(promises.join(conversations, c.id == p.conversation_id))
        .where(p.started_at >= since, p.started_at < before)
    )
    observed = []
    for row in await connection.execute(found):
        is_answered = row.ended_by == Ending.ANSWER
        if is_answered or (row.ended_at is None and row.due_at < now):
            observed.append(Observation(Figure.LETTERS, row.started_at, row.lang, None, 1))
        if is_answered and row.ended_at <= row.due_at:
            observed.append(Observation(Figure.LETTERS_KEPT, row.started_at, row.lang, None, 1))
    return observed


async def _calls(connection: AsyncConnection, since: datetime, before: datetime, now: datetime) -> list[Observation]:
    """Counted when the slot was; kept is a call that was tried before the slot ended."""
    b, a = callbacks.c, callback_attempts.c
    first = select(func.min(a.at)).where(a.callback_id == b.id).scalar_subquery()
    found = select(b.slot_at, b.slot_minutes, b.lang, first.label("first_at")).where(
        b.slot_at >= since, b.slot_at < before, b.status != CANCELLED
    )
    observed = []
    for row in await connection.execute(found):
        ends_at = row.slot_at + timedelta(minutes=row.slot_minutes)
        is_kept = row.first_at is not None and row.first_at < ends_at
        if is_kept or ends_at <= now:
            observed.append(Observation(Figure.CALLS, row.slot_at, row.lang, None, 1))
        if is_kept:
            observed.append(Observation(Figure.CALLS_KEPT, row.slot_at, row.lang, None, 1))
    return observed
