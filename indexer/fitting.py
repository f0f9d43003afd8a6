"""From evidence with known answers to plain numbers: how views count, how sure the bot is, where it stops.

Fitted on the calibration half of the labelled questions and on shipped messages that nothing answers. Where there are
no labelled questions, each phrasing asks as if it were a player while it is left out of the index itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.confidence import Confidence, Logistic, confidence_features
from bot.ranking import Ranked, Ranking
from bot.retrieval import Evidence
from bot.text import words
from indexer.corpus import Corpus, Kind
from indexer.postings import Floats
from indexer.views import VIEWS, build_views, standardised
from knowledge_base.article import Language, RiskClass

# Where fitting starts from and is pulled back to: about equal belief in every way of looking, whole articles first.
PRIOR_WEIGHTS = {
    "phrasing": 0.5, "centroid": 0.5, "title": 0.1, "passage": 0.1, "classifier": 0.8,
    "ngram_article": 0.8, "ngram_phrasing": 0.2, "stem_article": 0.6, "stem_phrasing": 0.1, "fuzzy": 0.1,
}  # fmt: skip
PRIOR_PULL = 0.02  # between forgetting the prior (0) and keeping it (1); chosen by cross-validation
LABELLED_MIN = 100  # fewer labelled questions say less than the left-out phrasings do
LEFT_OUT_FOLDS = 5
LIMIT_FOLDS = 5
CROSS_FITTED_MIN = 10  # questions; fewer cannot be judged by one another
ANSWERED_WRONG_MAX = 0.03  # the operator's promise, by default
NOTHING_SHARE = 0.2  # of messages that nothing answers, as among the labelled questions; the shipped ones are many more
ANSWERED_RISKS = (RiskClass.AUTO, RiskClass.PROTECT)
NOTHING_ANSWERED_MAX = 0.02  # of the messages that nothing answers: they cost trust even where answers are mostly right
CLARIFY_MIN = 0.6  # one of the choices should be the right one more often than not


@dataclass(frozen=True)
class Asked:
    """Questions with their evidence and the ids of the articles that answer them (none: an empty set)."""

    texts: Sequence[str]
    languages: Sequence[str]
    evidence: Sequence[Evidence]
    accepted: Sequence[frozenset[str]]
    screened: Sequence[Mapping[str, float]]  # by a screen that has not seen the question


def fit_ranking(scores: Floats, right: Sequence[frozenset[int]]) -> Ranking:
    """Weights by conditional logit on standardised views, with a Gaussian prior around PRIOR_WEIGHTS.

    `scores` has shape (questions, articles, views); `right` gives the positions of each question's right articles.
    """
    from scipy.optimize import minimize

    prior = np.array([PRIOR_WEIGHTS[view] for view in VIEWS])
    answered = [i for i, r in enumerate(right) if r]
    if not answered:
        return Ranking(dict(PRIOR_WEIGHTS))
    features = standardised(scores[answered]).astype(np.float64)
    chosen = np.zeros(features.shape[:2])
    for row, i in enumerate(answered):
        chosen[row, list(right[i])] = 1

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        logits = features @ weights
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        mass = (shares * chosen).sum(axis=1, keepdims=True)
        within = shares * chosen / np.maximum(mass, 1e-12)
        gradient = -((within - shares)[:, :, None] * features).sum(axis=1).mean(axis=0)
        away = weights - prior
        return float(-np.log(mass + 1e-12).mean() + PRIOR_PULL * away @ away), gradient + 2 * PRIOR_PULL * away

    fitted = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(VIEWS)).x
    return Ranking({view: float(w) for view, w in zip(VIEWS, fitted, strict=True)})


def fit_confidence(asked: Asked, ranking: Ranking) -> Confidence:
    """Two logistic regressions: is the first candidate right, is one of the first three."""
    rows, first, three = [], [], []
    for i, (evidence, accepted) in enumerate(zip(asked.evidence, asked.accepted, strict=True)):
        ranked = ranking.rank(evidence.candidates)
        rows.append(_features(asked, i, ranked))
        first.append(is_right(ranked[:1], accepted))
        three.append(is_right(ranked[:3], accepted))
    weights = mixture_weights(asked.accepted)
    return Confidence(_logistic(rows, first, weights), _logistic(rows, three, weights))


def mixture_weights(accepted: Sequence[frozenset[str]]) -> list[float]:
    """A weight for each question, so that those nothing answers make up NOTHING_SHARE of the whole."""
    nothing = sum(not a for a in accepted)
    answerable = len(accepted) - nothing
    weight = NOTHING_SHARE / (1 - NOTHING_SHARE) * answerable / nothing if nothing and answerable else 1.0
    return [1.0 if a else min(weight, 1.0) for a in accepted]


@dataclass(frozen=True)
class Found:
    """What a question finds first, how sure the bot would be of it, and whether it is right."""

    first: str
    confidence: float
    is_right: bool


def confidences_of(asked: Asked, ranking: Ranking, confidence: Confidence) -> list[Found]:
    """For each question what it finds first."""
    found = []
    for i, (evidence, accepted) in enumerate(zip(asked.evidence, asked.accepted, strict=True)):
        ranked = ranking.rank(evidence.candidates)
        sure = confidence.first.probability(_features(asked, i, ranked)) if ranked else 0.0
        first = ranked[0].candidate.article_id if ranked else ""
        found.append(Found(first, sure, is_right(ranked[:1], accepted)))
    return found


def cross_fitted(asked: Asked, ranking: Ranking, folds: int, seed: int) -> list[Found]:
    """As `confidences_of`, but each question by a confidence that has not seen it: what limits are chosen on."""
    if len(asked.texts) < CROSS_FITTED_MIN:
        return confidences_of(asked, ranking, fit_confidence(asked, ranking))
    fold = np.random.default_rng(seed).integers(0, folds, len(asked.texts))
    found: list[Found | None] = [None] * len(asked.texts)
    for number in range(folds):
        kept, out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        fitted = fit_confidence(_part(asked, kept), ranking)
        for i, one in zip(out, confidences_of(_part(asked, out), ranking, fitted), strict=True):
            found[i] = one
    return [one for one in found if one is not None]


def _part(asked: Asked, chosen: Iterable[int]) -> Asked:
    chosen = list(chosen)
    return Asked(
        [asked.texts[i] for i in chosen],
        [asked.languages[i] for i in chosen],
        [asked.evidence[i] for i in chosen],
        [asked.accepted[i] for i in chosen],
        [asked.screened[i] for i in chosen],
    )


def _features(asked: Asked, i: int, ranked: Sequence[Ranked]) -> dict[str, float]:
    return confidence_features(ranked, asked.evidence[i], len(words(asked.texts[i])), asked.screened[i])


def is_right(ranked: Sequence[Ranked], accepted: frozenset[str]) -> bool:
    """Whether one of these candidates answers."""
    return any(r.candidate.article_id in accepted for r in ranked)


def _logistic(rows: Sequence[Mapping[str, float]], outcome: Sequence[bool], weights: Sequence[float]) -> Logistic:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    names = sorted(rows[0])
    if len(set(outcome)) < 2:  # all right or all wrong: nothing to tell apart, and little to be sure of
        return Logistic(dict.fromkeys(names, 0.0), 3.0 if outcome and outcome[0] else -3.0)
    matrix = np.array([[row[name] for name in names] for row in rows])
    scaler = StandardScaler().fit(matrix)
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(matrix), outcome, weights)
    slopes = fitted.coef_[0] / scaler.scale_
    intercept = float(fitted.intercept_[0] - (slopes * scaler.mean_).sum())
    return Logistic({name: float(s) for name, s in zip(names, slopes, strict=True)}, intercept)


@dataclass(frozen=True)
class Guarantee:
    """A limit for answering, and what was promised and seen when it was chosen."""

    limit: float
    wrong_max: float
    questions: int
    answered: int
    wrong: int
    is_met: bool
    is_pooled: bool = False  # over both languages, since one had too few questions


def choose_limit(
    confidences: Sequence[float], right: Sequence[bool], weights: Sequence[float], wrong_max: float
) -> Guarantee:
    """The lowest limit at which the share of wrong automatic answers stays within wrong_max.

    After conformal risk control (Angelopoulos, Bates, Fisch, Lei and Schuster 2022, arXiv:2208.02814): the risk seen is
    enlarged as if one more answer had been wrong, (wrong + 1) / (answered + 1), which is what a finite sample costs.
    Their proof is for a loss over all questions; here the share is taken of the answered ones, which is stricter.
    Without a limit that keeps the promise, the limit is above 1 and nothing is answered.
    """
    order = sorted(zip(confidences, right, weights, strict=True), reverse=True)
    best = Guarantee(1.01, wrong_max, len(order), 0, 0, False)
    wrong = answered = answered_weight = wrong_weight = 0.0
    for position, (confidence, is_right_one, weight) in enumerate(order, 1):
        answered, answered_weight = answered + 1, answered_weight + weight
        wrong, wrong_weight = wrong + (not is_right_one), wrong_weight + weight * (not is_right_one)
        is_last_of_ties = position == len(order) or order[position][0] < confidence
        if is_last_of_ties and (wrong_weight + 1) / (answered_weight + 1) <= wrong_max:
            best = Guarantee(confidence, wrong_max, len(order), int(answered), int(wrong), True)
    return best


def left_out(corpus: Corpus, vectors: Floats, seed: int) -> tuple[list[int], Floats]:
    """Each phrasing's evidence from an index it was left out of: positions of lines, scores."""
    phrasings = np.array(corpus.of_kind(Kind.PHRASING))
    fold = np.random.default_rng(seed).integers(0, LEFT_OUT_FOLDS, len(phrasings))
    scores = np.zeros((len(phrasings), len(corpus.ids), len(VIEWS)), np.float32)
    for number in range(LEFT_OUT_FOLDS):
        out = phrasings[fold == number]
        if not len(out):
            continue
        kept = np.setdiff1d(np.arange(len(corpus.lines)), out)
        views = build_views(corpus.without(frozenset(map(int, out))), vectors[kept])
        scores[fold == number] = views.evidence([corpus.lines[i].text for i in out], vectors[out])
    return [int(p) for p in phrasings], scores


