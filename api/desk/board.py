"""What changed anywhere, gathered once for all windows of the desk and told to each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from api.chat import Chat
from api.conversations.hub import DESK, Behind, Changed, Gathered
from api.conversations.values import Conversation, Written
from api.desk import queries
from api.desk.views import summary
from api.staff.values import Staff

GATHER_SECONDS = 0.1  # however many conversations are busy, the desk is told so often
BOARD = "board"

logger = structlog.get_logger()


@dataclass(frozen=True)
class Counts:
    """How many conversations each view has, for everybody and for each consultant."""

    of_all: Mapping[str, int]
    of_each: Mapping[int, int]

    def seen_by(self, staff: Staff) -> dict[str, int]:
        """As one consultant sees them."""
        return {"mine": self.of_each.get(staff.id, 0)} | dict(self.of_all)


@dataclass(frozen=True)
class Row:
    """A conversation that has changed, and whether somebody should look right now."""

    conversation: Conversation
    summary: dict[str, Any]
    alert: str | None

    def alert_for(self, staff: Staff) -> str | None:
        """What concerns the holder alone rings with nobody else."""
        is_for_holder = self.alert in {"message", "transferred"}
        return None if is_for_holder and self.conversation.consultant_id != staff.id else self.alert


class Board:
    """One task of the app; it reads once for however many windows are open."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._task: asyncio.Task[None] | None = None
        self._dirty: dict[str, str | None] = {}

    def open(self) -> None:
        """Begin to listen."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        with self._chat.hub.listening(DESK) as subscription:
            while True:
                self._mark(await subscription.next())
                await asyncio.sleep(GATHER_SECONDS)
                while subscription.has_more:
                    self._mark(await subscription.next())
                try:
                    await self._tell()
                except Exception as error:  # the next change may go better; the desk must not stand still for good
                    logger.error("board_failed", kind=type(error).__name__, exc_info=error)

    def _mark(self, signal: object) -> None:
        match signal:
            case Written(conversation=conversation, alert=alert):
                self._dirty[conversation.id] = alert or self._dirty.get(conversation.id)
            case Changed(conversation=conversation_id):
                self._dirty.setdefault(conversation_id, None)
            case Behind():
                self._dirty.setdefault("", None)  # the counts, if nothing else

    async def _tell(self) -> None:
        dirty, self._dirty = self._dirty, {}
        async with self._chat.database.reading() as connection:
            changed = await queries.by_ids(connection, list(dirty))
            counts = Counts(*await queries.counts_for_everybody(connection))
        rows = tuple(Row(each, summary(each, self._chat.presence), dirty[each.id]) for each in changed)
        self._chat.hub.gathered(BOARD, Gathered(rows, counts))
