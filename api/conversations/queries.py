"""Every SQL statement about conversations and their events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.values import FOR_PLAYER, Author, Conversation, Event, Kind, NewEvent, Status, Urgency
from api.database.tables import conversations, events, protections, staff
from bot.text import fold

PREVIEW_MAX = 200


async def add_conversation(connection: AsyncConnection, row: dict[str, Any]) -> None:
    """A new, empty conversation."""
    await connection.execute(insert(conversations).values(row))


async def conversation_by_id(connection: AsyncConnection, conversation_id: str) -> Conversation | None:
    """The conversation as it stands."""
    return await _one(connection, select_conversations().where(conversations.c.id == conversation_id))


async def conversation_by_token(connection: AsyncConnection, token_hash: str) -> Conversation | None:
    """The conversation that the token opens."""
    return await _one(connection, select_conversations().where(conversations.c.token_hash == token_hash))


async def locked(connection: AsyncConnection, conversation_id: str) -> Conversation | None:
    """The conversation, which nobody else changes before this transaction ends (a SQLite writer is alone anyway)."""
    await connection.execute(select(conversations.c.id).where(conversations.c.id == conversation_id).with_for_update())
    return await conversation_by_id(connection, conversation_id)


async def change(connection: AsyncConnection, conversation_id: str, **values: Any) -> None:
    """Set columns of a conversation."""
    await connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(**values))


async def append(connection: AsyncConnection, conversation_id: str, new: NewEvent, at: datetime) -> Event:
    """Store an event under the conversation's next number."""
    text = new.payload.get("text") if new.kind in {Kind.MESSAGE, Kind.NOTE} else None
    values: dict[str, Any] = {"last_number": conversations.c.last_number + 1, "last_at": at}
    if (
        text is not None and new.kind is Kind.MESSAGE and new.author is not Author.BOT
    ):  # its words tell the queue nothing
        values |= {"last_text": " ".join(text[: 2 * PREVIEW_MAX].split())[:PREVIEW_MAX], "last_author": new.author}
    number = (
        await connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(**values)
            .returning(conversations.c.last_number)
        )
    ).scalar_one()
    if new.kind is Kind.MESSAGE and new.author is Author.PLAYER:
        await change(connection, conversation_id, player_number=number, unread=conversations.c.unread + 1)
    await connection.execute(
        insert(events).values(
            conversation_id=conversation_id, number=number, kind=new.kind, author=new.author,
            is_for_player=new.kind in FOR_PLAYER, staff_id=new.staff_id, client_id=new.client_id, at=at,
            payload=dict(new.payload), folded=fold(text) if text is not None else None,
        )
    )  # fmt: skip
    return Event(conversation_id, number, new.kind, new.author, at, new.payload, new.staff_id, new.client_id)


async def event_of_client(
    connection: AsyncConnection, conversation_id: str, author: Author, client_id: str
) -> Event | None:
    """The event that this client id has made already."""
    found = select(events).where(
        events.c.conversation_id == conversation_id, events.c.author == author, events.c.client_id == client_id
    )
    row = (await connection.execute(found)).mappings().one_or_none()
    return _event(row) if row else None


async def event(connection: AsyncConnection, conversation_id: str, number: int) -> Event | None:
    """The event of that number."""
    found = select(events).where(events.c.conversation_id == conversation_id, events.c.number == number)
    row = (await connection.execute(found)).mappings().one_or_none()
    return _event(row) if row else None


async def events_after(
    connection: AsyncConnection, conversation_id: str, after: int, limit: int, *, for_player: bool
) -> list[Event]:
    """The first events after a number."""
    found = select(events).where(events.c.conversation_id == conversation_id, events.c.number > after)
    if for_player:
        found = found.where(events.c.is_for_player)
    rows = (await connection.execute(found.order_by(events.c.number).limit(limit))).mappings()
    return [_event(row) for row in rows]


