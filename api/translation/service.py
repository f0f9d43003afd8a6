"""Conversations read and answered through a translation: switched on and off, looked after, never held up.

What a player said is translated after it has been stored, as an event of its own, so that a failure loses nothing; what
a consultant writes is translated before it is stored, and stays as it was typed where that fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any

import anyio.to_thread
import structlog

from api.conversations import queries as conversation_queries
from api.conversations.changing import changing
from api.conversations.hub import DESK, Hub
from api.conversations.problems import ConversationNotFoundError
from api.conversations.service import Clock
from api.conversations.values import Author, Event, Kind, NewEvent, Written
from api.database.connection import Database
from api.problems import ProblemError
from api.staff.values import Staff
from api.translation import queries
from api.translation.checked import CheckedTranslator
from api.translation.problems import NoTranslatorError, TranslationUnavailableError
from api.translation.translator import TranslationFailedError
from api.translation.values import Outgoing, Switch, Translation
from api.watching import look_again_and_again

LOOK_AGAIN_SECONDS = 30  # for what a process before this one has left
UNDETERMINED = "und"
REMEMBERED = 1_000

logger = structlog.get_logger()


class Translations:
    """The use cases; without a translator nothing can be switched on, and messages stay as they are."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        translator: CheckedTranslator | None,
        detect: Callable[[str], str],
        names: Callable[[], Collection[str]],
        now: Clock,
    ) -> None:
        self._database = database
        self._hub = hub
        self._translator = translator
        self._detect = detect
        self._names = names
        self._now = now
        self._languages: dict[str, str] = {}  # of texts that were looked at; a head is shown again and again
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._watching: list[asyncio.Task[None]] = []

    @property
    def is_available(self) -> bool:
        """Whether there is a translator."""
        return self._translator is not None

    async def text(self, text: str, source: str, target: str, names: Collection[str] = ()) -> Translation:
        """Any text; TranslationUnavailableError where none comes in time."""
        if self._translator is None:
            raise NoTranslatorError("No translator is set up; see docs/translation.md.")
        try:
            return await self._translator.translate(text, source, target, {*self._names(), *names})
        except TranslationFailedError as error:
            raise TranslationUnavailableError(f"No translation: {error}.") from error

    async def state(self, conversation_id: str) -> Switch | None:
        """How the conversation is read."""
        async with self._database.reading() as connection:
            return await queries.switch_of(connection, conversation_id)

    async def language_of(self, conversation_id: str) -> str:
        """The language the player writes, by the last messages; the page's where nothing can be told."""
        async with self._database.reading() as connection:
            conversation = await conversation_queries.conversation_by_id(connection, conversation_id)
            if conversation is None:
                raise ConversationNotFoundError("There is no such conversation.")
            upto = conversation.player_number
            said = await conversation_queries.player_messages(connection, conversation_id, upto=upto, limit=3)
        found = await self._language("\n".join(event.payload["text"] for event in said)) if said else UNDETERMINED
        return conversation.lang if found == UNDETERMINED else found

    async def switch(
        self, me: Staff, conversation_id: str, desk_language: str, player_language: str | None, *, is_on: bool
    ) -> Written:
        """From now on through a translation, or no longer; both sides are told."""
        if is_on and self._translator is None:
            raise NoTranslatorError("No translator is set up; see docs/translation.md.")
        theirs = player_language or await self.language_of(conversation_id)
        async with changing(self._database, self._hub, conversation_id, self._now()) as change:
            before = await queries.switch_of(change.connection, conversation_id)
            looked = before.looked_number if before and before.desk_language == desk_language else 0
            after = Switch(conversation_id, is_on, theirs, desk_language, looked)
            if before == after or (before is None and not is_on):
                change.repeats()
            else:
                await queries.put_switch(change.connection, after, change.at)
                payload = {"name": me.name, **after.to_json()}
                change.add(NewEvent(Kind.TRANSLATION_SWITCHED, Author.CONSULTANT, payload, me.id))
        if is_on:
            self._take_up(conversation_id)
        return change.written

    async def translate_again(self, conversation_id: str, number: int, target: str) -> Written:
        """One message that was not, or not well, translated; it is asked for, so a failure is told."""
        async with self._database.reading() as connection:
            event = await conversation_queries.event(connection, conversation_id, number)
        if event is None or event.kind is not Kind.MESSAGE:
            raise ConversationNotFoundError("There is no such message.")
        source = await self._source(event, target, await self.language_of(conversation_id))
        made = await self.text(event.payload["text"], source, target)
        async with changing(self._database, self._hub, conversation_id, self._now()) as change:
            change.add(_translated(number, made))
        return change.written

    async def outgoing(self, conversation_id: str, text: str, written_in: str | None, name: str) -> Outgoing:
        """A consultant's message for the player: translated where it is in another language, else as it is."""
        switch = await self.state(conversation_id) if written_in else None
        if switch is None or not switch.is_on or written_in == switch.player_language or written_in is None:
            return Outgoing(text)
        between = {"from": written_in, "to": switch.player_language}
        try:
            made = await self.text(text, written_in, switch.player_language, {name})
        except ProblemError:
            return Outgoing(text, {"untranslated": between})
        return Outgoing(made.text, {"translation": {**between, "original": text, "by": made.by}}, made.differences)

    async def of_messages(self, conversation_id: str, first: int) -> dict[int, dict[str, Any]]:
        """The newest translation of each message from a number on."""
        async with self._database.reading() as connection:
            found = await queries.translations_after(connection, conversation_id, first)
        return {int(event.payload["about"]): dict(event.payload) for event in found}

    def open(self) -> None:
        """Begin to listen; nothing to do without a translator."""
        if self._translator is not None:
            again = look_again_and_again(self._look, LOOK_AGAIN_SECONDS, "looking_for_translations_failed")
            work = (self._listen(), again, self._warm(self._translator))
            self._watching = [asyncio.get_running_loop().create_task(each) for each in work]

    async def close(self) -> None:
        """Stop; what is left is taken up at the next start."""
        tasks = [*self._watching, *self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._translator is not None:
            await self._translator.close()

    async def _warm(self, translator: CheckedTranslator) -> None:
        try:
            await translator.open()
        except TranslationFailedError as error:
            logger.error("translator_not_ready", why=str(error))

    async def _listen(self) -> None:
        with self._hub.listening(DESK) as subscription:
            while True:
                match await subscription.next():
                    case Written(conversation=conversation, events=events) if any(map(_is_foreign, events)):
                        switch = await self.state(conversation.id)
                        if switch is not None and switch.is_on:
                            self._take_up(conversation.id)

    async def _look(self) -> None:
        """What should have been translated and was not is taken up again."""
        async with self._database.scanning() as connection:
            left = await queries.left_open(connection)
        for conversation_id in left:
            self._take_up(conversation_id)

    def _take_up(self, conversation_id: str) -> None:
        before = self._tasks.get(conversation_id)
        task = asyncio.get_running_loop().create_task(self._translate_new(conversation_id, before))
        self._tasks[conversation_id] = task
        task.add_done_callback(lambda done: self._done(conversation_id, done))

    def _done(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(conversation_id) is task:
            del self._tasks[conversation_id]
        if not task.cancelled() and (error := task.exception()):
            logger.error("translating_failed", conversation=conversation_id, exc_info=error)

    async def _translate_new(self, conversation_id: str, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._database.reading() as connection:
            switch = await queries.switch_of(connection, conversation_id)
            if switch is None or not switch.is_on:
                return
            said = await queries.spoken_after(connection, conversation_id, switch.looked_number)
        for event in said:
            number, text = event.number, str(event.payload["text"])
            source = await self._source(event, switch.desk_language, switch.player_language)
            new = None
            if source != switch.desk_language:
                try:
                    new = _translated(number, await self.text(text, source, switch.desk_language))
                except ProblemError:
                    new = NewEvent(Kind.TRANSLATED, Author.SYSTEM, {"about": number, "text": None})
            async with changing(self._database, self._hub, conversation_id, self._now()) as change:
                await queries.looked(change.connection, conversation_id, number)
                if new is None:
                    change.repeats()
                else:
                    change.add(new)

    async def _source(self, said: Event, desk_language: str, player_language: str) -> str:
        """The bot knows which language it speaks; a player may write the consultant's now and then."""
        if "language" in said.payload:
            return str(said.payload["language"])
        return desk_language if await self._language(said.payload["text"]) == desk_language else player_language

    async def _language(self, text: str) -> str:
        """Off the event loop: in doubt a general detector is asked, which takes long to load and a while to think."""
        if text not in self._languages:
            if len(self._languages) >= REMEMBERED:
                self._languages.clear()
            self._languages[text] = await anyio.to_thread.run_sync(self._detect, text)
        return self._languages[text]


def _is_foreign(event: Event) -> bool:
    return event.kind is Kind.MESSAGE and event.author in {Author.PLAYER, Author.BOT}


def _translated(about: int, made: Translation) -> NewEvent:
    payload = {
        "about": about, "text": made.text, "from": made.source, "to": made.target, "by": made.by,
        "differences": list(made.differences),
    }  # fmt: skip
    return NewEvent(Kind.TRANSLATED, Author.SYSTEM, payload)
