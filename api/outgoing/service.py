"""Webhooks: made, changed, told of what happens, and what became of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from api.conversations.changing import Change
from api.conversations.service import Clock
from api.conversations.shown import moment
from api.database.connection import Database
from api.outgoing import queries
from api.outgoing.addresses import WebhookRefusedError, checked_url
from api.outgoing.network import Guard
from api.outgoing.signing import new_secret
from api.outgoing.telling import told
from api.outgoing.values import TEST, Delivery, DeliveryStatus, Told, Webhook
from api.problems import ProblemError
from api.staff.values import Staff

COUNTED_DAYS = 7
LOG_MAX = 100


class WebhookNotFoundError(ProblemError):
    """There is none of that id."""

    status = 404
    code = "webhook_not_found"


class Webhooks:
    """The use cases; `follow` is asked inside the transaction of every change."""

    def __init__(self, database: Database, guard: Guard, now: Clock) -> None:
        self._database = database
        self._guard = guard
        self._now = now

    async def follow(self, change: Change) -> None:
        """Store what webhooks are to be told of the change, with the change or not at all."""
        found = told(change)
        if not found:
            return
        listening = [each for each in await queries.all_webhooks(change.connection) if each.is_active]
        rows = [
            delivery_row(change.conversation.id, event.number, kind, body, change.at, webhook_id=webhook.id)
            for kind, event, body in found
            for webhook in listening
            if kind in webhook.kinds
        ]
        await queries.add_deliveries(change.connection, rows)

    async def everything(self) -> tuple[list[Webhook], Mapping[int | None, Mapping[str, int]]]:
        """All webhooks, and how they fared lately."""
        since = self._now() - timedelta(days=COUNTED_DAYS)
        async with self._database.reading() as connection:
            return await queries.all_webhooks(connection), await queries.counts(connection, since)

    async def one(self, webhook_id: int, status: DeliveryStatus | None = None) -> tuple[Webhook, list[Delivery]]:
        """A webhook and its log."""
        async with self._database.reading() as connection:
            webhook = _found(await queries.webhook_by_id(connection, webhook_id))
            return webhook, await queries.log(connection, webhook_id, status, LOG_MAX)

    async def chatwoot_log(self, status: DeliveryStatus | None = None) -> list[Delivery]:
        """What went to the Chatwoot desk."""
        async with self._database.reading() as connection:
            return await queries.log(connection, None, status, LOG_MAX)

    async def add(self, me: Staff, url: str, kinds: Sequence[str]) -> int:
        """A new one; WebhookRefusedError where its address or choice is of no use."""
        row = {
            "url": await checked_url(url, self._guard), "kinds": _kinds(kinds), "secret": new_secret(),
            "is_active": True, "staff_id": me.id, "created_at": self._now(),
        }  # fmt: skip
        async with self._database.writing() as connection:
            return await queries.add_webhook(connection, row)

    async def change(self, webhook_id: int, url: str, kinds: Sequence[str]) -> None:
        """Another address or choice; what waits goes to the new address."""
        checked, chosen = await checked_url(url, self._guard), _kinds(kinds)
        await self._set(webhook_id, url=checked, kinds=chosen)

    async def set_active(self, webhook_id: int, *, is_active: bool) -> None:
        """Pause it, or let it hear again; what happens meanwhile it is not told."""
        await self._set(webhook_id, is_active=is_active)

    async def new_secret(self, webhook_id: int) -> None:
        """From the next attempt on signed with another secret."""
        await self._set(webhook_id, secret=new_secret())

    async def remove(self, webhook_id: int) -> None:
        """With its log."""
        async with self._database.writing() as connection:
            await queries.remove_webhook(connection, webhook_id)

    async def send_test(self, webhook_id: int) -> None:
        """Something to try the receiver with."""
        at = self._now()
        body: dict[str, Any] = {"type": TEST, "timestamp": moment(at), "data": {}}
        async with self._database.writing() as connection:
            _found(await queries.webhook_by_id(connection, webhook_id))
            row = delivery_row(f"test_{secrets.token_hex(8)}", 0, TEST, body, at, webhook_id=webhook_id)
            await queries.add_deliveries(connection, [row])

    async def send_again(self, webhook_id: int | None, delivery_id: str) -> None:
        """The same once more, under the same id, without steps that were done; its attempts are counted anew."""
        async with self._database.writing() as connection:
            delivery = await queries.delivery_by_id(connection, delivery_id)
            if delivery is None or delivery.webhook_id != webhook_id:
                raise WebhookNotFoundError("There is no such delivery.")
            await queries.settle(connection, delivery_id, status=DeliveryStatus.WAITING, attempts=0, due_at=self._now())

    async def _set(self, webhook_id: int, **values: Any) -> None:
        async with self._database.writing() as connection:
            _found(await queries.webhook_by_id(connection, webhook_id))
            await queries.change_webhook(connection, webhook_id, **values)


def delivery_row(
    conversation_id: str, number: int, kind: str, body: Any, at: Any, *, webhook_id: int | None
) -> dict[str, Any]:
    """A delivery that is due at once."""
    return {
        "id": f"msg_{secrets.token_hex(12)}", "webhook_id": webhook_id, "conversation_id": conversation_id,
        "number": number, "kind": kind, "body": json.dumps(body, ensure_ascii=False),
        "status": DeliveryStatus.WAITING, "attempts": 0, "steps_done": 0, "due_at": at, "created_at": at,
    }  # fmt: skip


def _kinds(chosen: Sequence[str]) -> list[str]:
    kinds = [kind.value for kind in Told if kind in chosen]
    if not kinds:
        raise WebhookRefusedError("nothing_chosen")
    return kinds


def _found(webhook: Webhook | None) -> Webhook:
    if webhook is None:
        raise WebhookNotFoundError("There is no such webhook.")
    return webhook
