"""Evidence -> order: a conditional logit (McFadden 1974) over the candidates' standardised views."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.retrieval import Candidate


@dataclass(frozen=True)
class Ranked:
    """A candidate and its share of the belief that one of the candidates is right; shares add up to 1."""

    candidate: Candidate
    share: float


@dataclass(frozen=True)
class Ranking:
    """How much each view counts; fitted when the index is built."""

    weights: Mapping[str, float]

    def rank(self, candidates: Sequence[Candidate]) -> list[Ranked]:
        """The candidates, best first."""
        scores = [sum(w * c.standard[view] for view, w in self.weights.items()) for c in candidates]
        highest = max(scores, default=0.0)
        exponentials = [math.exp(s - highest) for s in scores]
        total = sum(exponentials) or 1.0
        ranked = [Ranked(c, e / total) for c, e in zip(candidates, exponentials, strict=True)]
        return sorted(ranked, key=lambda r: (-r.share, r.candidate.article_id))
