"""Sends what waits: at least once, with growing pauses, for as long as a weekend without anybody may last."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from api.conversations.hub import DESK, Behind, Hub
from api.conversations.service import Clock
from api.conversations.values import Written
from api.database.connection import Database
from api.outgoing import queries
from api.outgoing.values import TO_CHATWOOT, Delivery, DeliveryFailedError, DeliveryStatus

AT_ONCE = 20  # a receiver that hangs holds up itself and no other
LEASE_SECONDS = 60  # more than an attempt can last; who dies in one leaves it to the next after that
LOOK_AGAIN_SECONDS = 30
FORGET_AFTER = timedelta(days=30)
FORGET_EVERY_SECONDS = 3_600
JITTER = 0.2  # of a pause, so that receivers are not all asked at the same moment after an outage

# As Standard Webhooks recommends: soon after a hiccup, and once more after a night and a day.
WEBHOOK_PAUSES = (5, 30, 300, 1_800, 7_200, 18_000, 36_000, 50_400)
CHATWOOT_PAUSES = (1, 5, 30, 120, 600)  # an answer that comes an hour late is none

logger = structlog.get_logger()


@dataclass(frozen=True)
class Route:
    """How something is sent, and how long to wait after each failure. A step that is done is not done again."""

    send: Callable[[Delivery, Callable[[int], Awaitable[None]]], Awaitable[int]]
    pauses: tuple[float, ...]


class Deliveries:
    """One task of the app."""

    def __init__(self, database: Database, hub: Hub, routes: Mapping[str, Route], now: Clock) -> None:
        self._database = database
        self._hub = hub
        self._routes = routes
        self._now = now
        self._bell = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Begin, with what a process before this one has left."""
        self._tasks = [asyncio.get_running_loop().create_task(work) for work in (self._listen(), self._run())]

    async def close(self) -> None:
        """Stop; what is left is sent after the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def ring(self) -> None:
        """Something new waits."""
        self._bell.set()

    async def _listen(self) -> None:
        with self._hub.listening(DESK) as subscription:
            while True:
                if isinstance(await subscription.next(), Written | Behind):
                    self._bell.set()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        forget_at = loop.time()
        while True:
            self._bell.clear()
            try:
                if loop.time() >= forget_at:
                    forget_at = loop.time() + FORGET_EVERY_SECONDS
                    async with self._database.writing() as connection:
                        await queries.forget(connection, self._now(), FORGET_AFTER)
                if await self.send_due():
                    continue
                pause = await self._pause()
            except Exception as error:  # the database may be back the next time
                logger.error("deliveries_failed", kind=type(error).__name__, exc_info=error)
                pause = LOOK_AGAIN_SECONDS
            try:
                async with asyncio.timeout(pause):
                    await self._bell.wait()
            except TimeoutError:
                continue

    async def _pause(self) -> float:
        async with self._database.reading() as connection:
            due = await queries.next_due(connection)
        if due is None:
            return LOOK_AGAIN_SECONDS
        return min(LOOK_AGAIN_SECONDS, max(0.05, (due - self._now()).total_seconds()))

    async def send_due(self) -> int:
        """One attempt of everything that is due; how many there were."""
        now = self._now()
        async with self._database.reading() as connection:
            due = await queries.next_due(connection)
        if due is None or due > now:
            return 0
        async with self._database.writing() as connection:
            claimed = await queries.claim(connection, now, now + timedelta(seconds=LEASE_SECONDS), AT_ONCE)
        await asyncio.gather(*(self._attempt(each) for each in claimed))
        return len(claimed)

    async def _attempt(self, delivery: Delivery) -> None:
        route = self._routes[TO_CHATWOOT if delivery.webhook_id is None else "webhook"]
        attempts = delivery.attempts + 1

        async def step(done: int) -> None:
            await self._settle(delivery, steps_done=done)

        try:
            status = await route.send(delivery, step)
        except DeliveryFailedError as error:
            is_last = error.is_gone or attempts > len(route.pauses)
            pause = 0 if is_last else route.pauses[attempts - 1] * (1 + random.random() * JITTER)
            await self._settle(
                delivery, status=DeliveryStatus.FAILED if is_last else DeliveryStatus.WAITING, attempts=attempts,
                due_at=self._now() + timedelta(seconds=pause), last_at=self._now(), last_status=error.status,
                last_problem=error.problem[:200],
            )  # fmt: skip
            logger.warning("delivery_failed", id=delivery.id, attempts=attempts, why=error.problem, is_last=is_last)
        else:
            await self._settle(
                delivery, status=DeliveryStatus.DELIVERED, attempts=attempts, last_at=self._now(), last_status=status,
                last_problem=None,
            )  # fmt: skip

    async def _settle(self, delivery: Delivery, **values: object) -> None:
        async with self._database.writing() as connection:
            await queries.settle(connection, delivery.id, **values)
