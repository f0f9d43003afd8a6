"""Promises are made when a player writes, end with a person's answer, and are watched in between.

The clock of e-mail and form is wall-clock time: players were promised 24 hours, whatever the opening hours.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from api.conversations.changing import Change, changing
from api.conversations.hub import Hub
from api.conversations.values import Author, Conversation, Event, Kind, NewEvent, Status, Urgency
from api.database.connection import Database
from api.promises import queries
from api.promises.values import Ending, Promise, Stage
from api.watching import look_again_and_again

LOOK_SECONDS = 20  # so late at most is a warning
REPORT_MAX = 50_000  # promises; a year of a busy desk

logger = structlog.get_logger()


async def start(change: Change, due_at: datetime, started_at: datetime | None = None) -> None:
    """A person will answer by then; where a promise runs already, that one holds."""
    if change.conversation.due_at is None:
        await queries.add(change.connection, change.conversation, started_at or change.at, due_at)
        change.set(due_at=due_at, due_stage=Stage.RUNNING)


async def end(change: Change, by: Ending, staff_id: int | None = None) -> None:
    """Nobody waits for a person any more."""
    if change.conversation.due_at is not None:
        await queries.end(change.connection, change.conversation.id, change.at, by, staff_id)
        change.set(due_at=None, due_stage=Stage.RUNNING)


async def follow(change: Change) -> None:
    """A person's message keeps a promise; closing ends it."""
    answer = next((event for event in change.events if _is_answer(event)), None)
    if answer is not None:
        await end(change, Ending.ANSWER, answer.staff_id)
    elif change.conversation.status is Status.CLOSED:
        closed = next((event for event in change.events if event.kind is Kind.CLOSED), None)
        await end(change, Ending.CLOSED, closed.staff_id if closed else None)


class Promises:
    """Warns before a promise runs out, and makes the conversation urgent when it has."""

    def __init__(self, database: Database, hub: Hub, now: Callable[[], datetime], warn_before: timedelta) -> None:
        self._database = database
        self._hub = hub
        self._now = now
        self._warn_before = warn_before
        self._watching: asyncio.Task[None] | None = None
        hub.followers.append(follow)

    def open(self) -> None:
        """Begin to watch."""
        self._watching = asyncio.get_running_loop().create_task(
            look_again_and_again(self.look, LOOK_SECONDS, "promises_not_watched")
        )

    async def close(self) -> None:
        """Stop."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching

    async def look(self) -> None:
        """Tell the desk of what is due soon or overdue; each promise is told of once at each stage."""
        now = self._now()
        async with self._database.scanning() as connection:
            missed = await queries.due(connection, now, Stage.MISSED)
            near = await queries.due(connection, now + self._warn_before, Stage.WARNED)
        for conversation in missed:
            await self._advance(conversation, Stage.MISSED)
        for conversation in near:
            await self._advance(conversation, Stage.WARNED)

    async def report(self, days: int) -> tuple[datetime, list[Promise]]:
        """The clock, and the promises of the last so many days."""
        now = self._now()
        async with self._database.scanning() as connection:
            return now, await queries.since(connection, now - timedelta(days=days), REPORT_MAX)

    async def _advance(self, seen: Conversation, stage: Stage) -> None:
        async with changing(self._database, self._hub, seen.id, self._now()) as change:
            now = change.conversation
            if now.due_at is None or now.due_at != seen.due_at or now.due_stage >= stage:
                change.repeats()  # answered meanwhile
                return
            await queries.advance(change.connection, now.id, stage)
            kind = Kind.PROMISE_MISSED if stage is Stage.MISSED else Kind.PROMISE_NEAR
            change.add(NewEvent(kind, Author.SYSTEM, {"due_at": now.due_at.isoformat()}))
            change.set(due_stage=stage)
            if stage is Stage.MISSED:
                change.set(urgency=max(now.urgency, Urgency.URGENT))
            change.alert = "overdue" if stage is Stage.MISSED else "due"


def _is_answer(event: Event) -> bool:
    return event.kind is Kind.MESSAGE and event.author is Author.CONSULTANT
