"""The player's socket: frames in, events out in order and each exactly once. See docs/chat-protocol.md."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import structlog
from fastapi import APIRouter, WebSocket

from api.addresses import address_of
from api.chat import Chat
from api.conversations.hub import Behind, Changed, Subscription, Typing, in_order
from api.conversations.problems import UnauthorizedError
from api.conversations.shown import player_conversation, player_event
from api.conversations.values import Author, Conversation, Event, Written
from api.limits import Bucket, Rate, RateLimitedError, refuse_if_waiting
from api.origins import may_open_socket
from api.problems import ProblemError
from api.widget.schemas import (
    FRAME,
    FeedbackFrame,
    Frame,
    HelloFrame,
    MessageFrame,
    PlainFrame,
    RatingFrame,
    ReadFrame,
    TypingFrame,
)
from api.wire import GoneError, InternalError, Wire

HELLO_SECONDS_MAX = 10
PAGE = 100
MESSAGES = Rate(10, 1)

logger = structlog.get_logger()
router = APIRouter()


class HelloExpectedError(ProblemError):
    """The first frame must say which conversation it is."""

    status = 400
    code = "hello_expected"


@router.websocket("/api/v1/conversations/socket")
async def player_socket(websocket: WebSocket) -> None:
    """One tab of a player."""
    chat: Chat = websocket.app.state.chat
    if not may_open_socket(websocket.headers, chat.settings.allowed_origins):
        await websocket.close(1008)  # before it is accepted, so that the handshake is answered with 403
        return
    address = address_of(websocket)
    with chat.limits.sockets.taking(address) as has_place:
        await websocket.accept()
        wire: Wire[Frame] = Wire(websocket, FRAME)
        with contextlib.suppress(GoneError):
            if not has_place:
                await wire.refuse(RateLimitedError(retry_after=30))
                await wire.close(4429)
                return
            conversation, after = await _hello(chat, wire)
            await PlayerSocket(chat, wire, address, conversation, after).run()


async def _hello(chat: Chat, wire: Wire[Frame]) -> tuple[Conversation, int]:
    """The conversation of the first frame; anything else closes the socket."""
    try:
        async with asyncio.timeout(HELLO_SECONDS_MAX):
            frame = await wire.receive()
        if not isinstance(frame, HelloFrame):
            raise HelloExpectedError("The first frame is hello, with the token.")
        return await chat.conversations.by_token(frame.token), frame.after
    except UnauthorizedError as error:
        await wire.refuse(error)
        await wire.close(4401)
    except (TimeoutError, ProblemError):
        await wire.refuse(HelloExpectedError("The first frame is hello, with the token."))
        await wire.close(4400)
    raise GoneError


class PlayerSocket:
    """An opened conversation."""

    def __init__(self, chat: Chat, wire: Wire[Frame], address: str, conversation: Conversation, after: int) -> None:
        self._chat = chat
        self._wire = wire
        self._address = address
        self._id = conversation.id
        self._last = min(after, conversation.last_number)  # the last number this side knows of, shown or not
        self._messages = Bucket(MESSAGES)
        self._told: dict[str, Any] = {}

    async def run(self) -> None:
        """Until one side goes."""
        with self._chat.hub.listening(self._id) as subscription, self._chat.presence.player(self._id):
            pushing = asyncio.create_task(self._push(subscription))
            try:
                await self._receive()
            finally:
                self._chat.hub.tell(Typing(self._id, Author.PLAYER, is_typing=False, source=self))
                pushing.cancel()
                await asyncio.gather(pushing, return_exceptions=True)

    async def _receive(self) -> None:
        while True:
            client_id: str | None = None
            try:
                frame = await self._wire.receive()
                client_id = frame.client_id if isinstance(frame, MessageFrame) else None
                await self._do(frame)
            except ProblemError as error:
                await self._wire.refuse(error, client_id)
            except GoneError:
                raise
            except Exception as error:  # exception handlers of HTTP never see what goes wrong in a socket
                logger.error("socket_failed", kind=type(error).__name__, exc_info=error)
                detail = "Something went wrong on our side; it has been logged."
                await self._wire.refuse(InternalError(detail), client_id)

    async def _do(self, frame: Frame) -> None:
        conversations = self._chat.conversations
        if isinstance(frame, (MessageFrame, FeedbackFrame, RatingFrame)):  # what is kept for good
            refuse_if_waiting(self._messages.take())
            self._chat.limits.messages.check(self._address)
        match frame:
            case MessageFrame():
                written = await self._chat.say(self._id, frame.client_id, frame.text)
                await self._wire.send(type="ack", client_id=frame.client_id, number=written.number)
            case TypingFrame():
                self._chat.hub.tell(Typing(self._id, Author.PLAYER, frame.is_typing, source=self))
                if frame.is_typing:
                    self._chat.turns.still_typing(self._id)
            case ReadFrame():
                await conversations.read(self._id, frame.number)
            case FeedbackFrame():
                await conversations.give_feedback(self._id, frame.about, is_helpful=frame.is_helpful)
            case RatingFrame():
                await conversations.rate(self._id, frame.score, frame.comment)
            case PlainFrame(type="person"):
                await self._chat.ask_person(self._id)
            case PlainFrame(type="end"):
                await conversations.end(self._id)
            case PlainFrame():
                await self._wire.send(type="pong")
            case HelloFrame():
                raise HelloExpectedError("hello is said once, at the beginning.")

    async def _push(self, subscription: Subscription) -> None:
        """Never ends by itself; where the other side does not read, the socket is closed."""
        try:
            conversation = await self._chat.conversations.by_id(self._id)
            await self._wire.send(type="ready", conversation=self._shown(conversation))
            self._told = self._compared(conversation)
            await self._catch_up()
            while True:
                await self._pass_on(await subscription.next())
        except GoneError:
            await self._wire.close(1011)
        except Exception as error:
            logger.error("push_failed", kind=type(error).__name__, exc_info=error)
            await self._wire.close(1011)

    async def _pass_on(self, signal: object) -> None:
        match signal:
            case Written(conversation=conversation, events=events):
                if in_order(events, self._last):
                    await self._send(events, conversation.last_number if not events else events[-1].number)
                    await self._tell(conversation)
                elif events[-1].number > self._last:
                    await self._catch_up()
            case Typing(author=author, is_typing=is_typing, name=name, source=source):
                if author is not Author.PLAYER and source is not self:
                    by = {"name": name} if name else {}
                    await self._wire.send(type="typing", author=author, is_typing=is_typing, **by)
            case Changed():
                await self._tell(await self._chat.conversations.by_id(self._id))
            case Behind():
                await self._catch_up()

    async def _catch_up(self) -> None:
        while True:
            events, conversation = await self._chat.conversations.missed(self._id, self._last, PAGE)
            is_all = len(events) < PAGE
            known = events[-1].number if events else 0
            await self._send(events, max(known, conversation.last_number) if is_all else known)
            if is_all:
                await self._tell(conversation)
                return

    async def _send(self, events: list[Event] | tuple[Event, ...], last: int) -> None:
        shown = [player_event(event) for event in events if event.is_for_player]
        self._last = max(self._last, last)
        if shown:
            await self._wire.send(type="events", events=shown)

    async def _tell(self, conversation: Conversation) -> None:
        compared = self._compared(conversation)
        if compared != self._told:
            self._told = compared
            await self._wire.send(type="conversation", conversation=self._shown(conversation))

    def _shown(self, conversation: Conversation) -> dict[str, Any]:
        return player_conversation(conversation, self._chat.conversations.now())

    def _compared(self, conversation: Conversation) -> dict[str, Any]:
        """What is worth a frame when it changes."""
        shown = self._shown(conversation)
        return {name: shown[name] for name in shown if name not in {"at", "last"}}
