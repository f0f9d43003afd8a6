"""One change of one conversation: what it adds and sets is stored together, in one transaction, and told afterwards."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations import queries
from api.conversations.hub import Hub
from api.conversations.problems import ConversationNotFoundError
from api.conversations.values import Author, Conversation, Event, Kind, NewEvent, Written
from api.database.connection import Database

PREVIEW_MAX = 200  # characters


@dataclass
class Change:
    """A conversation that nobody else changes meanwhile; `conversation` is as it will be."""

    connection: AsyncConnection
    conversation: Conversation
    at: datetime
    before: Conversation  # as it was
    events: list[Event] = field(default_factory=list)
    alert: str | None = None
    is_repeat: bool = False
    _values: dict[str, Any] = field(default_factory=dict)
    _saved: int = 0

    def add(self, new: NewEvent) -> Event:
        """An event, under the next number."""
        number = self.conversation.last_number + 1
        self.set(last_number=number, last_at=self.at)
        if new.kind is Kind.MESSAGE and new.author is not Author.BOT:
            preview = " ".join(new.payload["text"][: 2 * PREVIEW_MAX].split())[:PREVIEW_MAX]
            self.set(last_text=preview, last_author=new.author.value)
        if new.kind is Kind.MESSAGE and new.author is Author.PLAYER:
            self.set(player_number=number, unread=self.conversation.unread + 1)
        event = Event(
            self.conversation.id, number, new.kind, new.author, self.at, new.payload, new.staff_id, new.client_id
        )
        self.events.append(event)
        return event

    def set(self, **values: Any) -> None:
        """New values of the conversation."""
        self.conversation = replace(self.conversation, **values)
        self._values |= values

    def repeats(self, *earlier: Event) -> None:
        """Nothing to add or tell: this had been done before, with these events."""
        self.events, self._saved, self.is_repeat = list(earlier), len(earlier), True

    async def save(self) -> None:
        """Store what was added and set so far; rows that refer to an event come after this."""
        await queries.add_events(self.connection, self.events[self._saved :])
        await queries.change(self.connection, self.conversation.id, self._values)
        self._saved, self._values = len(self.events), {}

    @property
    def written(self) -> Written:
        """What is told."""
        return Written(self.conversation, tuple(self.events), self.alert, self.is_repeat)


@contextlib.asynccontextmanager
async def changing(database: Database, hub: Hub, conversation_id: str, at: datetime) -> AsyncIterator[Change]:
    """A change that is stored when the block ends, and then told; ConversationNotFoundError where there is nothing."""
    async with database.writing() as connection:
        conversation = await queries.locked(connection, conversation_id)
        if conversation is None:
            raise ConversationNotFoundError("There is no such conversation.")
        change = Change(connection, conversation, at, conversation)
        yield change
        await finished(change, hub)
    if not change.is_repeat:
        hub.written(change.written)


async def finished(change: Change, hub: Hub) -> None:
    """Store the rest of it, and what others store with it; for who holds a transaction of its own, and tells later."""
    if not change.is_repeat:
        for follow in hub.followers:
            await follow(change)
    await change.save()
