"""Every SQL statement about mail that goes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.tables import mail_outgoing
from api.mail.letter import Composed, Letter
from api.mail.values import Outgoing, OutgoingStatus

_o = mail_outgoing.c
WAITING = (OutgoingStatus.QUEUED, OutgoingStatus.SENDING, OutgoingStatus.UNCERTAIN)


async def add(connection: AsyncConnection, letter: Letter, composed: Composed, at: datetime) -> None:
    """To be sent; its Message-ID is stored before anybody else can have seen it."""
    row = {
        "message_id": composed.message_id, "conversation_id": letter.conversation, "number": letter.number,
        "purpose": letter.purpose, "recipient": composed.recipient, "is_automatic": letter.is_automatic,
        "content": composed.content, "status": OutgoingStatus.QUEUED, "attempts": 0, "next_at": at, "created_at": at,
    }  # fmt: skip
    await connection.execute(insert(mail_outgoing).values(row))


async def claim(connection: AsyncConnection, now: datetime, until: datetime) -> Outgoing | None:
    """The mail whose turn it is, marked as being sent; None where there is none. Its status is as it was before.

    Whoever dies while sending leaves it in 'sending'; after `until` it is somebody else's, who cannot know how far it
    had come.
    """
    found = (
        select(mail_outgoing)
        .where(_o.status.in_(WAITING), _o.next_at <= now)
        .order_by(_o.next_at, _o.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = (await connection.execute(found)).one_or_none()
    if row is None:
        return None
    await connection.execute(
        update(mail_outgoing)
        .where(_o.id == row.id)
        .values(status=OutgoingStatus.SENDING, next_at=until, attempts=row.attempts + 1)
    )
    return _outgoing(row)


async def left_sending(connection: AsyncConnection, next_at: datetime) -> None:
    """At the start: what a process before this one was sending when it died may have arrived or not."""
    await connection.execute(
        update(mail_outgoing)
        .where(_o.status == OutgoingStatus.SENDING)
        .values(status=OutgoingStatus.UNCERTAIN, next_at=next_at)
    )


async def settle(
    connection: AsyncConnection, outgoing_id: int, status: OutgoingStatus, at: datetime, error: str | None = None
) -> None:
    """What became of an attempt: `at` is when it was sent, or when it is tried again. What is sent stays sent."""
    times = {"sent_at": at} if status is OutgoingStatus.SENT else {"next_at": at}
    await connection.execute(
        update(mail_outgoing)
        .where(_o.id == outgoing_id, _o.status != OutgoingStatus.SENT)
        .values(status=status, error=error[:300] if error else None, **times)
    )


async def confirm(connection: AsyncConnection, message_id: str, at: datetime) -> bool:
    """Its copy has come to our own mailbox, so the server has taken it. Whether it is a mail of ours at all."""
    await connection.execute(
        update(mail_outgoing)
        .where(_o.message_id == message_id, _o.status.in_(WAITING))
        .values(status=OutgoingStatus.SENT, sent_at=at, error=None)
    )
    return (await connection.execute(select(_o.id).where(_o.message_id == message_id))).first() is not None


async def of_message_ids(connection: AsyncConnection, message_ids: Sequence[str]) -> Outgoing | None:
    """The first mail of ours with one of these ids."""
    row = (await connection.execute(select(mail_outgoing).where(_o.message_id.in_(message_ids)).limit(1))).one_or_none()
    return _outgoing(row) if row else None


async def fail(connection: AsyncConnection, outgoing_id: int, error: str) -> None:
    """It has come back."""
    await connection.execute(
        update(mail_outgoing).where(_o.id == outgoing_id).values(status=OutgoingStatus.FAILED, error=error[:300])
    )


async def count_to(connection: AsyncConnection, recipient: str, since: datetime, *, purpose: str | None = None) -> int:
    """How many mails no person wrote went to an address since a moment."""
    found = select(func.count()).select_from(mail_outgoing).where(
        _o.recipient == recipient, _o.created_at >= since, _o.is_automatic
    )  # fmt: skip
    return (await connection.execute(found.where(_o.purpose == purpose) if purpose else found)).scalar_one()


async def counts(connection: AsyncConnection, since: datetime) -> dict[str, int]:
    """How many mails stand how."""
    rows = await connection.execute(select(_o.status, func.count()).where(_o.created_at >= since).group_by(_o.status))
    return {status: int(count) for status, count in rows}


async def troubled(connection: AsyncConnection, since: datetime, limit: int) -> list[dict[str, Any]]:
    """Mails that have failed or wait with an error, the newest first."""
    found = (
        select(_o.conversation_id, _o.status, _o.purpose, _o.attempts, _o.error, _o.created_at)
        .where(_o.created_at >= since, _o.error.is_not(None))
        .order_by(_o.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in (await connection.execute(found)).mappings()]


async def statuses(connection: AsyncConnection, conversation_id: str) -> dict[int, str]:
    """How far the mails of a conversation have come, by the number of their message."""
    found = select(_o.number, _o.status).where(_o.conversation_id == conversation_id, _o.number.is_not(None))
    return {int(number): status for number, status in await connection.execute(found)}


def _outgoing(row: Row[Any]) -> Outgoing:
    return Outgoing(
        row.id, row.message_id, row.conversation_id, row.number, row.recipient, row.content,
        OutgoingStatus(row.status), row.attempts, row.created_at,
    )  # fmt: skip
