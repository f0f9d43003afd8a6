"""Every SQL statement about conversations and their events; those of each message are built once."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.values import FOR_PLAYER, Author, Channel, Conversation, Event, Kind, Status, Urgency
from api.database.tables import conversations, events, protections, staff
from bot.text import fold

_COLUMNS = frozenset(conversations.c.keys())
_OF_PLAYER = (events.c.kind == Kind.MESSAGE, events.c.author == Author.PLAYER)


async def add_conversation(connection: AsyncConnection, row: dict[str, Any]) -> None:
    """A new, empty conversation."""
    await connection.execute(insert(conversations).values(row))


async def has_conversations(connection: AsyncConnection) -> bool:
    """Whether there is any."""
    return (await connection.execute(select(conversations.c.id).limit(1))).first() is not None


async def conversation_by_id(connection: AsyncConnection, conversation_id: str) -> Conversation | None:
    """The conversation as it stands."""
    return await _one(connection, _by_id(), {"id": _id(conversation_id)})


async def locked(connection: AsyncConnection, conversation_id: str) -> Conversation | None:
    """The conversation, which nobody else changes before this transaction ends (a SQLite writer is alone anyway)."""
    return await _one(connection, _locked_by_id(), {"id": _id(conversation_id)})


async def conversation_by_token(connection: AsyncConnection, token_hash: str) -> Conversation | None:
    """The conversation that the token opens."""
    found = select_conversations().where(conversations.c.token_hash == bindparam("hash"))
    return await _one(connection, found, {"hash": token_hash})


async def change(connection: AsyncConnection, conversation_id: str, values: dict[str, Any]) -> None:
    """Set columns of a conversation; the holder's name is not one."""
    columns = {name: value for name, value in values.items() if name in _COLUMNS}
    if columns:
        await connection.execute(_update(), columns | {"_id": conversation_id})


async def add_events(connection: AsyncConnection, new: Sequence[Event]) -> None:
    """Store events under their numbers."""
    rows = [
        {
            "conversation_id": each.conversation, "number": each.number, "kind": each.kind, "author": each.author,
            "is_for_player": each.kind in FOR_PLAYER, "staff_id": each.staff_id, "client_id": each.client_id,
            "at": each.at, "payload": dict(each.payload), "folded": _folded(each),
        }
        for each in new
    ]  # fmt: skip
    if rows:
        await connection.execute(insert(events), rows if len(rows) > 1 else rows[0])


async def event_of_client(
    connection: AsyncConnection, conversation_id: str, author: Author, client_id: str
) -> Event | None:
    """The event that this client id has made already."""
    return await _event_or_none(
        connection, _of_client(), {"id": conversation_id, "author": author, "client_id": client_id}
    )


async def event(connection: AsyncConnection, conversation_id: str, number: int) -> Event | None:
    """The event of that number."""
    found = select(events).where(events.c.conversation_id == conversation_id, events.c.number == number)
    return await _event_or_none(connection, found, {})


async def events_after(
    connection: AsyncConnection, conversation_id: str, after: int, limit: int, *, for_player: bool
) -> list[Event]:
    """The first events after a number."""
    values = {"id": conversation_id, "after": after, "limit": limit}
    return await _events(connection, _after(for_player), values)


async def events_before(
    connection: AsyncConnection, conversation_id: str, before: int | None, limit: int
) -> list[Event]:
    """The last events before a number (or of all), in order."""
    found = select(events).where(events.c.conversation_id == conversation_id)
    if before is not None:
        found = found.where(events.c.number < before)
    return (await _events(connection, found.order_by(events.c.number.desc()).limit(limit), {}))[::-1]


async def player_messages(connection: AsyncConnection, conversation_id: str, *, upto: int, limit: int) -> list[Event]:
    """The player's last messages up to a number, oldest first."""
    values = {"id": conversation_id, "upto": upto, "limit": limit}
    return (await _events(connection, _said_by_player(), values))[::-1]


async def last_of_kind(
    connection: AsyncConnection, conversation_id: str, kind: Kind, author: Author | None = None
) -> Event | None:
    """What of this kind happened last, e.g. what the bot said last."""
    found = select(events).where(events.c.conversation_id == conversation_id, events.c.kind == kind)
    if author is not None:
        found = found.where(events.c.author == author)
    return await _event_or_none(connection, found.order_by(events.c.number.desc()).limit(1), {})


