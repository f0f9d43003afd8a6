"""What a consultant does; each change is one short transaction, told to the hub afterwards."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from typing import Any

from rapidfuzz.distance import Levenshtein
from sqlalchemy.ext.asyncio import AsyncConnection

from api.chat import Chat
from api.conversations import queries
from api.conversations.changing import Change, changing
from api.conversations.problems import (
    AlreadyHeldError,
    ConversationClosedError,
    ConversationNotFoundError,
    NotHeldByYouError,
)
from api.conversations.turns import HISTORY
from api.conversations.values import Author, Conversation, Event, Kind, NewEvent, Outcome, Status, Urgency, Written
from api.desk.problems import (
    ColleagueNotFoundError,
    FiguresDifferError,
    LettersNeedPeopleError,
    SuggestionNotFoundError,
)
from api.desk.queries import record_reply_time
from api.staff import queries as staff_queries
from api.staff.signed_in import ForbiddenError
from api.staff.values import Staff
from api.suggestions import queries as suggestion_queries
from api.suggestions.service import figures_changed
from api.suggestions.values import Dismissal, Suggestion, SuggestionStatus
from api.translation.values import Outgoing


class DeskActions:
    """The use cases that change something."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def take(self, me: Staff, conversation_id: str) -> Written:
        """Make it one's own; of two at once, one gets it and the other is told who has it."""
        _refuse_editors(me)
        async with self._changing(conversation_id) as change:
            conversation = change.conversation
            _refuse_closed(conversation)
            if conversation.status is Status.HELD and conversation.consultant_id == me.id:
                change.repeats()
            elif conversation.status is Status.HELD:
                holder = {"id": conversation.consultant_id, "name": conversation.consultant}
                raise AlreadyHeldError(f"{conversation.consultant} has taken this conversation.", consultant=holder)
            else:
                _add(change, Kind.JOINED, me)
                change.set(
                    status=Status.HELD, consultant_id=me.id, consultant=me.name, waiting_since=None,
                    consultant_read=change.events[-1].number, unread=0,
                )  # fmt: skip
        self._chat.draft_soon(change.written.conversation)
        return change.written

    async def release(self, me: Staff, conversation_id: str) -> Written:
        """Back into the queue, for a colleague."""
        async with self._changing(conversation_id, held_by=me) as change:
            _add(change, Kind.RELEASED, me)
            change.set(status=Status.WAITING, consultant_id=None, consultant=None, waiting_since=change.at)
            change.alert = "escalated"
        return change.written

    async def transfer(self, me: Staff, conversation_id: str, to: int) -> Written:
        """To a colleague, who holds it at once."""
        async with self._changing(conversation_id, held_by=me) as change:
            colleague = await staff_queries.by_id(change.connection, to)
            if colleague is None or not colleague.may_hold or colleague.id == me.id:
                raise ColleagueNotFoundError("Nobody of that id can take a conversation.")
            _add(change, Kind.JOINED, colleague, from_name=me.name)
            change.set(consultant_id=colleague.id, consultant=colleague.name)
            change.alert = "transferred"
        return change.written

    async def hand_back(self, me: Staff, conversation_id: str) -> Written:
        """The bot answers again; protection stays."""
        async with self._changing(conversation_id, held_by=me) as change:
            if change.conversation.channel.is_written:
                raise LettersNeedPeopleError("A person answers every letter; release it for a colleague instead.")
            _add(change, Kind.HANDED_BACK, me)
            change.set(
                status=Status.BOT,
                consultant_id=None,
                consultant=None,
                urgency=Urgency.NORMAL,
                reason=None,
                unanswered_since=None,
            )
        return change.written

    async def close(self, me: Staff, conversation_id: str, outcome: Outcome) -> Written:
        """Finished, and how."""
        async with self._changing(conversation_id, held_by=me) as change:
            _close(change, me, outcome)
        return change.written

    async def say(
        self,
        me: Staff,
        conversation_id: str,
        client_id: str,
        text: str,
        suggestion_id: int | None = None,
        *,
        is_figure_change_meant: bool = False,
        written_in: str | None = None,
        subject: str | None = None,
        closes: Outcome | None = None,
    ) -> Written:
        """A message to the player; one made from a draft records how much of the draft is left in it."""
        said = await self._chat.translations.outgoing(conversation_id, text, written_in, me.name)
        if subject is not None:
            said = dataclasses.replace(said, payload=dict(said.payload) | {"subject": subject})
        async with self._changing(conversation_id) as change:
            earlier = await queries.event_of_client(change.connection, conversation_id, Author.CONSULTANT, client_id)
            if earlier and earlier.staff_id == me.id:
                change.repeats(earlier)
            else:
                _refuse_strangers(change.conversation, me)
                await self._say(change, me, client_id, said, suggestion_id, is_figure_change_meant)
                if closes is not None:
                    _close(change, me, closes)
        return change.written

    async def _say(
        self, change: Change, me: Staff, client_id: str, written: Outgoing, suggestion_id: int | None, is_meant: bool
    ) -> None:
        conversation, connection, text = change.conversation, change.connection, written.text
        if written.differences and not is_meant:
            lost = list(written.differences)
            raise FiguresDifferError(
                "The translation does not say these as they were typed.", figures=lost, of="translation"
            )
        is_first = not await queries.has_spoken(connection, conversation.id, me.id)
        suggestion, draft = None, ""
        if suggestion_id is not None:
            suggestion = await _suggestion(connection, conversation.id, suggestion_id)
            draft = self._chat.suggestions.text_of(suggestion, conversation, me.name, is_first=is_first)
            changed = await self._changed(connection, suggestion, draft, text)
            if changed and not is_meant:
                raise FiguresDifferError("These figures are not those of the facts.", figures=changed)
        said = _add(change, Kind.MESSAGE, me, client_id, text=text, suggestion_id=suggestion_id, **written.payload)
        if suggestion is not None:
            await self._record(change, me, suggestion, draft, text, said, is_figure_changed=is_meant)
        if conversation.unanswered_since is not None:
            await change.save()  # the row refers to the event
            waited = change.at - conversation.unanswered_since
            await record_reply_time(
                connection,
                {
                    "conversation_id": conversation.id, "number": said.number, "staff_id": me.id, "at": change.at,
                    "article_id": suggestion.article_id if suggestion else None, "is_first": is_first,
                    "waited_ms": max(0, round(waited.total_seconds() * 1000)),
                },
            )  # fmt: skip
        change.set(unanswered_since=None, unread=0, consultant_read=said.number)

    async def _record(
        self, change: Change, me: Staff, suggestion: Suggestion, draft: str, text: str, said: Event,
        *, is_figure_changed: bool,
    ) -> None:  # fmt: skip
        distance = Levenshtein.distance(draft, text)
        status = SuggestionStatus.EDITED if distance else SuggestionStatus.ACCEPTED
        await suggestion_queries.settle(
            change.connection, suggestion.id, status, me.id, change.at, edit_distance=distance
        )
        about: dict[str, Any] = {"suggestion_id": suggestion.id, "message": said.number}
        if status is SuggestionStatus.ACCEPTED:
            _add(change, Kind.SUGGESTION_ACCEPTED, me, **about)
        else:
            about |= {"edit_distance": distance, "is_figure_changed": is_figure_changed}
            _add(change, Kind.SUGGESTION_EDITED, me, **about)

    async def figures(self, me: Staff, conversation_id: str, suggestion_id: int, text: str) -> list[str]:
        """The figures of an edited draft that are none of its facts'."""
        async with self._chat.database.reading() as connection:
            conversation = await queries.conversation_by_id(connection, conversation_id)
            if conversation is None:
                raise ConversationNotFoundError("There is no such conversation.")
            suggestion = await _suggestion(connection, conversation_id, suggestion_id)
            draft = self._chat.suggestions.text_of(suggestion, conversation, me.name, is_first=True)
            return await self._changed(connection, suggestion, draft, text)

    async def dismiss(self, me: Staff, conversation_id: str, suggestion_id: int, reason: Dismissal) -> Written:
        """The draft was of no use, and why."""
        async with self._changing(conversation_id, held_by=me) as change:
            suggestion = await _suggestion(change.connection, conversation_id, suggestion_id)
            if suggestion.status is SuggestionStatus.SHOWN:
                await suggestion_queries.settle(
                    change.connection, suggestion_id, SuggestionStatus.DISMISSED, me.id, change.at,
                    because=reason.value,
                )  # fmt: skip
                _add(change, Kind.SUGGESTION_DISMISSED, me, suggestion_id=suggestion_id, reason=reason.value)
            else:
                change.repeats()
        return change.written

    async def note(self, me: Staff, conversation_id: str, text: str) -> Written:
        """For colleagues; a player never sees it."""
        async with self._changing(conversation_id) as change:
            _add(change, Kind.NOTE, me, text=text)
        return change.written

    async def tag(self, me: Staff, conversation_id: str, tags: list[str]) -> Written:
        """All tags of the conversation, each once."""
        async with self._changing(conversation_id) as change:
            kept = list(dict.fromkeys(tags))
            if kept == list(change.conversation.tags):
                change.repeats()
            else:
                _add(change, Kind.TAGGED, me, tags=kept)
                change.set(tags=kept)
        return change.written

    async def read(self, me: Staff, conversation_id: str, number: int) -> Written:
        """The holder has seen everything up to there; nobody else's looking counts."""
        async with self._changing(conversation_id) as change:
            conversation = change.conversation
            if conversation.consultant_id == me.id and number > conversation.consultant_read:
                seen = min(number, conversation.last_number)
                left = await queries.unread_after(change.connection, conversation_id, seen)
                change.set(consultant_read=seen, unread=left)
        return change.written

    async def _changed(self, connection: AsyncConnection, suggestion: Suggestion, draft: str, text: str) -> list[str]:
        asked = await queries.player_messages(
            connection, suggestion.conversation, upto=suggestion.answers, limit=HISTORY
        )
        return figures_changed(text, draft, asked)

    @contextlib.asynccontextmanager
    async def _changing(self, conversation_id: str, held_by: Staff | None = None) -> AsyncIterator[Change]:
        chat = self._chat
        async with changing(chat.database, chat.hub, conversation_id, chat.conversations.now()) as change:
            if held_by is not None:
                _refuse_strangers(change.conversation, held_by)
            yield change


