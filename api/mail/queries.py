"""Every SQL statement about mail that came in, its threads and the bookmarks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.queries import all_of, select_conversations
from api.conversations.values import Conversation
from api.database.tables import conversations, mail_bookmarks, mail_incoming, mail_outgoing, mail_threads
from api.mail.values import Bookmark, Fetched, Place, Thread

_t = mail_threads.c


async def add_thread(connection: AsyncConnection, thread: Thread) -> None:
    """Where a new conversation's answers go."""
    await connection.execute(
        insert(mail_threads).values(
            conversation_id=thread.conversation,
            address=thread.address,
            name=thread.name,
            token=thread.token,
            reference_ids=" ".join(thread.references),
        )
    )


async def refer(connection: AsyncConnection, conversation_id: str, references: Sequence[str]) -> None:
    """The Message-IDs of the thread, the newest last."""
    await connection.execute(
        update(mail_threads).where(_t.conversation_id == conversation_id).values(reference_ids=" ".join(references))
    )


async def thread_of(connection: AsyncConnection, conversation_id: str) -> Thread | None:
    """A conversation's thread; None where it is none by mail."""
    found = await connection.execute(select(mail_threads).where(_t.conversation_id == conversation_id))
    row = found.one_or_none()
    return _thread(row) if row else None


async def threads_of(connection: AsyncConnection, conversation_ids: Sequence[str]) -> dict[str, Thread]:
    """The threads of several conversations."""
    found = await connection.execute(select(mail_threads).where(_t.conversation_id.in_(conversation_ids)))
    return {row.conversation_id: _thread(row) for row in found}


async def conversation_of_token(connection: AsyncConnection, token: str) -> str | None:
    """The conversation whose subjects carry the token."""
    found = await connection.execute(select(_t.conversation_id).where(_t.token == token))
    return found.scalar_one_or_none()


async def conversation_of_ids(connection: AsyncConnection, message_ids: Sequence[str]) -> str | None:
    """The conversation in which one of these mails was sent or received; the nearest one decides."""
    found: dict[str, str] = {}
    for table in (mail_incoming, mail_outgoing):
        rows = select(table.c.message_id, table.c.conversation_id).where(
            table.c.message_id.in_(message_ids), table.c.conversation_id.is_not(None)
        )
        found |= {row[0]: row[1] for row in await connection.execute(rows)}
    return next((found[each] for each in reversed(message_ids) if each in found), None)


async def last_of_address(connection: AsyncConnection, address: str) -> Conversation | None:
    """The newest conversation with an address; protection anywhere among them comes first."""
    found = (
        select_conversations()
        .join(mail_threads, _t.conversation_id == conversations.c.id)
        .where(_t.address == address)
        .order_by(conversations.c.is_protected.desc(), conversations.c.created_at.desc())
        .limit(1)
    )
    return next(iter(await all_of(connection, found)), None)


async def bookmark(connection: AsyncConnection, mailbox: str) -> Bookmark | None:
    """Up to where the mailbox was read; None before the first time."""
    row = (await connection.execute(select(mail_bookmarks).where(mail_bookmarks.c.mailbox == mailbox))).one_or_none()
    return Bookmark(row.uid_validity, row.last_uid, row.since) if row else None


async def set_bookmark(connection: AsyncConnection, mailbox: str, mark: Bookmark) -> None:
    """Read up to there."""
    values = {"uid_validity": mark.uid_validity, "last_uid": mark.last_uid, "since": mark.since}
    changed = await connection.execute(update(mail_bookmarks).where(mail_bookmarks.c.mailbox == mailbox).values(values))
    if changed.rowcount == 0:
        await connection.execute(insert(mail_bookmarks).values(mailbox=mailbox, **values))


async def move_bookmark(connection: AsyncConnection, mail: Fetched) -> None:
    """Read up to this mail; together with what it has become, or not at all."""
    b = mail_bookmarks.c
    await connection.execute(
        update(mail_bookmarks)
        .where(b.mailbox == mail.mailbox, b.uid_validity == mail.uid_validity, b.last_uid < mail.uid)
        .values(last_uid=mail.uid)
    )


async def count_copy(connection: AsyncConnection, fingerprint: str) -> bool:
    """Whether this mail had come before; if so, once more is counted."""
    changed = await connection.execute(
        update(mail_incoming)
        .where(mail_incoming.c.fingerprint == fingerprint)
        .values(copies=mail_incoming.c.copies + 1)
    )
    return bool(changed.rowcount)


async def conversation_of_fingerprint(connection: AsyncConnection, fingerprint: str) -> str | None:
    """The conversation this has become before."""
    found = select(mail_incoming.c.conversation_id).where(mail_incoming.c.fingerprint == fingerprint)
    return (await connection.execute(found)).scalar_one_or_none()


async def add_incoming(connection: AsyncConnection, row: dict[str, Any]) -> None:
    """What came and what it became."""
    await connection.execute(insert(mail_incoming).values(row))


async def incoming_of(connection: AsyncConnection, conversation_id: str, number: int) -> Place | None:
    """Where in the mailbox a message's original lies."""
    i = mail_incoming.c
    found = select(i.mailbox, i.uid_validity, i.uid).where(i.conversation_id == conversation_id, i.number == number)
    row = (await connection.execute(found)).one_or_none()
    return Place(row.mailbox, row.uid_validity, row.uid) if row else None


async def incoming_counts(connection: AsyncConnection, since: datetime) -> dict[str, int]:
    """How much of what kind came since a moment, and how often something came again."""
    i = mail_incoming.c
    rows = await connection.execute(
        select(i.kind, func.count(), func.sum(i.copies)).where(i.at >= since).group_by(i.kind)
    )
    found = [(kind, int(count), int(copies)) for kind, count, copies in rows]
    return {kind: count for kind, count, _ in found} | {"copies": sum(copies for *_, copies in found)}


def _thread(row: Row[Any]) -> Thread:
    return Thread(row.conversation_id, row.address, row.name, row.token, tuple(row.reference_ids.split()))