async def unread_after(connection: AsyncConnection, conversation_id: str, number: int) -> int:
    """How many of the player's messages come after a number."""
    counted = (
        select(func.count())
        .select_from(events)
        .where(events.c.conversation_id == conversation_id, events.c.number > number, *_OF_PLAYER)
    )
    return (await connection.execute(counted)).scalar_one()


async def has_spoken(connection: AsyncConnection, conversation_id: str, staff_id: int) -> bool:
    """Whether this person has written in this conversation yet."""
    found = select(events.c.number).where(
        events.c.conversation_id == conversation_id, events.c.kind == Kind.MESSAGE, events.c.staff_id == staff_id
    )
    return (await connection.execute(found.limit(1))).first() is not None


async def left_open(connection: AsyncConnection) -> Sequence[Conversation]:
    """Conversations whose last messages the bot has not thought about, or a consultant has no drafts for."""
    c = conversations.c
    is_open_turn = (c.status != Status.CLOSED) & (c.player_number > c.answered_number)
    lacks_drafts = c.status.in_((Status.WAITING, Status.HELD)) & (c.player_number > c.suggested_number)
    return await all_of(connection, select_conversations().where(is_open_turn | lacks_drafts))


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


async def all_of(connection: AsyncConnection, found: Select[Any]) -> Sequence[Conversation]:
    """The conversations a select_conversations finds."""
    return [_conversation(row) for row in (await connection.execute(found)).mappings()]


@functools.cache
def _by_id() -> Select[Any]:
    return select_conversations().where(conversations.c.id == bindparam("id"))


@functools.cache
def _locked_by_id() -> Select[Any]:
    return _by_id().with_for_update(of=conversations)


@functools.cache
def _update() -> Any:
    return update(conversations).where(conversations.c.id == bindparam("_id"))


@functools.cache
def _of_client() -> Select[Any]:
    return select(events).where(
        events.c.conversation_id == bindparam("id"), events.c.author == bindparam("author"),
        events.c.client_id == bindparam("client_id"),
    )  # fmt: skip


@functools.cache
def _after(for_player: bool) -> Select[Any]:
    found = select(events).where(events.c.conversation_id == bindparam("id"), events.c.number > bindparam("after"))
    if for_player:
        found = found.where(events.c.is_for_player)
    return found.order_by(events.c.number).limit(bindparam("limit"))


@functools.cache
def _said_by_player() -> Select[Any]:
    found = select(events).where(
        events.c.conversation_id == bindparam("id"), events.c.number <= bindparam("upto"), *_OF_PLAYER
    )
    return found.order_by(events.c.number.desc()).limit(bindparam("limit"))


def _id(given: str) -> str:
    """An id as it came in an address; PostgreSQL takes no NUL, and no id has one."""
    return given.replace("\x00", "")


async def _one(connection: AsyncConnection, found: Select[Any], values: dict[str, Any]) -> Conversation | None:
    row = (await connection.execute(found, values)).mappings().one_or_none()
    return _conversation(row) if row else None


async def _events(connection: AsyncConnection, found: Select[Any], values: dict[str, Any]) -> list[Event]:
    return [event_of_row(row) for row in (await connection.execute(found, values)).mappings()]


async def _event_or_none(connection: AsyncConnection, found: Select[Any], values: dict[str, Any]) -> Event | None:
    row = (await connection.execute(found, values)).mappings().one_or_none()
    return event_of_row(row) if row else None


def _conversation(row: RowMapping) -> Conversation:
    values = {name: row[name] for name in Conversation.__dataclass_fields__}
    enums = {"status": Status(row["status"]), "urgency": Urgency(row["urgency"]), "channel": Channel(row["channel"])}
    return Conversation(**values | enums)


def event_of_row(row: RowMapping) -> Event:
    """An event from a row of its table."""
    return Event(
        row["conversation_id"], row["number"], Kind(row["kind"]), Author(row["author"]), row["at"], row["payload"],
        row["staff_id"], row["client_id"],
    )  # fmt: skip


def _folded(stored: Event) -> str | None:
    """The words to search in, of what was said, noted or translated; of a translated message both texts."""
    if stored.kind not in {Kind.MESSAGE, Kind.NOTE, Kind.TRANSLATED}:
        return None
    subject = stored.payload.get("mail", {}).get("subject")  # of a letter
    original = stored.payload.get("translation", {}).get("original")
    return fold(" ".join(filter(None, (subject, stored.payload["text"], original))))
