"""A player's turn: the messages since the bot last thought, taken together and answered once.

What is still to be thought about stands in the database (`player_number` above `answered_number`), so that a turn
survives the death of the process: what was left is taken up at the start, and looked for now and then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from api.asking import quotes_only
from api.conversations import queries
from api.conversations.attendance import attendance
from api.conversations.availability import Watch
from api.conversations.by_itself import ByItself
from api.conversations.changing import Change, changing
from api.conversations.hub import Hub, Typing
from api.conversations.service import Clock
from api.conversations.turn import Turn, is_for_person, what_follows
from api.conversations.values import Author, Conversation, Kind, Status
from api.database.connection import Database
from api.engine import Engine
from api.watching import look_again_and_again
from bot.decision import Action, Decision, Reason

HISTORY = 10  # earlier messages that the bot is given
TOGETHER_MAX = 10  # messages of one turn; of more, the last ones
PATIENCE = 5  # a player who types on and on is waited for this many times as long as one who is quiet
GROWN_MAX = 3  # how often thinking starts again since the turn has grown; then what is there is answered

AT_ONCE = 0.0
LOOK_AGAIN_SECONDS = 30

logger = structlog.get_logger()

Ask = Callable[[Engine, str, Sequence[str], bool | None], Awaitable[Decision]]


@dataclass(frozen=True)
class Drafting:
    """How drafts for a consultant are made, off the event loop, and stored with what else follows from a turn."""

    make: Callable[[Turn, Decision, Engine], Awaitable[Any]]
    keep: Callable[[Change, int, Any], Awaitable[None]]


class Turns:
    """At most one turn of a conversation is thought about at a time."""

    def __init__(
        self, database: Database, hub: Hub, engine: Callable[[], Engine], ask: Ask, now: Clock, wait_seconds: float
    ) -> None:
        self._database = database
        self._hub = hub
        self._engine = engine
        self._ask = ask
        self._now = now
        self._wait = wait_seconds
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._quiet_from: dict[str, float] = {}
        self._touched: set[str] = set()
        self._drafts_under_way: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        self.drafting: Drafting | None = None  # set where the parts are joined
        self.watch: Watch | None = None  # likewise
        self.by_itself = ByItself()  # likewise

    def touch(self, conversation: Conversation) -> None:
        """A message has been stored: think about it once the player is quiet, at once where a person waits for it."""
        is_bots = conversation.status is Status.BOT
        if is_bots:
            self._hub.tell(Typing(conversation.id, Author.BOT, is_typing=True))
        loop = asyncio.get_running_loop()
        self._quiet_from[conversation.id] = loop.time() + self._wait if is_bots else AT_ONCE
        self._touched.add(conversation.id)
        if conversation.id not in self._tasks:
            task = loop.create_task(self._run(conversation.id))
            self._tasks[conversation.id] = task
            task.add_done_callback(_report)

    def still_typing(self, conversation_id: str) -> None:
        """The player writes on: wait a little more, if the bot is waiting at all."""
        if self._quiet_from.get(conversation_id, AT_ONCE) != AT_ONCE:
            self._quiet_from[conversation_id] = asyncio.get_running_loop().time() + 2 * self._wait

    def open(self) -> None:
        """Begin, with what a process before this one has left."""
        self._watching = asyncio.get_running_loop().create_task(
            look_again_and_again(self._look, LOOK_AGAIN_SECONDS, "looking_again_failed")
        )

    async def _look(self) -> None:
        """What should have been thought about and was not, after a death or a failure, is taken up again."""
        async with self._database.scanning() as connection:
            left = await queries.left_open(connection)
        for conversation in left:
            self._take_up(conversation)

    def _take_up(self, conversation: Conversation) -> None:
        if conversation.id in self._tasks:
            return
        if conversation.player_number > conversation.answered_number:
            self.touch(conversation)
        else:
            self.draft_soon(conversation)

    def draft_soon(self, conversation: Conversation) -> None:
        """A person has taken over: drafts for the player's last message, unless they are there."""
        if conversation.player_number and conversation.id not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._draft(conversation.id))
            self._drafts_under_way.add(task)
            task.add_done_callback(self._drafts_under_way.discard)
            task.add_done_callback(_report)

    async def _draft(self, conversation_id: str) -> None:
        async with self._database.reading() as connection:
            conversation = await queries.conversation_by_id(connection, conversation_id)
            if conversation is None or conversation.suggested_number >= conversation.player_number:
                return
            said = await queries.player_messages(
                connection, conversation_id, upto=conversation.player_number, limit=HISTORY + 1
            )
        texts = tuple(event.payload["text"] for event in said)
        turn = Turn(conversation, texts[-1:], texts[:-1], conversation.player_number, has_just_asked=False)
        engine = self._engine()
        drafts = await self._drafts(turn, await self._think(engine, turn), engine)
        async with changing(self._database, self._hub, conversation_id, self._now()) as change:
            if not await self._keep(change, turn, drafts):
                change.repeats()

    async def _drafts(self, turn: Turn, decision: Decision | None, engine: Engine) -> Any:
        """What a consultant could answer, where one will see the conversation; None where it cannot be made."""
        if decision is None or self.drafting is None or not is_for_person(turn, decision, engine.bot):
            return None
        try:
            return await self.drafting.make(turn, decision, engine)
        except Exception as error:  # a reply must not fail for want of a draft; it is tried again later
            logger.error("drafting_failed", conversation=turn.conversation.id, exc_info=error)
            return None

    async def _keep(self, change: Change, turn: Turn, drafts: Any) -> bool:
        """Store drafts with the change, where a person has or will have the conversation and needs them still."""
        now = change.conversation
        is_needed = now.status in {Status.WAITING, Status.HELD} and now.suggested_number < turn.last
        if drafts is None or self.drafting is None or not is_needed:
            return False
        await self.drafting.keep(change, turn.last, drafts)
        return True

    async def close(self) -> None:
        """Stop thinking; what is left is taken up at the next start."""
        tasks = [*self._tasks.values(), *self._drafts_under_way, *([self._watching] if self._watching else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, conversation_id: str) -> None:
        try:
            while conversation_id in self._touched:
                await self._take_turn(conversation_id)
        finally:  # no await from the last look at what was touched to here, so that no touch is missed
            del self._tasks[conversation_id]
            self._quiet_from.pop(conversation_id, None)
            self._touched.discard(conversation_id)

    async def _take_turn(self, conversation_id: str) -> None:
        for attempt in range(GROWN_MAX + 1):
            await self._until_quiet(conversation_id)
            self._touched.discard(conversation_id)
            turn = await self._open(conversation_id)
            if turn is None:
                return
            engine = self._engine()
            decision = await self._think(engine, turn)
            drafts = await self._drafts(turn, decision, engine)
            if await self._settle(turn, decision, drafts, engine, is_last_try=attempt == GROWN_MAX):
                return

    async def _until_quiet(self, conversation_id: str) -> None:
        loop = asyncio.get_running_loop()
        patient_until = loop.time() + PATIENCE * self._wait
        while (left := min(self._quiet_from[conversation_id], patient_until) - loop.time()) > 0:
            await asyncio.sleep(left)

    async def _open(self, conversation_id: str) -> Turn | None:
        async with self._database.reading() as connection:
            conversation = await queries.conversation_by_id(connection, conversation_id)
            if (
                conversation is None
                or conversation.status is Status.CLOSED
                or conversation.player_number <= conversation.answered_number
            ):
                return None
            messages = await queries.player_messages(
                connection, conversation_id, upto=conversation.player_number, limit=HISTORY + TOGETHER_MAX
            )
            is_bots = conversation.status is Status.BOT
            said = (
                await queries.last_of_kind(connection, conversation_id, Kind.MESSAGE, Author.BOT) if is_bots else None
            )
        new = [m.payload["text"] for m in messages if m.number > conversation.answered_number][-TOGETHER_MAX:]
        history = [m.payload["text"] for m in messages if m.number <= conversation.answered_number][-HISTORY:]
        has_just_asked = said is not None and said.payload["action"] == Action.CLARIFY
        return Turn(conversation, tuple(new), tuple(history), conversation.player_number, has_just_asked)

    async def _think(self, engine: Engine, turn: Turn) -> Decision | None:
        """The decision about the turn; None when the bot fails, so that a person takes over."""
        is_protected = turn.is_harm_known
        try:
            decision = await self._ask(engine, turn.text, turn.history, is_protected)
            if len(turn.texts) > 1 and decision.reason is not Reason.CRISIS:
                # A cry for help must not drown in what stands around it.
                for text in turn.texts:
                    alone = await self._ask(engine, text, turn.history, is_protected)
                    if alone.reason is Reason.CRISIS:
                        return alone
        except Exception as error:  # whatever it was, the player must not be left without an answer
            logger.error("bot_failed", conversation=turn.conversation.id, exc_info=error)
            return None
        return decision

    async def _settle(
        self, turn: Turn, decision: Decision | None, drafts: Any, engine: Engine, *, is_last_try: bool
    ) -> bool:
        """Store what follows from the decision; False when the turn has grown and is to be thought about anew."""
        async with changing(self._database, self._hub, turn.conversation.id, self._now()) as change:
            now = change.conversation
            if now.status is Status.CLOSED or now.answered_number >= turn.last:
                change.repeats()
                return True
            if now.player_number > turn.last and now.status is Status.BOT and not is_last_try:
                change.repeats()
                return False
            in_force = self._engine()
            if decision is not None and engine is not in_force and not quotes_only(decision, in_force):
                if not is_last_try:  # an article was taken away while this was thought about
                    change.repeats()
                    return False
                decision, drafts = None, None
            here = await attendance(self.watch, change, turn, decision, engine.bot)
            step = what_follows(turn, decision, now, engine.bot, here, self.by_itself)
            for new in step.events:
                change.add(new)
                if new.kind is Kind.PROTECTED:
                    reason = str(new.payload["reason"])
                    await queries.record_protection(change.connection, now.id, turn.last, reason, change.at)
            change.set(answered_number=turn.last, **step.values)
            if step.values.get("status") is Status.WAITING:
                change.set(waiting_since=change.at)
            change.alert = step.alert
            await self._keep(change, turn, drafts)
        after = change.conversation
        if turn.conversation.status is Status.BOT:
            self._hub.tell(Typing(after.id, Author.BOT, is_typing=False))
        if after.status is Status.HELD and drafts is None and decision is not None:
            await self._draft(after.id)  # a person has taken over what the bot was about to answer
        return True


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        logger.error("turn_failed", exc_info=error)
