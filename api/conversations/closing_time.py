"""Who still waits when the hours end is told, once, when people are back and what else can be done."""

from __future__ import annotations

import asyncio
from datetime import datetime

import anyio.to_thread
import structlog

from api.conversations import queries
from api.conversations.availability import Availability, State, situation
from api.conversations.changing import changing
from api.conversations.handing_over import closed_meanwhile
from api.conversations.hub import Hub
from api.conversations.queue_queries import waiting_chats
from api.conversations.service import Clock
from api.conversations.values import Author, Conversation, Kind, Status
from api.database.connection import Database
from api.opening.hours import Channel
from api.opening.polish_holidays import prepare
from api.opening.service import Opening
from api.opening.wall_clock import local
from api.watching import look_again_and_again
from knowledge_base.article import Language

LOOK_SECONDS = 30

logger = structlog.get_logger()


class ClosingTime:
    """Looks now and then whether the chat has closed; what was told stands in the conversation, so it is told once."""

    def __init__(self, database: Database, hub: Hub, opening: Opening, now: Clock) -> None:
        self._database = database
        self._hub = hub
        self._opening = opening
        self._now = now
        self._closed: set[Language] = set()  # those looked through since they closed
        self._watching: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin, with what a process before this one has left."""
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def close(self) -> None:
        """Stop."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def _watch(self) -> None:
        await anyio.to_thread.run_sync(prepare, local(self._now()).date())
        await look_again_and_again(self.look, LOOK_SECONDS, "closing_time_failed")

    async def look(self) -> None:
        """Tell whoever waits in a language whose chat has closed since the last look."""
        for language in Language:
            at = self._now()
            hours = await self._opening.read(Channel.CHAT, language)
            here = situation(hours, at, is_staffed=False)
            if here.state is not State.CLOSED:
                self._closed.discard(language)
            elif language not in self._closed:
                async with self._database.scanning() as connection:
                    waiting = await waiting_chats(connection, language)
                for conversation in waiting:
                    await self._tell(conversation, language, here, at)
                self._closed.add(language)

    async def _tell(self, conversation: Conversation, language: Language, here: Availability, at: datetime) -> None:
        async with changing(self._database, self._hub, conversation.id, at) as change:
            said = await queries.last_of_kind(change.connection, conversation.id, Kind.MESSAGE, Author.BOT)
            told = (said.payload.get("presence") or {}).get("state") if said else None
            if change.conversation.status is not Status.WAITING or told == State.CLOSED.value:
                change.repeats()
                return
            change.add(closed_meanwhile(change.conversation, language, here))
