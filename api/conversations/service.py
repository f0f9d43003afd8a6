"""What a player can do in a conversation; each method is one short transaction, told to the hub afterwards."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

import anyio.to_thread
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations import queries
from api.conversations.availability import Watch
from api.conversations.changing import Change, changing
from api.conversations.handing_over import handed_over
from api.conversations.hub import Changed, Hub
from api.conversations.problems import (
    ConversationClosedError,
    ConversationNotFoundError,
    MessageEmptyError,
    MessageTooLongError,
    NotAMessageError,
    UnauthorizedError,
)
from api.conversations.values import Author, Channel, Conversation, Event, Kind, NewEvent, Status, Urgency, Written
from api.database.connection import Database
from bot.bot import Bot
from bot.decision import Action, Reason
from bot.masking import MaskedText, mask
from knowledge_base.article import Language

MESSAGE_MAX = 4_000  # characters; what the bot understands
COMMENT_MAX = 1_000
MASKED_AT_ONCE_MAX = 300  # characters, about 0.3 ms

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The server's clock."""
    return datetime.now(UTC)


class Conversations:
    """The use cases of the player's side."""

    def __init__(self, database: Database, hub: Hub, now: Clock = utc_now) -> None:
        self.database = database
        self.hub = hub
        self.now = now
        self.watch: Watch | None = None  # set where the parts are joined

    async def start(
        self, language: Language, previous: str | None = None, channel: Channel = Channel.CHAT
    ) -> tuple[str, Conversation]:
        """A new conversation and its only key; the token of an earlier one says that it is the same player."""
        async with self.database.writing() as connection:
            earlier = await queries.conversation_by_token(connection, hashed(previous)) if previous else None
            return await opened(connection, language, channel, self.now(), earlier)

    async def by_token(self, token: str) -> Conversation:
        """The conversation a token opens; UnauthorizedError for any other text."""
        async with self.database.reading() as connection:
            found = await queries.conversation_by_token(connection, hashed(token))
        if found is None:
            raise UnauthorizedError("This token opens no conversation.")
        return found

    async def by_id(self, conversation_id: str) -> Conversation:
        """The conversation as it stands."""
        async with self.database.reading() as connection:
            return _found(await queries.conversation_by_id(connection, conversation_id))

    async def missed(self, conversation_id: str, after: int, limit: int) -> tuple[list[Event], Conversation]:
        """What the player has not seen yet, and the conversation as it stood just before that was read."""
        async with self.database.reading() as connection:
            conversation = _found(await queries.conversation_by_id(connection, conversation_id))
            found = await queries.events_after(connection, conversation_id, after, limit, for_player=True)
        return found, conversation

    async def say(self, conversation_id: str, client_id: str, text: str) -> Written:
        """Store a player's message, masked; a repeated client id gives the message that it has made already."""
        if len(text) > MESSAGE_MAX:
            raise MessageTooLongError(f"A message has at most {MESSAGE_MAX:,} characters; this one has {len(text):,}.")
        masked = await _masked(text)
        if not masked.text:
            raise MessageEmptyError("There is nothing in this message.")
        kinds = list(dict.fromkeys(item.type.value for item in masked.items))
        async with self._changing(conversation_id) as change:
            earlier = await queries.event_of_client(change.connection, conversation_id, Author.PLAYER, client_id)
            if earlier:
                change.repeats(earlier)
                return change.written
            _refuse_closed(change.conversation)
            new = NewEvent(Kind.MESSAGE, Author.PLAYER, {"text": masked.text, "masked": kinds}, client_id=client_id)
            change.add(new)
            change.set(unanswered_since=change.conversation.unanswered_since or change.at)
            change.alert = "message" if change.conversation.status is Status.HELD else None
        return change.written

    async def ask_person(self, conversation_id: str, bot: Bot) -> Written:
        """Into the queue at the player's wish; where it waits or is held already, nothing changes."""
        async with self._changing(conversation_id) as change:
            conversation = change.conversation
            _refuse_closed(conversation)
            if conversation.status is not Status.BOT:
                change.repeats()
                return change.written
            said = {
                "text": bot.replies.escalate(Reason.HUMAN_REQUESTED, Language(conversation.lang)),
                "action": Action.ESCALATE.value, "reason": Reason.HUMAN_REQUESTED.value, "choices": [], "sources": [],
                "language": conversation.lang, "answers": conversation.player_number,
            }  # fmt: skip
            message = NewEvent(Kind.MESSAGE, Author.BOT, said)
            presence = {}
            if self.watch is not None:
                here = await self.watch.look(
                    change.connection, conversation, Language(conversation.lang), conversation.urgency, change.at
                )
                message, presence = handed_over(message, bot, here), {"presence": here.state.value}
            change.add(message)
            about = {"reason": Reason.HUMAN_REQUESTED.value} | presence
            change.add(NewEvent(Kind.ESCALATED, Author.SYSTEM, about))
            change.set(
                status=Status.WAITING, waiting_since=change.at, reason=Reason.HUMAN_REQUESTED.value,
                unanswered_since=conversation.unanswered_since or change.at,
            )  # fmt: skip
            change.alert = "escalated"
        return change.written

    async def give_feedback(self, conversation_id: str, about: int, *, is_helpful: bool) -> Written:
        """Whether a message of the bot helped."""
        async with self._changing(conversation_id) as change:
            said = await queries.event(change.connection, conversation_id, about)
            if said is None or said.kind is not Kind.MESSAGE or said.author is not Author.BOT:
                raise NotAMessageError(f"Number {about} is no message of the assistant.")
            change.add(NewEvent(Kind.FEEDBACK, Author.PLAYER, {"about": about, "is_helpful": is_helpful}))
        return change.written

    async def read(self, conversation_id: str, number: int) -> None:
        """The player has seen everything up to there; never less than before, never more than there is."""
        async with self._changing(conversation_id) as change:
            change.repeats()  # no event: those who look are told that something is different
            before = change.conversation.player_read
            seen = min(max(number, before), change.conversation.last_number)
            change.set(player_read=seen)
        if seen != before:
            self.hub.tell(Changed(conversation_id))

    async def rate(self, conversation_id: str, score: int, comment: str) -> Written:
        """How the player found it, 1 to 5; the last rating counts."""
        masked = await _masked(comment[:COMMENT_MAX])
        async with self._changing(conversation_id) as change:
            change.add(NewEvent(Kind.RATED, Author.PLAYER, {"score": score, "comment": masked.text}))
            change.set(rating=score)
        return change.written

    async def end(self, conversation_id: str) -> Written:
        """The player has finished; ending twice is ending once."""
        async with self._changing(conversation_id) as change:
            if change.conversation.status is Status.CLOSED:
                change.repeats()
                return change.written
            change.add(NewEvent(Kind.CLOSED, Author.PLAYER, {"by": "player"}))
            change.set(
                status=Status.CLOSED, closed_at=change.at, waiting_since=None, unanswered_since=None,
                answered_number=change.conversation.player_number,
            )  # fmt: skip
        return change.written

    def _changing(self, conversation_id: str) -> AbstractAsyncContextManager[Change]:
        return changing(self.database, self.hub, conversation_id, self.now())


