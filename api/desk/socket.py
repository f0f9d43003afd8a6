"""The desk's socket: what changes anywhere, what happens in the conversation looked at, drafts, and who is there."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import structlog
from fastapi import APIRouter, WebSocket

from api.chat import Chat
from api.conversations.hub import Behind, Changed, Gathered, Subscription, Typing, in_order
from api.conversations.presence import Viewer
from api.conversations.queries import events_after
from api.conversations.shown import desk_event
from api.conversations.values import Author, Event, Kind, Status, Written
from api.desk.board import BOARD, Row
from api.desk.schemas import FRAME, Frame, LookFrame, PingFrame, TypingFrame
from api.desk.viewing import Desk
from api.desk.views import viewers
from api.origins import is_own_origin
from api.problems import ProblemError
from api.staff.signed_in import signed_in
from api.staff.values import Staff
from api.wire import GoneError, InternalError, Wire

CHECK_SECONDS = 60  # how long a session that was ended may still listen
PAGE = 200

logger = structlog.get_logger()
router = APIRouter()


@router.websocket("/api/v1/desk/socket")
async def desk_socket(websocket: WebSocket) -> None:
    """One window of the desk."""
    if not is_own_origin(websocket.headers):
        await websocket.close(1008)  # before it is accepted, so that the handshake is answered with 403
        return
    me = await signed_in(websocket)
    await websocket.accept()
    if me is None:
        await websocket.close(4401)
        return
    with contextlib.suppress(GoneError):
        await DeskSocket(websocket, me).run()


class DeskSocket:
    """An open window."""

    def __init__(self, websocket: WebSocket, me: Staff) -> None:
        self._websocket = websocket
        self._chat: Chat = websocket.app.state.chat
        self._desk: Desk = websocket.app.state.desk
        self._wire: Wire[Frame] = Wire(websocket, FRAME)
        self._me = me
        self._subscription = Subscription()
        self._looking: str | None = None
        self._last = 0  # the last number told of the conversation looked at
        self._listening = contextlib.ExitStack()
        self._viewers: list[dict[str, Any]] = []

    async def run(self) -> None:
        """Until one side goes."""
        chat = self._chat
        with (
            chat.hub.listening(BOARD, self._subscription),
            chat.presence.colleague(self._me.id, may_hold=self._me.may_hold),
        ):
            me = {"id": self._me.id, "name": self._me.name, "email": self._me.email, "role": self._me.role.value}
            await self._wire.send(type="ready", me=me, counts=await self._desk.counts(self._me))
            tasks = [asyncio.create_task(work) for work in (self._push(), self._check())]
            try:
                await self._receive()
            finally:
                self._look_away()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _receive(self) -> None:
        while True:
            try:
                match await self._wire.receive():
                    case LookFrame(conversation=conversation, after=after):
                        await self._look(conversation, after)
                    case TypingFrame(conversation=conversation, is_typing=is_typing):
                        await self._type(conversation, is_typing=is_typing)
                    case PingFrame():
                        await self._wire.send(type="pong")
            except ProblemError as error:
                await self._wire.refuse(error)
            except GoneError:
                raise
            except Exception as error:  # exception handlers of HTTP never see what goes wrong in a socket
                logger.error("desk_socket_failed", kind=type(error).__name__, exc_info=error)
                await self._wire.refuse(InternalError("Something went wrong on our side; it has been logged."))

    async def _look(self, conversation_id: str | None, after: int | None) -> None:
        self._look_away()
        if conversation_id is None:
            return
        conversation = await self._chat.conversations.by_id(conversation_id)
        self._last = conversation.last_number if after is None else min(after, conversation.last_number)
        self._looking = conversation_id
        self._listening.enter_context(self._chat.hub.listening(conversation_id, self._subscription))
        self._chat.presence.look(self, conversation_id, Viewer(self._me.id, self._me.name))
        await self._catch_up()

    def _look_away(self) -> None:
        self._listening.close()
        if self._looking is not None:
            looked_at, self._looking = self._looking, None
            self._viewers = []
            self._chat.presence.look_away(self, looked_at)

    async def _type(self, conversation_id: str, *, is_typing: bool) -> None:
        conversation = await self._chat.conversations.by_id(conversation_id)
        if self._looking == conversation_id:
            self._chat.presence.look(self, conversation_id, Viewer(self._me.id, self._me.name, is_typing))
        if conversation.status is Status.HELD and conversation.consultant_id == self._me.id:
            self._chat.hub.tell(Typing(conversation_id, Author.CONSULTANT, is_typing, self._me.name, source=self))

    async def _push(self) -> None:
        try:
            while True:
                await self._pass_on(await self._subscription.next())
        except GoneError:
            await self._wire.close(1011)
        except Exception as error:
            logger.error("desk_push_failed", kind=type(error).__name__, exc_info=error)
            await self._wire.close(1011)

    async def _pass_on(self, signal: object) -> None:
        match signal:
            case Written(conversation=conversation, events=events):
                if conversation.id == self._looking:
                    await self._show(events)
            case Gathered(rows=rows, counts=counts):
                await self._tell(rows, counts.seen_by(self._me))
            case Typing(conversation=conversation_id, author=author, is_typing=is_typing, name=name, source=source):
                if conversation_id == self._looking and source is not self:
                    by = {"name": name} if name else {}
                    await self._wire.send(
                        type="typing", conversation=conversation_id, author=author, is_typing=is_typing, **by
                    )
            case Changed(conversation=conversation_id):
                await self._tell_viewers(conversation_id)
            case Behind():
                await self._catch_up()

    async def _show(self, events: tuple[Event, ...]) -> None:
        if in_order(events, self._last):
            await self._send(list(events))
        elif events and events[-1].number > self._last:
            await self._catch_up()

    async def _catch_up(self) -> None:
        while self._looking is not None:
            async with self._chat.database.reading() as connection:
                missed = await events_after(connection, self._looking, self._last, PAGE, for_player=False)
            await self._send(missed)
            if len(missed) < PAGE:
                return

    async def _send(self, events: list[Event]) -> None:
        fresh = [event for event in events if event.number > self._last]
        if not fresh or fresh[0].conversation != self._looking:
            return
        self._last = fresh[-1].number
        await self._wire.send(type="events", conversation=self._looking, events=[desk_event(e) for e in fresh])
        if any(event.kind is Kind.SUGGESTIONS_SHOWN for event in fresh):
            drafts = await self._desk.suggestions(self._me, fresh[0].conversation)
            if drafts["is_ready"]:  # else those for a newer message are on their way
                await self._wire.send(type="suggestions", conversation=fresh[0].conversation, **drafts)

    async def _tell(self, rows: tuple[Row, ...], counts: dict[str, int]) -> None:
        for row in rows:
            alert = row.alert_for(self._me)
            more = {"alert": alert} if alert else {}
            await self._wire.send(type="changed", conversation=row.summary, counts=counts, **more)

    async def _tell_viewers(self, conversation_id: str) -> None:
        if conversation_id != self._looking:
            return
        shown = viewers(self._chat.presence.viewers(conversation_id))
        if shown != self._viewers:
            self._viewers = shown
            await self._wire.send(type="presence", conversation=conversation_id, viewers=shown)

    async def _check(self) -> None:
        """Who was signed out elsewhere hears nothing more."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            if await signed_in(self._websocket) is None:
                await self._wire.close(4401)
                return
