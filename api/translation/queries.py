"""Every SQL statement about translations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.values import Author, Event, Kind, Status
from api.database.tables import conversations, events, translation_switches
from api.translation.values import Switch

EARLIER_MAX = 20  # messages that are translated when it is switched on: about what a screen shows
s = translation_switches.c


async def switch_of(connection: AsyncConnection, conversation_id: str) -> Switch | None:
    """How the conversation is read; None where it never was through a translation."""
    found = select(translation_switches).where(s.conversation_id == conversation_id)
    row = (await connection.execute(found)).mappings().one_or_none()
    return _switch(row) if row else None


async def put_switch(connection: AsyncConnection, switch: Switch, at: datetime) -> None:
    """From now on so."""
    await connection.execute(delete(translation_switches).where(s.conversation_id == switch.conversation))
    row = {
        "conversation_id": switch.conversation, "is_on": switch.is_on, "player_language": switch.player_language,
        "desk_language": switch.desk_language, "looked_number": switch.looked_number, "changed_at": at,
    }  # fmt: skip
    await connection.execute(insert(translation_switches).values(row))


async def looked(connection: AsyncConnection, conversation_id: str, number: int) -> None:
    """Up to there everything has been translated, or tried."""
    changed = update(translation_switches).where(s.conversation_id == conversation_id).values(looked_number=number)
    await connection.execute(changed)


async def left_open(connection: AsyncConnection) -> list[str]:
    """Conversations with a player's message that has not been looked at."""
    joined = conversations.join(translation_switches, s.conversation_id == conversations.c.id)
    found = (
        select(conversations.c.id)
        .select_from(joined)
        .where(s.is_on, conversations.c.status != Status.CLOSED, conversations.c.player_number > s.looked_number)
    )
    return [row.id for row in await connection.execute(found)]


async def spoken_after(connection: AsyncConnection, conversation_id: str, number: int) -> list[Event]:
    """What the player and the bot have said after a number: the last ones, in order."""
    found = (
        select(events)
        .where(
            events.c.conversation_id == conversation_id, events.c.number > number, events.c.kind == Kind.MESSAGE,
            events.c.author.in_((Author.PLAYER, Author.BOT)),
        )
        .order_by(events.c.number.desc())
        .limit(EARLIER_MAX)
    )  # fmt: skip
    return [_event(row) for row in (await connection.execute(found)).mappings()][::-1]


async def translations_after(connection: AsyncConnection, conversation_id: str, number: int) -> list[Event]:
    """What has been translated of a conversation, by events after a number, in order."""
    found = (
        select(events)
        .where(events.c.conversation_id == conversation_id, events.c.number > number, events.c.kind == Kind.TRANSLATED)
        .order_by(events.c.number)
    )
    return [_event(row) for row in (await connection.execute(found)).mappings()]


def _event(row: RowMapping) -> Event:
    return Event(
        row["conversation_id"], row["number"], Kind(row["kind"]), Author(row["author"]), row["at"], row["payload"]
    )


def _switch(row: RowMapping) -> Switch:
    return Switch(
        row["conversation_id"], row["is_on"], row["player_language"], row["desk_language"], row["looked_number"]
    )
