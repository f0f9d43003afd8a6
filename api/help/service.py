"""What a reader does: says whether an article helped, searches in vain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.database.connection import Database
from api.help import queries
from api.help.catalogue import Catalogues
from knowledge_base.article import Language


class HelpCentre:
    """The catalogues of the articles in use, and the use cases that store something."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self.catalogues = Catalogues()

    async def vote(self, article_id: str, language: Language, *, is_helpful: bool) -> None:
        """Whether an article helped; nothing is kept of who says so."""
        async with self._database.writing() as connection:
            await queries.add_vote(connection, article_id, language.value, self._now(), is_helpful=is_helpful)