async def opened(
    connection: AsyncConnection, language: Language, channel: Channel, at: datetime,
    earlier: Conversation | None = None, subject: str = "",
) -> tuple[str, Conversation]:  # fmt: skip
    """A new, empty conversation and its key; the player and their protection are those of the earlier one."""
    token, conversation_id = secrets.token_urlsafe(32), f"c_{secrets.token_hex(8)}"
    await queries.add_conversation(
        connection,
        {
            "id": conversation_id, "token_hash": hashed(token), "lang": language.value, "status": Status.BOT,
            "player": earlier.player if earlier else f"p_{secrets.token_hex(8)}", "urgency": Urgency.NORMAL,
            "is_protected": earlier.is_protected if earlier else False, "created_at": at, "last_at": at,
            "last_number": 0, "last_text": "", "last_author": "", "player_number": 0, "answered_number": 0,
            "suggested_number": 0, "player_read": 0, "consultant_read": 0, "unread": 0, "tags": [],
            "channel": channel, "subject": subject,
        },
    )  # fmt: skip
    started = await queries.conversation_by_id(connection, conversation_id)
    assert started is not None
    return token, started


def hashed(token: str) -> str:
    """What is kept of a token; it has 256 random bits, so that a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def _masked(text: str) -> MaskedText:
    """A short text takes less time than the way to a thread and back; a long one must not hold up the others."""
    return mask(text) if len(text) <= MASKED_AT_ONCE_MAX else await anyio.to_thread.run_sync(mask, text)


def _found(conversation: Conversation | None) -> Conversation:
    if conversation is None:
        raise ConversationNotFoundError("There is no such conversation.")
    return conversation


def _refuse_closed(conversation: Conversation) -> None:
    if conversation.status is Status.CLOSED:
        raise ConversationClosedError("This conversation has ended; start a new one.")
