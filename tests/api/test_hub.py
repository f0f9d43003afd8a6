"""The bell: who listens hears in order, and who falls behind is told so."""

from __future__ import annotations

import asyncio

from api.conversations.hub import WAITING_MAX, Behind, Changed, Hub, Subscription


def test_a_listener_hears_its_topics_in_order_until_it_stops() -> None:
    async def listen() -> list[object]:
        hub, subscription = Hub(), Subscription()
        with hub.listening("one", subscription), hub.listening("two", subscription):
            for conversation in ("one", "other", "two"):
                hub.tell(Changed(conversation))
        hub.tell(Changed("one"))
        return [await subscription.next(), await subscription.next(), len(subscription._waiting)]

    assert asyncio.run(listen()) == [Changed("one"), Changed("two"), 0]


def test_who_falls_behind_is_told_to_read_from_the_database() -> None:
    async def listen() -> object:
        hub = Hub()
        with hub.listening("one") as subscription:
            for _ in range(WAITING_MAX + 1):
                hub.tell(Changed("one"))
            return await subscription.next()

    assert asyncio.run(listen()) == Behind()


def test_a_listener_wakes_when_something_is_rung() -> None:
    async def listen() -> object:
        hub = Hub()
        with hub.listening("one") as subscription:
            waiting = asyncio.create_task(subscription.next())
            await asyncio.sleep(0)
            hub.tell(Changed("one"))
            return await waiting

    assert asyncio.run(listen()) == Changed("one")
