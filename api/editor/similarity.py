"""What is wrong with a phrasing: it is too close to another article's, or says again what one says already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz, process

from bot.text import fold
from indexer.nearness import Nearness
from knowledge_base.article import Language

NEIGHBOURS = 8  # looked at by meaning; the nearest other article is among them if any is near
SAME_WORDS = 95.0  # of 100: one letter or the order of words differs
FORMAL_SHARE = 0.8  # of the phrasings
FORMAL_MIN = 4  # phrasings; fewer say nothing
_FORMAL = {
    Language.PL: re.compile(
        r"\b(proszę|uprzejmie|państw\w*|szanown\w*|czy mogł\w+by\w*|chciał\w*bym)\b", re.IGNORECASE
    ),
    Language.EN: re.compile(r"\b(please|could you|would you|i would like|kindly|dear)\b", re.IGNORECASE),
}
_SENTENCE = re.compile(r"^[A-ZĄĆĘŁŃÓŚŹŻ].*[.?!]$")


class Lines(Protocol):
    """What knows the phrasings that stand: the index's retriever, and in tests a few fixed ones."""

    @property
    def nearness(self) -> Nearness:
        """How close is too close."""
        ...

    def nearest_phrasings(self, text: str, count: int) -> list[tuple[str, str, float]]:
        """(phrasing, article id, cosine similarity), nearest first."""
        ...


@dataclass(frozen=True)
class Close:
    """A phrasing that is too close to another: of which article (its own, too), and how the other one reads."""

    phrasing: str
    other: str
    article: str


def too_close(lines: Lines, article_id: str, checked: Sequence[str], everything: Sequence[str]) -> list[Close]:
    """Those of the phrasings that should be different; at most one reason each."""
    found = (_close(lines, article_id, phrasing, everything) for phrasing in checked)
    return [close for close in found if close]


def are_all_formal(phrasings: Sequence[str], language: Language) -> bool:
    """Whether nearly all read like a letter; players do not type like that."""
    formal = sum(bool(_FORMAL[language].search(each) or _SENTENCE.match(each)) for each in phrasings)
    return len(phrasings) >= FORMAL_MIN and formal >= FORMAL_SHARE * len(phrasings)


def _close(lines: Lines, article_id: str, phrasing: str, everything: Sequence[str]) -> Close | None:
    if everything.count(phrasing) > 1:
        return Close(phrasing, phrasing, article_id)
    others = [each for each in everything if each != phrasing]
    same = process.extractOne(fold(phrasing), [fold(each) for each in others], scorer=fuzz.token_sort_ratio)
    if same and same[1] >= SAME_WORDS:
        return Close(phrasing, others[same[2]], article_id)
    limits = lines.nearness
    for text, article, similarity in lines.nearest_phrasings(phrasing, NEIGHBOURS):
        if article != article_id and similarity >= limits.to_other:
            return Close(phrasing, text, article)
        if article == article_id and similarity >= limits.to_own and text in others:
            return Close(phrasing, text, article)
    return None