async def events_before(
    connection: AsyncConnection, conversation_id: str, before: int | None, limit: int
) -> list[Event]:
    """The last events before a number (or of all), in order."""
    found = select(events).where(events.c.conversation_id == conversation_id)
    if before is not None:
        found = found.where(events.c.number < before)
    rows = (await connection.execute(found.order_by(events.c.number.desc()).limit(limit))).mappings().all()
    return [_event(row) for row in reversed(rows)]


async def player_messages(connection: AsyncConnection, conversation_id: str, *, upto: int, limit: int) -> list[Event]:
    """The player's last messages up to a number, oldest first."""
    found = (
        select(events)
        .where(
            events.c.conversation_id == conversation_id, events.c.number <= upto,
            events.c.kind == Kind.MESSAGE, events.c.author == Author.PLAYER,
        )
        .order_by(events.c.number.desc())
        .limit(limit)
    )  # fmt: skip
    rows = (await connection.execute(found)).mappings().all()
    return [_event(row) for row in reversed(rows)]


async def last_of_kind(
    connection: AsyncConnection, conversation_id: str, kind: Kind, author: Author | None = None
) -> Event | None:
    """What of this kind happened last, e.g. what the bot said last."""
    found = select(events).where(events.c.conversation_id == conversation_id, events.c.kind == kind)
    if author is not None:
        found = found.where(events.c.author == author)
    row = (await connection.execute(found.order_by(events.c.number.desc()).limit(1))).mappings().one_or_none()
    return _event(row) if row else None


async def unread_after(connection: AsyncConnection, conversation_id: str, number: int) -> int:
    """How many of the player's messages come after a number."""
    counted = select(func.count()).select_from(events).where(
        events.c.conversation_id == conversation_id, events.c.number > number,
        events.c.kind == Kind.MESSAGE, events.c.author == Author.PLAYER,
    )  # fmt: skip
    return (await connection.execute(counted)).scalar_one()


async def has_spoken(connection: AsyncConnection, conversation_id: str, staff_id: int) -> bool:
    """Whether this person has written in this conversation yet."""
    found = (
        select(events.c.number)
        .where(
            events.c.conversation_id == conversation_id, events.c.kind == Kind.MESSAGE, events.c.staff_id == staff_id
        )
        .limit(1)
    )  # fmt: skip
    return (await connection.execute(found)).first() is not None


async def with_open_turn(connection: AsyncConnection) -> Sequence[Conversation]:
    """Conversations whose last messages the bot has not thought about, e.g. since the server died meanwhile."""
    found = select_conversations().where(
        conversations.c.player_number > conversations.c.answered_number, conversations.c.status != Status.CLOSED
    )
    return await all_of(connection, found)


async def has_conversations(connection: AsyncConnection) -> bool:
    """Whether there is any."""
    return (await connection.execute(select(conversations.c.id).limit(1))).first() is not None


async def record_protection(
    connection: AsyncConnection, conversation_id: str, number: int, reason: str, at: datetime
) -> None:
    """The audit record: that, when and why; no words."""
    await connection.execute(
        insert(protections).values(conversation_id=conversation_id, number=number, reason=reason, at=at)
    )


def select_conversations() -> Select[Any]:
    """Conversations with their holder's first name."""
    return select(conversations, staff.c.name.label("consultant")).outerjoin(
        staff, staff.c.id == conversations.c.consultant_id
    )


def conversation_of(row: RowMapping) -> Conversation:
    """The value of a row of select_conversations."""
    values = {name: row[name] for name in Conversation.__dataclass_fields__}
    return Conversation(**values | {"status": Status(values["status"]), "urgency": Urgency(values["urgency"])})


async def _one(connection: AsyncConnection, found: Select[Any]) -> Conversation | None:
    row = (await connection.execute(found)).mappings().one_or_none()
    return conversation_of(row) if row else None


def _event(row: RowMapping) -> Event:
    return Event(
        row["conversation_id"], row["number"], Kind(row["kind"]), Author(row["author"]), row["at"], row["payload"],
        row["staff_id"], row["client_id"],
    )  # fmt: skip


async def all_of(connection: AsyncConnection, found: Select[Any]) -> Sequence[Conversation]:
    """The conversations a select_conversations finds."""
    return [conversation_of(row) for row in (await connection.execute(found)).mappings()]
