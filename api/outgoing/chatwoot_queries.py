"""Every SQL statement about conversations of a Chatwoot desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.queries import all_of, select_conversations
from api.conversations.values import Conversation
from api.database.tables import chatwoot_conversations, conversations, events

c = chatwoot_conversations.c


@dataclass(frozen=True)
class Theirs:
    """A conversation over there."""

    account: int
    conversation: int
    contact: int


async def of_conversation(connection: AsyncConnection, conversation_id: str) -> Theirs | None:
    """Where ours is held; None where it is held here."""
    found = select(c.account_id, c.chatwoot_id, c.contact_id).where(c.conversation_id == conversation_id)
    row = (await connection.execute(found)).one_or_none()
    return Theirs(row.account_id, row.chatwoot_id, row.contact_id) if row else None


async def one_at_a_time(connection: AsyncConnection, theirs: Theirs) -> None:
    """Two first messages at once begin one conversation, not two; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(theirs.account, theirs.conversation)))


async def newest_of(connection: AsyncConnection, theirs: Theirs) -> Conversation | None:
    """The newest of ours that was held there."""
    return await _newest(connection, c.account_id == theirs.account, c.chatwoot_id == theirs.conversation)


async def newest_of_contact(connection: AsyncConnection, theirs: Theirs) -> Conversation | None:
    """The newest of ours with the same person; None where nobody says who it is."""
    if not theirs.contact:
        return None
    return await _newest(connection, c.account_id == theirs.account, c.contact_id == theirs.contact)


async def has_said(connection: AsyncConnection, theirs: Theirs, client_id: str) -> bool:
    """Whether that message of theirs has come before."""
    joined = events.join(chatwoot_conversations, events.c.conversation_id == c.conversation_id)
    found = (
        select(events.c.number)
        .select_from(joined)
        .where(c.account_id == theirs.account, c.chatwoot_id == theirs.conversation, events.c.client_id == client_id)
        .limit(1)
    )
    return (await connection.execute(found)).first() is not None


async def join(connection: AsyncConnection, theirs: Theirs, conversation_id: str, at: datetime) -> None:
    """From now on ours is held there."""
    row = {
        "account_id": theirs.account, "chatwoot_id": theirs.conversation, "contact_id": theirs.contact,
        "conversation_id": conversation_id, "created_at": at,
    }  # fmt: skip
    await connection.execute(insert(chatwoot_conversations).values(row))


async def _newest(connection: AsyncConnection, *which: object) -> Conversation | None:
    ids = select(c.conversation_id).where(*which).order_by(c.created_at.desc()).limit(1)  # type: ignore[arg-type]
    found = await all_of(connection, select_conversations().where(conversations.c.id.in_(ids)))
    return found[0] if found else None
