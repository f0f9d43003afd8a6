"""Open questions by meaning, with trend and nearest articles. Vectors are kept, so that each text is read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.to_thread

from api.conversations.bot_messages import title_of
from api.database.connection import Database
from api.engine import Engine
from api.learning import queries
from api.learning.values import Group, Groups, Idea, Near, OpenQuestion, State
from bot.text import fold
from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle

if TYPE_CHECKING:
    from indexer.retriever import IndexRetriever

LOOKED_BACK = timedelta(days=180)  # what nobody has asked for half a year can wait
TREND = timedelta(days=7)
WEEKS = 8
READ_AT_ONCE = 100  # texts embedded before the page is shown; about 1.5 s, and the next visit reads on
GROUPS_SHOWN = 40
NEAR_PHRASINGS = 12  # looked through for the nearest articles
NEAR_SHOWN = 3
MODEL_MAX = 80  # characters of the column
PHRASING_MAX = 200  # characters; a longer message is a story, no phrasing


class Grouping:
    """Reads, embeds and clusters; the processor's work happens off the event loop."""

    def __init__(self, database: Database, now: Callable[[], datetime], limiter: anyio.CapacityLimiter) -> None:
        self._database = database
        self._now = now
        self._limiter = limiter
        self._last: tuple[str, list[list[int]]] = "", []  # an index' version, and the ids of each group made with it

    async def groups(self, engine: Engine, language: Language) -> Groups:
        """The largest groups, and those that editors have set aside."""
        now = self._now()
        model = engine.manifest.model_checksum[:MODEL_MAX]
        async with self._database.scanning() as connection:
            rows = await queries.open_and_aside(connection, now - LOOKED_BACK)
        known = {question.id: vector for question, vector, of in rows if vector is not None and of == model}
        missing = [question for question, _, _ in rows if question.id not in known]
        if missing:
            fresh = await anyio.to_thread.run_sync(_read, engine, missing[:READ_AT_ONCE], limiter=self._limiter)
            async with self._database.writing() as connection:
                await queries.keep_vectors(connection, fresh, model)
            known |= fresh
        read = [question for question, _, _ in rows if question.id in known]
        parts = await anyio.to_thread.run_sync(self._parted, engine, read, known, limiter=self._limiter)
        grouped = _described(engine, parts, known, now, language)
        aside = [group for group in grouped if _is_aside(group)]
        kept = [group for group in grouped if not _is_aside(group)]
        return Groups(kept[:GROUPS_SHOWN], aside[:GROUPS_SHOWN], max(0, len(missing) - READ_AT_ONCE))

    def _parted(
        self, engine: Engine, questions: Sequence[OpenQuestion], vectors: Mapping[int, bytes]
    ) -> list[list[OpenQuestion]]:
        """Groups, the largest first; clustered again only when questions have come, not when some are done with."""
        version, parts = self._last
        by_id = {each.id: each for each in questions}
        if version != engine.manifest.version or not by_id.keys() <= {each for part in parts for each in part}:
            parts = _clustered(engine, list(by_id), vectors)
            self._last = engine.manifest.version, parts
        left = [[by_id[each] for each in part if each in by_id] for part in parts]
        return sorted(filter(None, left), key=lambda members: -len(members))

    @staticmethod
    def ideas(
        engine: Engine, found: Sequence[OpenQuestion], language: Language, limit: int, has_near: bool
    ) -> list[Idea]:
        """Those that are no phrasing yet, each once; with the phrasing nearest to it, which takes some time."""
        articles = engine.bot.articles
        ideas: dict[tuple[str, str], Idea] = {}
        for question in found:
            words = fold(question.text)
            key = words, question.answered_with or ""
            if key in ideas or len(question.text) > PHRASING_MAX or _is_known(articles, question, words):
                continue
            if len(ideas) == limit:
                break
            near = retriever_of(engine).nearest_phrasings(question.text, 1) if has_near else []
            nearest = [Near(each, title_of(articles, each, language), line, s) for line, each, s in near]
            ideas[key] = Idea(question, nearest[0] if nearest else None)
        return list(ideas.values())


def retriever_of(engine: Engine) -> IndexRetriever:
    """The index' side of the bot, which knows vectors and phrasings."""
    return cast("IndexRetriever", engine.bot.retriever)


def _is_known(articles: Mapping[str, PublishedArticle], question: OpenQuestion, words: str) -> bool:
    article = articles.get(question.answered_with or "")
    text = article.texts.get(Language(question.lang)) if article and question.lang in set(Language) else None
    return text is None or any(fold(phrasing) == words for phrasing in text.phrasings)


def _read(engine: Engine, questions: Sequence[OpenQuestion]) -> dict[int, bytes]:
    retriever = retriever_of(engine)
    return {each.id: retriever.vector(each.text).astype("<f4").tobytes() for each in questions}


def _clustered(engine: Engine, ids: Sequence[int], vectors: Mapping[int, bytes]) -> list[list[int]]:
    import numpy as np

    from indexer.grouping import groups_of

    if not ids:
        return []
    matrix = np.stack([np.frombuffer(vectors[each], "<f4") for each in ids])
    return [[ids[row] for row in rows] for rows in groups_of(matrix, retriever_of(engine).same_meaning)]


def _described(
    engine: Engine, parts: Sequence[Sequence[OpenQuestion]], vectors: Mapping[int, bytes], now: datetime,
    language: Language,
) -> list[Group]:  # fmt: skip
    """With trend, and the articles nearest to the most typical question."""
    import numpy as np

    groups: list[Group] = []
    for members in parts:
        vector = np.frombuffer(vectors[members[0].id], "<f4")
        near = _near(engine, vector, language) if len(groups) < 2 * GROUPS_SHOWN else []
        weeks = [_between(members, now - (week + 1) * TREND, now - week * TREND) for week in reversed(range(WEEKS))]
        groups.append(Group(members, weeks[-1], weeks[-2], weeks, near))
    return groups


def _near(engine: Engine, vector: Any, language: Language) -> list[Near]:
    """The articles of the phrasings nearest to a vector, each once."""
    found: dict[str, Near] = {}
    for line, article_id, similarity in retriever_of(engine).phrasings_near(vector, NEAR_PHRASINGS):
        title = title_of(engine.bot.articles, article_id, language)
        found.setdefault(article_id, Near(article_id, title, line, similarity))
    return list(found.values())[:NEAR_SHOWN]


def _between(questions: Sequence[OpenQuestion], after: datetime, upto: datetime) -> int:
    return sum(after < question.at <= upto for question in questions)


def _is_aside(group: Group) -> bool:
    """What comes anew into a group that was set aside stays with it, until it outgrows what was."""
    aside = sum(question.state is State.SET_ASIDE for question in group.questions)
    return 2 * aside >= len(group.questions)
