"""Questions that found no good answer: kept as they come, gathered from conversations, settled by editors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import anyio.to_thread

from api.database.connection import Database
from api.learning import queries
from api.learning.values import NewQuestion, Source
from bot.masking import mask
from knowledge_base.article import Language

QUESTION_MAX = 1_000  # characters; more is a story, not a question


class Learning:
    """The use cases; each is one short transaction."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def searched_in_vain(self, text: str, language: Language) -> None:
        """A search of the help centre that found nothing."""
        await self._keep(Source.NOT_FOUND, text, language)

    async def missed_in_article(self, text: str, language: Language, article_id: str) -> None:
        """What a reader says an article lacks."""
        await self._keep(Source.MISSED, text, language, article_id)

    async def _keep(self, source: Source, text: str, language: Language, *articles: str) -> None:
        masked = (await anyio.to_thread.run_sync(mask, text[:QUESTION_MAX])).text
        if not masked:
            return
        async with self._database.writing() as connection:
            new = NewQuestion(source, masked, language.value, self._now(), articles=articles)
            await queries.add(connection, [new])
