"""Every SQL statement about call-backs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.callbacks.values import OPEN, Attempt, Callback, CallOutcome, CallStatus
from api.conversations.values import Urgency
from api.database.tables import callback_attempts, callbacks, conversations, staff
from knowledge_base.article import Language

c = callbacks.c
CLOSED_SHOWN = 30


async def taken(connection: AsyncConnection, language: Language, since: datetime) -> list[tuple[datetime, int]]:
    """The places that are taken from a moment on."""
    found = select(c.slot_at, c.place).where(c.lang == language, c.slot_at >= since, c.place.is_not(None))
    return [(row.slot_at, row.place) for row in await connection.execute(found)]


async def add(connection: AsyncConnection, row: dict[str, Any]) -> int:
    """A new call-back's id; IntegrityError where its place was taken meanwhile."""
    return int((await connection.execute(insert(callbacks).values(row).returning(c.id))).scalar_one())


async def change(connection: AsyncConnection, callback_id: int, values: dict[str, Any]) -> None:
    """New values; IntegrityError where the new place was taken meanwhile."""
    await connection.execute(update(callbacks).where(c.id == callback_id).values(values))


async def by_id(connection: AsyncConnection, callback_id: int, *, lock: bool = False) -> Callback | None:
    """The call-back; locked, nobody else changes it before this transaction ends."""
    found = _select().where(c.id == callback_id)
    return await _one(connection, found.with_for_update(of=callbacks) if lock else found)


async def by_token(connection: AsyncConnection, token_hash: str, *, lock: bool = False) -> Callback | None:
    """The call-back that a secret link opens."""
    found = _select().where(c.token_hash == token_hash)
    return await _one(connection, found.with_for_update(of=callbacks) if lock else found)


async def open_of_conversation(connection: AsyncConnection, conversation_id: str) -> Callback | None:
    """The call-back that this conversation waits for."""
    return await _one(connection, _select().where(c.conversation_id == conversation_id, c.status.in_(OPEN)).limit(1))


async def open_of_number(connection: AsyncConnection, number: str) -> int:
    """How many calls this number waits for."""
    counted = select(func.count()).select_from(callbacks).where(c.number == number, c.status.in_(OPEN))
    return int((await connection.execute(counted)).scalar_one())


async def to_call(connection: AsyncConnection) -> list[Callback]:
    """Everybody who is to be called: a crisis first, then whoever is due soonest, so that the overdue are on top."""
    return await _all(connection, _select().where(c.status.in_(OPEN)).order_by(c.urgency.desc(), c.due_at, c.id))


async def due(connection: AsyncConnection, now: datetime) -> int:
    """How many are to be called now and nobody is calling."""
    counted = (
        select(func.count())
        .select_from(callbacks)
        .where(c.status == CallStatus.BOOKED, c.due_at <= now, c.staff_id.is_(None))
    )
    return int((await connection.execute(counted)).scalar_one())


async def lately_closed(connection: AsyncConnection) -> list[Callback]:
    """Those that were finished last."""
    found = _select().where(c.status.not_in(OPEN)).order_by(c.closed_at.desc(), c.id.desc())
    return await _all(connection, found.limit(CLOSED_SHOWN))


async def add_attempt(
    connection: AsyncConnection, callback_id: int, staff_id: int, at: datetime, outcome: CallOutcome, note: str,
    next_at: datetime | None,
) -> None:  # fmt: skip
    """How a try ended."""
    await connection.execute(
        insert(callback_attempts).values(
            callback_id=callback_id, staff_id=staff_id, at=at, outcome=outcome, note=note, next_at=next_at
        )
    )


async def attempts(connection: AsyncConnection, callback_id: int) -> list[Attempt]:
    """All tries, the first one first."""
    t = callback_attempts.c
    found = (
        select(callback_attempts, staff.c.name)
        .join(staff, staff.c.id == t.staff_id)
        .where(t.callback_id == callback_id)
        .order_by(t.id)
    )
    return [
        Attempt(row["name"], row["at"], CallOutcome(row["outcome"]), row["note"], row["next_at"])
        for row in (await connection.execute(found)).mappings()
    ]


def _select() -> Select[Any]:
    return (
        select(callbacks, staff.c.name.label("caller"), conversations.c.is_protected)
        .join(conversations, conversations.c.id == c.conversation_id)
        .outerjoin(staff, staff.c.id == c.staff_id)
    )


async def _one(connection: AsyncConnection, found: Select[Any]) -> Callback | None:
    row = (await connection.execute(found)).mappings().first()
    return _callback(row) if row else None


async def _all(connection: AsyncConnection, found: Select[Any]) -> list[Callback]:
    rows: Sequence[RowMapping] = (await connection.execute(found)).mappings().all()
    return [_callback(row) for row in rows]


def _callback(row: RowMapping) -> Callback:
    return Callback(
        row["id"], row["conversation_id"], Language(row["lang"]), row["number"], row["email"], row["topic"],
        row["slot_at"], row["slot_minutes"], row["due_at"], CallStatus(row["status"]), row["attempts"],
        row["sequence"], Urgency(row["urgency"]), row["staff_id"], row["caller"], row["created_at"],
        row["is_protected"],
    )  # fmt: skip
