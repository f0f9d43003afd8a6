"""What tells Polish from English by the articles' words, counted when an index is built and kept with it."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping

from bot.language import GeneralDetector, LanguageDetector, _leanings
from bot.text import folded_words
from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle, PublishedText


class KnownLanguages(LanguageDetector):
    """A detector whose words were counted before: counting those of a thousand articles takes seconds."""

    def __init__(self, leanings: Mapping[str, float], general: GeneralDetector) -> None:
        self._leaning = dict(leanings)
        self._general = general


def leanings_of(articles: Iterable[PublishedArticle]) -> dict[str, float]:
    """As `LanguageDetector` counts them; texts met before in this process are not counted again."""
    counts: dict[Language, Counter[str]] = {language: Counter() for language in Language}
    for article in articles:
        for language, text in article.texts.items():
            counts[language].update(_words(text))
    return _leanings(counts)


@functools.lru_cache(maxsize=20_000)  # ten thousand articles in two languages
def _words(text: PublishedText) -> Counter[str]:
    return Counter(folded_words(" ".join((text.title, *text.phrasings, text.body or ""))))
