"""Which language a message is in: by the words our own articles use, and only in doubt by a general detector."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from bot.text import folded_words, words
from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle

UNDETERMINED = "und"
KNOWN_SHARE = 0.5  # of a message's words; below it the general detector is asked
FOREIGN_SURENESS = 0.55  # lower named ordinary Polish without diacritics Slovak; higher missed short German
KNOWN_LITTLE = 0.25  # of a message's words; then a general detector far ahead of our languages is believed earlier
AHEAD_SURENESS, AHEAD_TIMES = 0.4, 3.0
FOREIGN_WORDS = 3  # shorter messages are not sent away as foreign: 'blik', 'paypal' look like anything


def language_of_reply(language: str) -> Language:
    """The player's, where we speak it; English for who wrote in another, Polish where nothing can be told."""
    if language in set(Language):
        return Language(language)
    return Language.PL if language == UNDETERMINED else Language.EN


class GeneralDetector(Protocol):
    """Tells the language of any text: ISO 639-1 code -> sureness, best first."""

    def __call__(self, text: str) -> list[tuple[str, float]]: ...


class LanguageDetector:
    """Knows Polish and English by the articles' words; `detect` is cheap unless a message is foreign."""

    def __init__(self, articles: Iterable[PublishedArticle], general: GeneralDetector) -> None:
        counts: dict[Language, Counter[str]] = {language: Counter() for language in Language}
        for article in articles:
            for language, text in article.texts.items():
                counts[language].update(folded_words(" ".join((text.title, *text.phrasings, text.body or ""))))
        self._leaning = _leanings(counts)
        self._general = general

    def detect(self, text: str) -> str:
        """'pl', 'en', another ISO 639-1 code, or 'und' where nothing can be told."""
        found = folded_words(text)
        if not any(word.isalpha() for word in found):
            return UNDETERMINED
        known = [self._leaning[word] for word in found if word in self._leaning]
        leaning = sum(known) + (2.0 if any(c in "ąćęłńśźż" for c in text.lower()) else 0.0)
        if len(known) >= KNOWN_SHARE * len(found) and abs(leaning) > 0.5:
            return Language.PL if leaning > 0 else Language.EN
        return self._ask_general(text, leaning, len(known) / len(found))

    def _ask_general(self, text: str, leaning: float, known_share: float) -> str:
        ranked = self._general(text)
        if not ranked:
            return UNDETERMINED
        code, sureness = ranked[0]
        is_script = not any("LATIN" in _script(c) for c in text if c.isalpha())
        ours_at_best = max((s for c, s in ranked if c in set(Language)), default=0.0)
        is_far_ahead = known_share <= KNOWN_LITTLE and sureness >= max(AHEAD_SURENESS, AHEAD_TIMES * ours_at_best)
        if (
            code not in set(Language)
            and (sureness >= FOREIGN_SURENESS or is_far_ahead)
            and (len(words(text)) >= FOREIGN_WORDS or is_script)
        ):
            return code
        ours = {c: s for c, s in ranked if c in set(Language)}
        weighed = math.log(ours.get("pl", 0) + 1e-4) - math.log(ours.get("en", 0) + 1e-4) + leaning
        return Language.PL if weighed >= 0 else Language.EN


def _leanings(counts: Mapping[Language, Counter[str]]) -> dict[str, float]:
    """For each word seen at least twice: log odds that it is Polish rather than English."""
    totals = {language: sum(counter.values()) + 1 for language, counter in counts.items()}
    everything = counts[Language.PL] + counts[Language.EN]
    return {
        word: math.log((counts[Language.PL][word] + 0.3) / totals[Language.PL])
        - math.log((counts[Language.EN][word] + 0.3) / totals[Language.EN])
        for word, seen in everything.items()
        if seen >= 2
    }


def _script(character: str) -> str:
    import unicodedata

    return unicodedata.name(character, "")


class Lingua:
    """The lingua detector over the languages met in Poland's chats; loaded when first asked."""

    def __call__(self, text: str) -> list[tuple[str, float]]:
        values = self._detector().compute_language_confidence_values(text)
        return [(v.language.iso_code_639_1.name.lower(), v.value) for v in values if v.value > 0]

    @staticmethod
    @functools.cache
    def _detector() -> Any:
        import lingua

        names = (
            "POLISH ENGLISH GERMAN UKRAINIAN RUSSIAN BELARUSIAN CZECH SLOVAK SPANISH FRENCH ITALIAN ROMANIAN "
            "LITHUANIAN PORTUGUESE DUTCH SWEDISH TURKISH HUNGARIAN"
        )
        return lingua.LanguageDetectorBuilder.from_languages(
            *(getattr(lingua.Language, n) for n in names.split())
        ).build()
