"""What a player does: look for a time, book it, change it, cancel it. Each change is one short transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import State

from api.asking import ask
from api.callbacks import queries
from api.callbacks.free_places import FreePlaces
from api.callbacks.letters import entry, letter
from api.callbacks.numbers import callable_number
from api.callbacks.problems import (
    AlreadyBookedError,
    CallbackNotFoundError,
    CallbackOverError,
    TooManyCallbacksError,
)
from api.callbacks.screening import screened
from api.callbacks.told import tag, told_event
from api.callbacks.values import Callback, CallStatus
from api.callbacks.wishes import Wish
from api.chat import Chat
from api.conversations.changing import PREVIEW_MAX, changing
from api.conversations.protection import urgency_of
from api.conversations.service import hashed
from api.conversations.values import Author, Kind
from api.facts import facts_of
from api.text import to_html
from bot.decision import Decision
from bot.masking import mask
from knowledge_base.facts import Fact

OF_A_NUMBER_MAX = 2  # open call-backs: a household may want two, more would be somebody else's prank
TRIES = 3  # places of a slot that others may take between looking and booking


@dataclass(frozen=True)
class Booked:
    """A call-back, the key of its secret link, and what must be said at once to somebody in trouble."""

    callback: Callback
    token: str
    help_html: str | None = None


class Booking:
    """The use cases of the player's side; a time that is not free is refused with others that are."""

    def __init__(self, chat: Chat, state: State) -> None:
        self._chat = chat
        self._state = state
        self.places = FreePlaces(chat)

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What letters and calendar entries quote."""
        return facts_of(self._chat.settings.knowledge_base)

    async def book(self, conversation_id: str, wish: Wish) -> Booked:
        """A place in the slot; SlotTakenError with others where there is none left."""
        number = callable_number(wish.number).dialled
        topic = mask(wish.topic).text
        decision = await self._read(conversation_id, topic)
        token = secrets.token_urlsafe(32)
        for attempt in range(TRIES):
            try:
                callback = await self._book(conversation_id, wish, number, topic, decision, token)
            except IntegrityError:  # somebody took that very place; there may be another one
                if attempt == TRIES - 1:
                    raise await self.places.taken(wish.language) from None
                continue
            is_trouble = decision is not None and (decision.is_protected or urgency_of(decision.reason))
            help_html = to_html(decision.reply) if decision is not None and is_trouble else None
            return Booked(callback, token, help_html)
        raise AssertionError("unreachable")

    async def _book(
        self, conversation_id: str, wish: Wish, number: str, topic: str, decision: Decision | None, token: str
    ) -> Callback:
        async with self._changing(conversation_id) as change:
            connection, at = change.connection, change.at
            await self._refuse_repeats(connection, conversation_id, number)
            place, rules = await self.places.place(connection, wish.language, wish.slot_at), self.places.rules
            assert rules is not None  # else there is no place
            if decision is not None:
                await screened(change, decision)
            new = {
                "token_hash": hashed(token), "conversation_id": conversation_id, "lang": wish.language.value,
                "number": number, "email": wish.email, "topic": topic, "slot_at": wish.slot_at,
                "slot_minutes": rules.slot_minutes, "place": place, "due_at": wish.slot_at,
                "status": CallStatus.BOOKED, "attempts": 0, "sequence": 0, "urgency": change.conversation.urgency,
                "created_at": at,
            }  # fmt: skip
            callback_id = await queries.add(connection, new)
            callback = await self._kept(connection, callback_id)
            change.add(told_event(Kind.CALLBACK_BOOKED, callback, topic=topic))
            tag(change, callback)
            if not change.conversation.last_text:  # booked without a chat: this is what the queue has to show
                change.set(last_text=" ".join(topic.split())[:PREVIEW_MAX], last_author=Author.PLAYER.value)
            await self._write(connection, "booked", callback, wish.link(token))
        return callback

    async def _refuse_repeats(self, connection: AsyncConnection, conversation_id: str, number: str) -> None:
        if await queries.open_of_conversation(connection, conversation_id):
            raise AlreadyBookedError("A call is booked for this conversation already; change it by its link.")
        if await queries.open_of_number(connection, number) >= OF_A_NUMBER_MAX:
            raise TooManyCallbacksError("This number waits for calls already; change one of them by its link.")

    async def find(self, token: str) -> Callback:
        """What a secret link opens."""
        async with self._chat.database.reading() as connection:
            return _found(await queries.by_token(connection, hashed(token)))

    async def move(self, token: str, slot_at: datetime, link: str | None) -> Callback:
        """To another time; the calendar entry follows."""
        callback = await self.find(token)
        try:
            async with self._changing(callback.conversation) as change:
                callback = await self._open(change.connection, token)
                if slot_at == callback.slot_at:
                    change.repeats()
                    return callback
                place = await self.places.place(change.connection, callback.lang, slot_at)
                values = {"slot_at": slot_at, "due_at": slot_at, "place": place, "sequence": callback.sequence + 1}
                await queries.change(change.connection, callback.id, values)
                callback = await self._kept(change.connection, callback.id)
                change.add(told_event(Kind.CALLBACK_CHANGED, callback))
                tag(change, callback)
                await self._write(change.connection, "changed", callback, link)
        except IntegrityError:
            raise await self.places.taken(callback.lang) from None
        return callback

    async def cancel(self, token: str) -> Callback:
        """Nobody calls; cancelling twice is cancelling once."""
        callback = await self.find(token)
        if callback.status is CallStatus.CANCELLED:
            return callback
        async with self._changing(callback.conversation) as change:
            callback = await self._open(change.connection, token)
            values = {
                "status": CallStatus.CANCELLED, "place": None, "sequence": callback.sequence + 1, "closed_at": change.at
            }  # fmt: skip
            await queries.change(change.connection, callback.id, values)
            callback = await self._kept(change.connection, callback.id)
            change.add(told_event(Kind.CALLBACK_CANCELLED, callback))
            tag(change, callback)
            await self._write(change.connection, "cancelled", callback, None)
        return callback

    def calendar(self, callback: Callback, link: str | None) -> bytes:
        """The entry to be downloaded."""
        return entry(callback, self.facts, link, self._now())

    async def _open(self, connection: AsyncConnection, token: str) -> Callback:
        """Still to be called, and nobody is calling right now."""
        callback = _found(await queries.by_token(connection, hashed(token), lock=True))
        if callback.status is not CallStatus.BOOKED or callback.staff_id is not None or callback.attempts:
            raise CallbackOverError("This call is over or under way, so that it can no longer be changed.")
        return callback

    async def _read(self, conversation_id: str, topic: str) -> Decision | None:
        """What the bot makes of the topic: harm must be heard here too."""
        if not topic:
            return None
        conversation = await self._chat.conversations.by_id(conversation_id)
        return await ask(self._state, self._state.engine, topic, (), conversation.is_protected)

    async def _write(self, connection: AsyncConnection, kind: str, callback: Callback, link: str | None) -> None:
        mail = self._chat.mail
        if callback.email is not None and mail.can_send:
            await mail.enqueue(connection, letter(kind, callback, self.facts, link, self._now()))

    async def _kept(self, connection: AsyncConnection, callback_id: int) -> Callback:
        return _found(await queries.by_id(connection, callback_id))

    def _changing(self, conversation_id: str) -> Any:
        return changing(self._chat.database, self._chat.hub, conversation_id, self._now())

    def _now(self) -> datetime:
        return self._chat.conversations.now()


def _found(callback: Callback | None) -> Callback:
    if callback is None:
        raise CallbackNotFoundError("This link opens no call.")
    return callback