def limits_by_class(
    languages: Sequence[str],
    risks: Sequence[RiskClass],
    confidences: Sequence[float],
    right: Sequence[bool],
    wrong_max: float,
    weights: Sequence[float],
    is_nothing: Sequence[bool],
) -> dict[Language, dict[RiskClass, Guarantee]]:
    """A limit for each language and each risk class that the bot answers from, by what a question finds first.

    Questions in no particular language count for both. Where one language has too few questions for the promise, both
    languages together have to keep it; where they cannot, nothing of that class is answered.
    """

    def limit(chosen: Sequence[int]) -> Guarantee:
        return choose_limit(
            [confidences[i] for i in chosen], [right[i] for i in chosen], [weights[i] for i in chosen], wrong_max
        )

    floor = {
        language: nothing_limit(
            [
                c
                for c, n, lang in zip(confidences, is_nothing, languages, strict=True)
                if n and lang in {language, "und"}
            ]
        )
        for language in Language
    }
    limits: dict[Language, dict[RiskClass, Guarantee]] = {language: {} for language in Language}
    for risk in ANSWERED_RISKS:
        mine = [i for i, found in enumerate(risks) if found is risk]
        together = limit(mine)
        for language in Language:
            alone = limit([i for i in mine if languages[i] in {language.value, "und"}])
            chosen = alone if alone.is_met else replace(together, is_pooled=True)
            asked = mine if chosen.is_pooled else [i for i in mine if languages[i] in {language.value, "und"}]
            limits[language][risk] = _raised(chosen, floor[language], [(confidences[i], right[i]) for i in asked])
    return limits


def _raised(guarantee: Guarantee, floor: float, answers: Sequence[tuple[float, bool]]) -> Guarantee:
    """The guarantee with its limit at least as high as the floor, and what is answered from there on."""
    if floor <= guarantee.limit:
        return guarantee
    kept = [is_right_one for confidence, is_right_one in answers if confidence >= floor]
    return replace(guarantee, limit=floor, answered=len(kept), wrong=len(kept) - sum(kept))


def nothing_limit(confidences: Sequence[float]) -> float:
    """The lowest limit at which few enough of these, messages that nothing answers, are answered; 0 without any."""
    ranked = sorted(confidences, reverse=True)
    allowed = int(NOTHING_ANSWERED_MAX * (len(ranked) + 1))
    return ranked[allowed] + 1e-6 if len(ranked) > allowed else 0.0