def _add(change: Change, kind: Kind, staff: Staff, client_id: str | None = None, **payload: Any) -> Event:
    """An event of this person's."""
    return change.add(NewEvent(kind, Author.CONSULTANT, {"name": staff.name} | payload, staff.id, client_id))


async def _suggestion(connection: AsyncConnection, conversation_id: str, suggestion_id: int) -> Suggestion:
    found = await suggestion_queries.by_id(connection, conversation_id, suggestion_id)
    if found is None:
        raise SuggestionNotFoundError("This conversation has no such draft.")
    return found


def _close(change: Change, me: Staff, outcome: Outcome) -> None:
    _add(change, Kind.CLOSED, me, by="consultant", outcome=outcome.value)
    change.set(
        status=Status.CLOSED, closed_at=change.at, outcome=outcome.value, unanswered_since=None, unread=0,
        answered_number=change.conversation.player_number,
    )  # fmt: skip


def _refuse_editors(me: Staff) -> None:
    if not me.may_hold:
        raise ForbiddenError("Editors do not hold conversations.")


def _refuse_closed(conversation: Conversation) -> None:
    if conversation.status is Status.CLOSED:
        raise ConversationClosedError("This conversation has ended.")


def _refuse_strangers(conversation: Conversation, me: Staff) -> None:
    _refuse_closed(conversation)
    if conversation.status is not Status.HELD or conversation.consultant_id != me.id:
        raise NotHeldByYouError("Only the one who holds a conversation can do this; take it first.")
