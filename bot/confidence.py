"""Evidence -> the calibrated chance of being right: logistic regression (Platt 1999) on how the evidence looks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.ranking import Ranked
from bot.retrieval import Evidence

AGREEING_VIEWS = ("phrasing", "centroid", "classifier", "ngram_article", "stem_article")
RAW_VIEWS = ("phrasing", "centroid", "classifier", "ngram_article", "ngram_phrasing", "stem_article", "fuzzy")


@dataclass(frozen=True)
class Logistic:
    """Plain numbers of a fitted logistic regression."""

    coefficients: Mapping[str, float]
    intercept: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Between 0 and 1; a feature it does not know is ignored."""
        x = self.intercept + sum(c * features[name] for name, c in self.coefficients.items())
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


@dataclass(frozen=True)
class Confidence:
    """The chance that the first candidate is right, and that one of the first three is."""

    first: Logistic
    three: Logistic


def confidence_features(
    ranked: Sequence[Ranked], evidence: Evidence, word_count: int, screened: Mapping[str, float]
) -> dict[str, float]:
    """What tells a question that is answered from one that is not; {} without candidates.

    `screened` are the screen's probabilities: how much the message looks like what no article answers.
    """
    if not ranked:
        return {}
    top = ranked[0]
    second = ranked[1].share if len(ranked) > 1 else 0.0
    features = {
        "share": _log_odds(top.share),
        "margin": math.log((top.share + 1e-4) / (second + 1e-4)),
        "three": _log_odds(sum(r.share for r in ranked[:3])),
        "known_share": evidence.known_share,
        "unknown_words": math.log1p((1 - evidence.known_share) * word_count),
        "words": math.log1p(min(word_count, 40)),
        "screened_negative": _log_odds(screened.get("negative", 0.0)),
        "screened_ordinary": _log_odds(screened.get("ordinary", 0.0)),
        "covered": top.candidate.covered.share,
        "missing": math.log1p(top.candidate.covered.missing),
        "rarest_missing": top.candidate.covered.rarest_missing,
        "agreement": float(sum(_is_best(top, ranked, view) for view in AGREEING_VIEWS)),
    }
    features |= {f"raw_{view}": top.candidate.scores[view] for view in RAW_VIEWS}
    features["stems_per_word"] = top.candidate.scores["stem_article"] / max(1, word_count)
    return features


def _is_best(top: Ranked, ranked: Sequence[Ranked], view: str) -> bool:
    return all(top.candidate.scores[view] >= other.candidate.scores[view] for other in ranked)


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))
