"""Every SQL statement that only the editors' room needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.values import Author, Kind
from api.database.tables import events

PART = 2_000  # events read at a time
e = events.c


async def bot_messages_and_feedback(
    connection: AsyncConnection, since: datetime
) -> list[tuple[str, int, str, dict[str, Any]]]:
    """(conversation, number, kind, payload) of what the bot said and what players thought of it, in order."""
    found = (
        select(e.conversation_id, e.number, e.kind, e.payload)
        .where(
            e.at >= since,
            ((e.kind == Kind.MESSAGE) & (e.author == Author.BOT)) | (e.kind == Kind.FEEDBACK),
        )
        .order_by(e.conversation_id, e.number)
        .execution_options(yield_per=PART)
    )
    rows = await connection.stream(found)
    return [tuple(row) async for row in rows]
