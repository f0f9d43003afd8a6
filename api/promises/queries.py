"""Every SQL statement about promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.queries import all_of, select_conversations
from api.conversations.values import Channel, Conversation, Status
from api.database.tables import conversations, promises, staff
from api.promises.values import Ending, Promise, Stage


async def add(connection: AsyncConnection, conversation: Conversation, started_at: datetime, due_at: datetime) -> None:
    """A promise that runs."""
    row = {
        "conversation_id": conversation.id, "channel": conversation.channel, "started_at": started_at,
        "due_at": due_at, "stage": Stage.RUNNING,
    }  # fmt: skip
    await connection.execute(insert(promises).values(row))


async def end(
    connection: AsyncConnection, conversation_id: str, at: datetime, by: Ending, staff_id: int | None
) -> None:
    """The conversation's running promise has ended."""
    await connection.execute(
        update(promises)
        .where(promises.c.conversation_id == conversation_id, promises.c.ended_at.is_(None))
        .values(ended_at=at, ended_by=by, staff_id=staff_id)
    )


async def advance(connection: AsyncConnection, conversation_id: str, stage: Stage) -> None:
    """The running promise has come so far."""
    await connection.execute(
        update(promises)
        .where(promises.c.conversation_id == conversation_id, promises.c.ended_at.is_(None))
        .values(stage=stage)
    )


async def due(connection: AsyncConnection, before: datetime, stage: Stage) -> Sequence[Conversation]:
    """Open conversations whose promise runs out before a moment and has not come to a stage yet."""
    c = conversations.c
    found = select_conversations().where(c.due_stage < stage, c.due_at <= before, c.status != Status.CLOSED)
    return await all_of(connection, found.order_by(c.due_at).limit(200))


async def since(connection: AsyncConnection, start: datetime, limit: int) -> list[Promise]:
    """Promises made since a moment, the newest first."""
    p = promises.c
    found = (
        select(p.conversation_id, p.channel, p.started_at, p.due_at, p.ended_at, p.ended_by, staff.c.name)
        .select_from(promises.outerjoin(staff, staff.c.id == p.staff_id))
        .where(p.started_at >= start)
        .order_by(p.started_at.desc(), p.id.desc())
        .limit(limit)
    )
    return [
        Promise(row[0], Channel(row[1]), row[2], row[3], row[4], Ending(row[5]) if row[5] else None, row[6])
        for row in await connection.execute(found)
    ]
