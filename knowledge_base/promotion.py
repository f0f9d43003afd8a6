"""Words that invite to play: never in the responsible gambling texts, never to a player who showed harm."""

from __future__ import annotations

import re

from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle

PROMOTION = {
    Language.PL: re.compile(
        r"\b(bonus\w*|promocj\w*|darmow\w+ spin\w*|vip\w*|cashback\w*|jackpot\w*|zagraj\w*|odbierz)\b"
    ),
    Language.EN: re.compile(r"\b(bonus\w*|promotion\w*|free spins?|vip\w*|cashback\w*|jackpots?|play now|claim)\b"),
}
PROMOTIONAL_CATEGORIES = frozenset({"bonuses", "loyalty"})


def is_promotional(article: PublishedArticle) -> bool:
    """Whether the article is about offers or so much as speaks of them, in either language."""
    return article.category in PROMOTIONAL_CATEGORIES or any(
        PROMOTION[language].search(f"{text.title}\n{text.body or ''}".casefold())
        for language, text in article.texts.items()
    )
