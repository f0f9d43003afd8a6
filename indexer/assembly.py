"""A Bot out of a published index and its encoder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.bot import Bot
from bot.language import Lingua
from bot.rendering import Replies
from indexer.encoder import QueryEncoder
from indexer.languages import KnownLanguages
from indexer.published_index import PublishedIndex
from indexer.retriever import IndexRetriever

WARSAW = ZoneInfo("Europe/Warsaw")


def warsaw_now() -> datetime:
    """The time on the players' clocks."""
    return datetime.now(WARSAW)


def assemble_bot(index: PublishedIndex, encoder: QueryEncoder, now: Callable[[], datetime] = warsaw_now) -> Bot:
    """Ready to reply; `now` decides which help lines are open and which articles are past their review date."""
    retriever = IndexRetriever(index.views, encoder, index.screen)
    return Bot(
        articles=index.articles,
        retriever=retriever,
        screen=retriever,
        screening=index.fitted.screening,
        ranking=index.fitted.ranking,
        confidence=index.fitted.confidence,
        limits=index.fitted.limits,
        languages=KnownLanguages(index.leanings, Lingua()),
        replies=Replies(index.facts, now),
        today=lambda: now().date(),
    )
