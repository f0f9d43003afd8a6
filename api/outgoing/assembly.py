"""Everything that sends, as the settings want it."""

from __future__ import annotations

from dataclasses import dataclass

from api.conversations.hub import Hub
from api.conversations.service import Clock
from api.database.connection import Database
from api.outgoing.chatwoot import follow_into_chatwoot
from api.outgoing.chatwoot_sender import ChatwootSender
from api.outgoing.deliveries import CHATWOOT_PAUSES, WEBHOOK_PAUSES, Deliveries, Route
from api.outgoing.network import Guard, networks
from api.outgoing.posting import Poster
from api.outgoing.sending import WebhookSender
from api.outgoing.service import Webhooks
from api.outgoing.values import TO_CHATWOOT
from api.settings import Settings


@dataclass(frozen=True)
class Outgoing:
    """Webhooks to manage, and the task that sends."""

    webhooks: Webhooks
    deliveries: Deliveries
    poster: Poster
    chatwoot: ChatwootSender | None

    def open(self) -> None:
        """Begin to send."""
        self.deliveries.open()

    async def close(self) -> None:
        """Stop, and hang up."""
        await self.deliveries.close()
        await self.poster.close()
        if self.chatwoot is not None:
            await self.chatwoot.close()


def make_outgoing(settings: Settings, database: Database, hub: Hub, now: Clock) -> Outgoing:
    """Joined to the hub: what follows a change into Chatwoot comes before what webhooks are told of it."""
    guard = Guard(networks(settings.webhook_networks))
    webhooks, poster = Webhooks(database, guard, now), Poster(guard)
    chatwoot = ChatwootSender(settings.chatwoot_url, settings.chatwoot_token) if settings.chatwoot_url else None
    routes = {"webhook": Route(WebhookSender(database, poster, now).send, WEBHOOK_PAUSES)}
    if chatwoot is not None:
        routes[TO_CHATWOOT] = Route(chatwoot.send, CHATWOOT_PAUSES)
        hub.followers.append(follow_into_chatwoot)
    hub.followers.append(webhooks.follow)
    return Outgoing(webhooks, Deliveries(database, hub, routes, now), poster, chatwoot)
