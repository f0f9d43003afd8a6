"""What a consultant does with call-backs: see who is to be called when, call, and say how it ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.callbacks import queries
from api.callbacks.letters import letter
from api.callbacks.problems import AlreadyCallingError, CallbackNotFoundError, CallbackOverError
from api.callbacks.slots import next_try, rules_of
from api.callbacks.told import tag, told_event
from api.callbacks.values import Attempt, Callback, CallOutcome, CallStatus
from api.chat import Chat
from api.conversations.changing import Change, changing
from api.conversations.queries import events_before
from api.conversations.values import Author, Event, Kind
from api.facts import facts_of
from api.opening.hours import Channel
from api.staff.signed_in import ForbiddenError
from api.staff.values import Staff
from bot.masking import mask

NOTE_MAX = 2_000  # characters

_ENDS = {CallOutcome.DONE: CallStatus.DONE, CallOutcome.WRONG_NUMBER: CallStatus.WRONG_NUMBER}


@dataclass(frozen=True)
class Opened:
    """A call-back with all its tries."""

    callback: Callback
    attempts: list[Attempt]


class Calling:
    """The use cases of the desk's side."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def listed(self, me: Staff) -> tuple[list[Callback], list[Callback]]:
        """Those to be called, the overdue on top, and those that were finished last."""
        _refuse_editors(me)
        async with self._chat.database.reading() as connection:
            return await queries.to_call(connection), await queries.lately_closed(connection)

    async def due(self, me: Staff) -> int:
        """How many are to be called now and nobody is calling."""
        _refuse_editors(me)
        async with self._chat.database.reading() as connection:
            return await queries.due(connection, self._chat.conversations.now())

    async def opened(self, me: Staff, callback_id: int) -> Opened:
        """One of them."""
        _refuse_editors(me)
        async with self._chat.database.reading() as connection:
            callback = _found(await queries.by_id(connection, callback_id))
            return Opened(callback, await queries.attempts(connection, callback_id))

    async def conversation(self, callback: Callback, limit: int) -> list[Event]:
        """What has happened in its conversation so far."""
        async with self._chat.database.reading() as connection:
            return await events_before(connection, callback.conversation, None, limit)

    async def begin(self, me: Staff, callback_id: int) -> Callback:
        """I am calling: of two at once, one does; AlreadyCallingError says who."""

        async def do(change: Change, callback: Callback) -> dict[str, Any] | None:
            _refuse_over(callback)
            if callback.staff_id == me.id:
                change.repeats()
                return None
            if callback.staff_id is not None:
                raise AlreadyCallingError(f"{callback.caller} is calling already.", name=callback.caller)
            change.repeats()  # nothing that the conversation has to know of
            return {"staff_id": me.id}

        return await self._do(me, callback_id, do)

    async def leave(self, me: Staff, callback_id: int) -> Callback:
        """I am not calling after all."""

        async def do(change: Change, callback: Callback) -> dict[str, Any] | None:
            _refuse_over(callback)
            _refuse_others(callback, me)
            change.repeats()
            return {"staff_id": None}

        return await self._do(me, callback_id, do)

    async def ended(self, me: Staff, callback_id: int, outcome: CallOutcome, note: str) -> Callback:
        """How the try ended; where nobody answered, the next one is set, or the player told that there is none."""
        note = mask(note).text

        async def do(change: Change, callback: Callback) -> dict[str, Any] | None:
            _refuse_over(callback)
            _refuse_others(callback, me)
            values = await self._after(change.connection, callback, outcome, change.at)
            next_at = values.get("due_at")
            await queries.add_attempt(change.connection, callback_id, me.id, change.at, outcome, note, next_at)
            about = {"name": me.name, "outcome": outcome.value, "note": note}
            change.add(told_event(Kind.CALLBACK_ATTEMPTED, callback, Author.CONSULTANT, me.id, **about))
            await self._tell_failure(change, callback, CallStatus(values["status"]))
            tag(change, replace(callback, status=CallStatus(values["status"]), due_at=next_at or callback.due_at))
            return values

        return await self._do(me, callback_id, do)

    async def _after(
        self, connection: AsyncConnection, callback: Callback, outcome: CallOutcome, at: datetime
    ) -> dict[str, Any]:
        """The call-back's new values; its place in the slot is free again once it was tried."""
        values: dict[str, Any] = {"attempts": callback.attempts + 1, "place": None, "staff_id": None}
        if outcome is CallOutcome.REACHED:
            return values | {"status": CallStatus.REACHED}
        if outcome in _ENDS:
            return values | {"status": _ENDS[outcome], "closed_at": at}
        rules = rules_of(facts_of(self._chat.settings.knowledge_base))
        if rules is not None and callback.attempts + 1 < rules.attempts_max:
            hours = await self._chat.opening.hours(connection, Channel.PHONE, callback.lang)
            next_at = next_try(hours, rules, at)
            if next_at is not None:
                return values | {"status": CallStatus.BOOKED, "due_at": next_at}
        return values | {"status": CallStatus.UNREACHABLE, "closed_at": at}

    async def _tell_failure(self, change: Change, callback: Callback, status: CallStatus) -> None:
        """The player hears that nobody calls any more, and why."""
        if status not in {CallStatus.UNREACHABLE, CallStatus.WRONG_NUMBER}:
            return
        change.add(told_event(Kind.CALLBACK_FAILED, callback, Author.SYSTEM, why=status.value))
        if callback.email is not None and self._chat.mail.can_send:
            facts = facts_of(self._chat.settings.knowledge_base)
            await self._chat.mail.enqueue(change.connection, letter(status.value, callback, facts, None, change.at))

    async def _do(
        self, me: Staff, callback_id: int, do: Callable[[Change, Callback], Awaitable[dict[str, Any] | None]]
    ) -> Callback:
        """One change of a call-back, which nobody else changes meanwhile."""
        _refuse_editors(me)
        chat = self._chat
        async with chat.database.reading() as connection:
            known = _found(await queries.by_id(connection, callback_id))
        async with changing(chat.database, chat.hub, known.conversation, chat.conversations.now()) as change:
            callback = _found(await queries.by_id(change.connection, callback_id, lock=True))
            values = await do(change, callback)
            if values:
                await queries.change(change.connection, callback_id, values)
            return _found(await queries.by_id(change.connection, callback_id))


def _found(callback: Callback | None) -> Callback:
    if callback is None:
        raise CallbackNotFoundError("There is no such call.")
    return callback


def _refuse_editors(me: Staff) -> None:
    if not me.may_hold:
        raise ForbiddenError("Editors do not call players.")


def _refuse_over(callback: Callback) -> None:
    if not callback.is_open:
        raise CallbackOverError("This call is over.")


def _refuse_others(callback: Callback, me: Staff) -> None:
    if callback.staff_id is not None and callback.staff_id != me.id:
        raise AlreadyCallingError(f"{callback.caller} is calling already.", name=callback.caller)
