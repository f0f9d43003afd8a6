"""A delivery to a webhook: signed at each attempt, since the signature carries the time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from api.conversations.service import Clock
from api.database.connection import Database
from api.outgoing import queries
from api.outgoing.posting import Poster
from api.outgoing.signing import signed_headers
from api.outgoing.values import Delivery, DeliveryFailedError


class WebhookSender:
    """To the address that the webhook has now."""

    def __init__(self, database: Database, poster: Poster, now: Clock) -> None:
        self._database = database
        self._poster = poster
        self._now = now

    async def send(self, delivery: Delivery, _step: Callable[[int], Awaitable[None]]) -> int:
        """The receiver's status; one that says it is gone (410) is paused, as Standard Webhooks wants it."""
        async with self._database.reading() as connection:
            webhook = await queries.webhook_by_id(connection, delivery.webhook_id or 0)
        if webhook is None:
            raise DeliveryFailedError("removed", is_gone=True)
        body = delivery.body.encode()
        try:
            return await self._poster.post(
                webhook.url, signed_headers(webhook.secret, delivery.id, self._now(), body), body
            )
        except DeliveryFailedError as error:
            if error.is_gone:
                async with self._database.writing() as connection:
                    await queries.change_webhook(connection, webhook.id, is_active=False)
            raise
