"""Questions that found no good answer: kept as they come, gathered from conversations, settled by editors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import anyio
import anyio.to_thread

from api.content.service import Content
from api.content.values import ArticleContent, Origin, Version
from api.conversations import queries as conversation_queries
from api.conversations.problems import ConversationNotFoundError
from api.database.connection import Database
from api.engine import Engine
from api.learning import queries
from api.learning.gathering import found_in
from api.learning.grouping import Grouping
from api.learning.problems import FlagNotFoundError, NothingChosenError
from api.learning.values import Flag, Groups, Idea, NewQuestion, OpenQuestion, Source, State
from api.staff.values import Staff
from bot.masking import mask
from knowledge_base.article import Language

QUESTION_MAX = 1_000  # characters; more is a story, not a question
NOTE_MAX = 1_000
GATHERED_AT_ONCE = 500  # conversations
OVERLAP = timedelta(hours=1)  # looked through again, for what was stored late; what is kept already is kept once
IDEAS_MAX = 50  # on a page
FLAGS_MAX = 100
FLAG_LOOKS_BACK = 50  # events, for the articles that the bot quoted last
EXCERPT = 6  # messages around a flag
AFTER_FLAG = 4  # events after the question that was flagged: what was answered to it
REPLIES = 3  # a consultant's messages after a question that make a first text
ANSWERED_MAX = 12  # questions whose answers are read for it


class Learning:
    """The use cases; each changes things in one short transaction."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        engine: Callable[[], Engine],
        content: Content,
        limiter: anyio.CapacityLimiter,
    ) -> None:
        self._database = database
        self._now = now
        self._engine = engine
        self._content = content
        self._limiter = limiter
        self._grouping = Grouping(database, now, limiter)
        self._gathering = anyio.Lock()

    async def searched_in_vain(self, text: str, language: Language) -> None:
        """A search of the help centre that found nothing."""
        await self._keep(Source.NOT_FOUND, text, language)

    async def missed_in_article(self, text: str, language: Language, article_id: str) -> None:
        """What a reader says an article lacks."""
        await self._keep(Source.MISSED, text, language, article_id)

    async def flag(self, conversation_id: str, by: Staff) -> int:
        """A consultant says that an article is missing or wrong; pressed twice it is one flag. Its id."""
        async with self._database.writing() as connection:
            conversation = await conversation_queries.conversation_by_id(connection, conversation_id)
            if conversation is None:
                raise ConversationNotFoundError("There is no such conversation.")
            said = await conversation_queries.player_messages(
                connection, conversation_id, upto=conversation.last_number, limit=1
            )
            before = await conversation_queries.events_before(connection, conversation_id, None, FLAG_LOOKS_BACK)
            quoted = [event.payload["sources"] for event in before if event.payload.get("sources")]
            sources = [each["id"] for each in quoted[-1]] if quoted else []
            number = said[0].number if said else 0
            text = said[0].payload["text"] if said else ""
            new = NewQuestion(
                Source.FLAGGED, text, conversation.lang, self._now(), conversation_id, number, articles=sources,
                staff_id=by.id,
            )  # fmt: skip
            await queries.add(connection, [new])
            kept = await queries.id_of(connection, Source.FLAGGED, conversation_id, number)
        assert kept is not None
        return kept

    async def say_why(self, flag_id: int, by: Staff, note: str) -> None:
        """What the consultant adds to their flag."""
        masked = await self._masked(note[:NOTE_MAX])
        async with self._database.writing() as connection:
            if not await queries.add_note(connection, flag_id, by.id, masked):
                raise FlagNotFoundError("You have flagged nothing of that number.")

    async def gather(self) -> None:
        """Look through what has happened in conversations since the last time."""
        async with self._gathering:
            async with self._database.scanning() as connection:
                latest = await queries.last_gathered(connection)
                since = latest - OVERLAP if latest else datetime.min.replace(tzinfo=self._now().tzinfo, year=1970)
                found = await queries.telling_conversations(connection, since)
            ids = sorted(found)
            for start in range(0, len(ids), GATHERED_AT_ONCE):
                await self._gather(ids[start : start + GATHERED_AT_ONCE], found)

    async def groups(self, language: Language) -> Groups:
        """What is open, by meaning, the largest groups first; article titles in a language."""
        return await self._grouping.groups(self._engine(), language)

    async def ideas(self, language: Language, *, has_near: bool = True) -> list[Idea]:
        """Words that consultants answered with an article which does not know them yet, newest first."""
        async with self._database.reading() as connection:
            found = await queries.open_of(connection, Source.ACCEPTED, 4 * IDEAS_MAX)
        return await anyio.to_thread.run_sync(
            self._grouping.ideas, self._engine(), found, language, IDEAS_MAX, has_near, limiter=self._limiter
        )

    async def flags(self) -> list[Flag]:
        """What consultants flagged, with what was said before."""
        async with self._database.reading() as connection:
            found = await queries.open_of(connection, Source.FLAGGED, FLAGS_MAX)
            flags = []
            for each in found:
                upto = (each.number or 0) + AFTER_FLAG
                words = await queries.words_before(connection, each.conversation_id or "", upto, EXCERPT)
                flags.append(Flag(each, [(event.author.value, event.payload["text"]) for event in words]))
        return flags

    async def first_text(self, ids: Sequence[int]) -> str:
        """What consultants actually answered to these questions, masked, each answer once."""
        answers: dict[str, None] = {}
        async with self._database.reading() as connection:
            for each in (await queries.by_ids(connection, ids))[:ANSWERED_MAX]:
                if each.conversation_id is not None:
                    said = await queries.replies_after(connection, each.conversation_id, each.number or 0, REPLIES)
                    answers |= dict.fromkeys(said)
        return await self._masked("\n\n".join(answers))

    async def questions(self, ids: Sequence[int]) -> list[OpenQuestion]:
        """Those of the questions that are there."""
        async with self._database.reading() as connection:
            return await queries.by_ids(connection, ids)

    async def add_phrasings(
        self, article_id: str, phrasings: Sequence[tuple[str, str]], settled: Sequence[int], by: Staff, note: str
    ) -> list[Version]:
        """A draft with (language, phrasing) of an editor's choice; all the questions settled with it are done with."""
        chosen = [(language, text.strip()) for language, text in phrasings if text.strip()]
        if not chosen:
            raise NothingChosenError("Tick at least one question that shall become a phrasing.")
        versions = []
        for language in dict.fromkeys(language for language, _ in chosen):
            texts = [text for each, text in chosen if each == language]
            versions.append(await self._content.add_phrasings(article_id, Language(language), texts, by, note))
        await self.settle(settled, State.PHRASED, by, article_id)
        return versions

    async def start_article(
        self, article_id: str, content: ArticleContent, settled: Sequence[int], by: Staff, note: str
    ) -> Version:
        """A new article as a draft; the questions it was started from are done with."""
        version = await self._content.start_article(article_id, content, by, Origin.LEARNING, note)
        await self.settle(settled, State.STARTED, by, article_id)
        return version

    async def settle(self, ids: Sequence[int], state: State, by: Staff, article_id: str | None = None) -> None:
        """What editors made of questions; OPEN brings back what was set aside."""
        async with self._database.writing() as connection:
            await queries.settle(connection, ids, state, by.id, self._now(), article_id)

    async def _gather(self, ids: Sequence[str], langs: dict[str, str]) -> None:
        async with self._database.scanning() as connection:
            events = await queries.events_of(connection, ids)
            sent = await queries.drafts_of(connection, ids)
        new = [question for each in ids for question in found_in(langs[each], events.get(each, []), sent)]
        async with self._database.writing() as connection:
            await queries.add(connection, new)

    async def _keep(self, source: Source, text: str, language: Language, *articles: str) -> None:
        masked = await self._masked(text[:QUESTION_MAX])
        if masked:
            async with self._database.writing() as connection:
                new = NewQuestion(source, masked, language.value, self._now(), articles=articles)
                await queries.add(connection, [new])

    async def _masked(self, text: str) -> str:
        return (await anyio.to_thread.run_sync(mask, text)).text
