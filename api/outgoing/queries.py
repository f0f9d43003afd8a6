"""Every SQL statement about webhooks and deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.tables import deliveries, webhooks
from api.outgoing.values import Delivery, DeliveryStatus, Webhook

w, d = webhooks.c, deliveries.c


async def all_webhooks(connection: AsyncConnection) -> list[Webhook]:
    """In the order in which they were made."""
    return [_webhook(row) for row in (await connection.execute(select(webhooks).order_by(w.id))).mappings()]


async def webhook_by_id(connection: AsyncConnection, webhook_id: int) -> Webhook | None:
    """One of them."""
    row = (await connection.execute(select(webhooks).where(w.id == webhook_id))).mappings().one_or_none()
    return _webhook(row) if row else None


async def add_webhook(connection: AsyncConnection, row: Mapping[str, Any]) -> int:
    """A new one; its id."""
    found = (await connection.execute(insert(webhooks).values(**row).returning(w.id))).scalar_one()
    return int(found)


async def change_webhook(connection: AsyncConnection, webhook_id: int, **values: Any) -> None:
    """Set columns."""
    await connection.execute(update(webhooks).where(w.id == webhook_id).values(**values))


async def remove_webhook(connection: AsyncConnection, webhook_id: int) -> None:
    """With its log."""
    await connection.execute(delete(webhooks).where(w.id == webhook_id))


async def add_deliveries(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """To be sent."""
    if rows:
        await connection.execute(insert(deliveries), [dict(row) for row in rows])


async def claim(connection: AsyncConnection, now: datetime, until: datetime, limit: int) -> list[Delivery]:
    """What is due, and nobody else's until then; of a Chatwoot conversation only the first."""
    earlier = deliveries.alias()
    is_behind = exists().where(
        earlier.c.webhook_id.is_(None), earlier.c.conversation_id == d.conversation_id,
        earlier.c.status == DeliveryStatus.WAITING, earlier.c.number < d.number,
    )  # fmt: skip
    is_due = and_(d.status == DeliveryStatus.WAITING, d.due_at <= now, or_(d.webhook_id.is_not(None), ~is_behind))
    due = select(deliveries).where(is_due).order_by(d.due_at, d.number).limit(limit)
    found = [
        _delivery(row)
        for row in (await connection.execute(due.with_for_update(of=deliveries, skip_locked=True))).mappings()
    ]
    if found:
        ids = [each.id for each in found]
        await connection.execute(update(deliveries).where(d.id.in_(ids)).values(due_at=until))
    return found


async def next_due(connection: AsyncConnection) -> datetime | None:
    """When the next one is due."""
    found = select(func.min(d.due_at)).where(d.status == DeliveryStatus.WAITING)
    moment: datetime | None = (await connection.execute(found)).scalar_one()
    return moment


async def settle(connection: AsyncConnection, delivery_id: str, **values: Any) -> None:
    """What became of an attempt."""
    await connection.execute(update(deliveries).where(d.id == delivery_id).values(**values))


async def delivery_by_id(connection: AsyncConnection, delivery_id: str) -> Delivery | None:
    """One of them."""
    row = (await connection.execute(select(deliveries).where(d.id == delivery_id))).mappings().one_or_none()
    return _delivery(row) if row else None


async def log(
    connection: AsyncConnection, webhook_id: int | None, status: DeliveryStatus | None, limit: int
) -> list[Delivery]:
    """The newest first; None: what goes to the Chatwoot desk."""
    found = select(deliveries).where(d.webhook_id == webhook_id if webhook_id is not None else d.webhook_id.is_(None))
    if status is not None:
        found = found.where(d.status == status)
    found = found.order_by(d.created_at.desc(), d.number.desc()).limit(limit)
    return [_delivery(row) for row in (await connection.execute(found)).mappings()]


async def counts(connection: AsyncConnection, since: datetime) -> dict[int | None, dict[str, int]]:
    """How many of each status every webhook has since then."""
    found = (
        select(d.webhook_id, d.status, func.count().label("count"))
        .where(d.created_at >= since)
        .group_by(d.webhook_id, d.status)
    )
    counted: dict[int | None, dict[str, int]] = {}
    for row in (await connection.execute(found)).mappings():
        counted.setdefault(row["webhook_id"], {})[row["status"]] = row["count"]
    return counted


async def forget(connection: AsyncConnection, now: datetime, after: timedelta) -> None:
    """What is settled and old."""
    is_old = and_(d.status != DeliveryStatus.WAITING, d.created_at < now - after)
    await connection.execute(delete(deliveries).where(is_old))


def _webhook(row: RowMapping) -> Webhook:
    return Webhook(row["id"], row["url"], row["secret"], row["kinds"], row["is_active"], row["created_at"])


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        row["id"], row["webhook_id"], row["conversation_id"], row["number"], row["kind"], row["body"],
        DeliveryStatus(row["status"]), row["attempts"], row["steps_done"], row["due_at"], row["created_at"],
        row["last_at"], row["last_status"], row["last_problem"],
    )  # fmt: skip
