"""A message that goes on from the one before: 'a ile to trwa?', 'and if I don't have one?'.

What it finds by itself, what it finds together with the messages before, and what stands near the article that was
spoken of are added up: players mostly go on to a related article, or to one of the same category.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.ranking import Ranked
from bot.text import words
from knowledge_base.published import PublishedArticle

FOLLOWING_WORDS_MAX = 12  # a longer message says by itself what it is about
SURE_ALONE = 0.9  # what is so clear by itself is a new subject, or needs no history
FLOOR = 1e-4  # of a share, so that what one of the two did not find can still be the other's


@dataclass(frozen=True)
class Bearing:
    """What speaks for an article as the one that a message goes on to: logarithms of shares, and 0 or 1."""

    alone: float
    together: float
    is_related: float
    is_same_category: float
    is_same_article: float

    def score(self, weights: Bearing) -> float:
        """All of it weighed."""
        return (
            weights.alone * self.alone
            + weights.together * self.together
            + weights.is_related * self.is_related
            + weights.is_same_category * self.is_same_category
            + weights.is_same_article * self.is_same_article
        )


# Fitted by benchmarks/follow_ups.py on knowledge_base/dialogues and test/seen; figures in docs/model-training.md.
WEIGHTS = Bearing(alone=0.5, together=0.45, is_related=1.1, is_same_category=1.05, is_same_article=0.05)


def may_follow_up(text: str) -> bool:
    """Whether a message may lean on the one before it."""
    return len(words(text)) <= FOLLOWING_WORDS_MAX


def spoken_of(history: Sequence[str]) -> str:
    """The latest earlier message that says something, 'ok, thanks' aside."""
    telling = [message for message in history if len(words(message)) > 2]
    return (telling or list(history))[-1]


def joined(history: Sequence[str], text: str) -> str:
    """The message with the last two before it, as one text to be looked up."""
    return " ".join((*history[-2:], text))


def bearings(
    alone: Sequence[Ranked], together: Sequence[Ranked], previous: str, articles: Mapping[str, PublishedArticle]
) -> dict[str, Bearing]:
    """For each article found, what speaks for it; `previous` is the article spoken of before."""
    own = {r.candidate.article_id: r.share for r in alone}
    shared = {r.candidate.article_id: r.share for r in together}
    return {
        article_id: Bearing(
            math.log(own.get(article_id, 0.0) + FLOOR),
            math.log(shared.get(article_id, 0.0) + FLOOR),
            *_standing(articles.get(article_id), articles.get(previous)),
        )
        for article_id in {**own, **shared}
    }


def _standing(here: PublishedArticle | None, before: PublishedArticle | None) -> tuple[float, float, float]:
    """Whether an article is related to another, of the same category, the same; an unknown one is nothing to any."""
    if here is None or before is None:
        return 0.0, 0.0, 0.0
    is_related = here.id in before.related or before.id in here.related
    return float(is_related), float(here.category == before.category), float(here.id == before.id)


def in_context(
    alone: Sequence[Ranked], together: Sequence[Ranked], previous: str, articles: Mapping[str, PublishedArticle],
    weights: Bearing = WEIGHTS,
) -> list[tuple[str, float]]:  # fmt: skip
    """Article ids with their shares of the belief, best first; `previous` is the article spoken of before."""
    found = bearings(alone, together, previous, articles)
    scores = {article_id: bearing.score(weights) for article_id, bearing in found.items()}
    highest = max(scores.values(), default=0.0)
    exponentials = {article_id: math.exp(score - highest) for article_id, score in scores.items()}
    total = sum(exponentials.values()) or 1.0
    return sorted(((a, e / total) for a, e in exponentials.items()), key=lambda item: (-item[1], item[0]))
