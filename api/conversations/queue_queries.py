"""Every SQL statement about how long the queue is and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.queries import all_of, select_conversations
from api.conversations.values import Channel, Conversation, Status, Urgency
from api.database.tables import conversations, reply_times
from knowledge_base.article import Language

c = conversations.c


async def ahead(connection: AsyncConnection, conversation_id: str, urgency: Urgency) -> int:
    """How many others wait that are at least as urgent."""
    waiting = (
        select(func.count())
        .select_from(conversations)
        .where(c.status == Status.WAITING, c.urgency >= urgency, c.id != conversation_id)
    )
    return int((await connection.execute(waiting)).scalar_one())


async def first_replies(connection: AsyncConnection, since: datetime, limit: int) -> list[tuple[datetime, timedelta]]:
    """When a consultant first replied in a conversation and how long the player had waited, the newest first."""
    t = reply_times.c
    found = select(t.at, t.waited_ms).where(t.at >= since, t.is_first).order_by(t.at.desc()).limit(limit)
    return [(row.at, timedelta(milliseconds=row.waited_ms)) for row in await connection.execute(found)]


async def waiting_chats(connection: AsyncConnection, language: Language) -> Sequence[Conversation]:
    """Chats of that language in which somebody waits for a person."""
    found = select_conversations().where(
        c.status == Status.WAITING, c.channel == Channel.CHAT, c.lang == language, c.player_number > 0
    )
    return await all_of(connection, found)
