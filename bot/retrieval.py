"""What the bot needs of a retriever, and the evidence that it gets back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge_base.article import Language


@dataclass(frozen=True)
class Coverage:
    """How much of what a question says an article knows, each word weighed by its rarity among the articles."""

    share: float = 1.0
    missing: float = 0.0  # the weight of all words that the article lacks
    rarest_missing: float = 0.0  # the weight of the rarest of them


@dataclass(frozen=True)
class Candidate:
    """An article with its evidence: each view's score, raw and standardised over all articles."""

    article_id: str
    scores: Mapping[str, float]
    standard: Mapping[str, float]
    covered: Coverage = Coverage()


@dataclass(frozen=True)
class Evidence:
    """The best candidates for a question, and what share of its words the articles know at all."""

    candidates: Sequence[Candidate]
    known_share: float


class Retriever(Protocol):
    """Finds candidates; implemented over an index, and in tests over a few fixed articles."""

    def retrieve(self, question: str) -> Evidence:
        """Candidates in no promised order."""
        ...

    def lead_apart(self, first: str, second: str, among: Sequence[str]) -> bool:
        """Whether the words alone of two texts lead to two of these articles; cheap, without an embedding."""
        ...

    def best_line(self, question: str, article_id: str, language: Language) -> str | None:
        """The line of the article that is nearest to the question, to explain the choice."""
        ...


class Screen(Protocol):
    """Tells what kind of message this is, before anything is looked up."""

    def screen(self, message: str) -> Mapping[str, float]:
        """Label -> probability; the labels are those of bot.screening."""
        ...
