"""Fitting everything that an index needs: the screen, the ranking, the confidence and its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.bot import Limits
from bot.confidence import Confidence, confidence_features
from bot.ranking import Ranking
from bot.retrieval import Evidence
from bot.screening import ANSWERED_SURELY, Label
from bot.text import words
from indexer import fitting, screen_fitting
from indexer.postings import Floats
from indexer.published_index import Fitted
from indexer.retriever import evidence_of
from indexer.screen import ScreenModel
from indexer.sources import Embedded, Sources, calibration, screen_examples, screen_judges
from indexer.vectors import Progress
from indexer.views import VIEWS, Views

SEED = 20261123


@dataclass(frozen=True)
class FullFit:
    """All numbers of an index, fitted on everything there is, and what the limits for answering promise."""

    screen: ScreenModel
    fitted: Fitted
    promises: dict[str, Any]


def fit_fully(
    sources: Sources, vectors: Embedded, views: Views, wrong_max: float, screen: ScreenModel | None, progress: Progress
) -> FullFit:
    """The screen (unless there is one already) and its limits, the ranking, the confidence and its limits."""
    judges = screen_judges(sources, vectors)
    if screen is None:
        fit = screen_fitting.fit(*screen_examples(sources, vectors), judges, sources.signs, progress)
    else:
        fit = screen_fitting.judged(screen, judges, sources.signs)
    answers = _fit_answers(sources, vectors, views, fit, wrong_max, progress)
    screening = screen_fitting.with_doubt(fit, _surely_answered(views, fit, answers, progress))
    fitted = Fitted(answers.ranking, answers.confidence, answers.limits, screening)
    return FullFit(fit.model, fitted, answers.promises)


@dataclass(frozen=True)
class _Ask:
    """A text that asks the new index, what it should find, and what a screen that has not seen it says."""

    text: str
    language: str
    accepted: frozenset[str]
    vector: Floats  # wide
    screened: Mapping[str, float]


@dataclass(frozen=True)
class _Answers:
    """How candidates are ranked, how sure the bot is, from where on it answers, and what that promises."""

    ranking: Ranking
    confidence: Confidence
    limits: Limits
    promises: dict[str, Any]


def _fit_answers(
    sources: Sources, vectors: Embedded, views: Views, fit: screen_fitting.ScreenFit, wrong_max: float,
    progress: Progress,
) -> _Answers:  # fmt: skip
    """From questions with known answers (labelled ones, else left-out phrasings) and messages that nothing answers."""

    def ask(text: str, language: str, accepted: frozenset[str], vector: Floats) -> _Ask:
        return _Ask(text, language, accepted, vector, fit.model.probabilities(text, vector))

    corpus = sources.corpus
    labelled = [ask(q.q, q.lang, q.accepted, vector) for q, vector in calibration(sources, vectors)]
    left_out, left_out_scores = [], np.zeros((0, len(corpus.ids), len(VIEWS)), np.float32)
    if sum(bool(a.accepted) for a in labelled) < fitting.LABELLED_MIN:
        positions, left_out_scores = fitting.left_out(corpus, vectors.lines, SEED)
        for p in positions:
            line, owner = corpus.lines[p], frozenset({corpus.ids[corpus.lines[p].article]})
            left_out.append(ask(line.text, line.language.value, owner, vectors.wide_lines[p]))
    nothing = _nothing(fit)
    asks = [*labelled, *left_out]
    scores = np.concatenate([_evidence(views, labelled, "Asking labelled questions", progress), left_out_scores])
    position_of = {article_id: i for i, article_id in enumerate(views.corpus.ids)}
    ranking = fitting.fit_ranking(scores, [frozenset(position_of[a] for a in ask.accepted) for ask in asks])
    evidence = [evidence_of(ask.text, score, views) for ask, score in zip(asks, scores, strict=True)]
    evidence += _candidates(views, nothing, "Asking what nothing answers", progress)
    asks += nothing
    asked = fitting.Asked(
        [ask.text for ask in asks],
        [ask.language for ask in asks],
        evidence,
        [ask.accepted for ask in asks],
        [ask.screened for ask in asks],
    )
    confidence = fitting.fit_confidence(asked, ranking)
    found = fitting.cross_fitted(asked, ranking, fitting.LIMIT_FOLDS, SEED)
    guarantees = fitting.limits_by_class(
        asked.languages, [sources.articles[f.first].risk for f in found], [f.confidence for f in found],
        [f.is_right for f in found], wrong_max, fitting.mixture_weights(asked.accepted),
        [not accepted for accepted in asked.accepted],
    )  # fmt: skip
    answer = {lang: {risk: g.limit for risk, g in by_risk.items()} for lang, by_risk in guarantees.items()}
    promises = {
        lang.value: {risk.value: vars(g) for risk, g in by_risk.items()} for lang, by_risk in guarantees.items()
    }
    return _Answers(ranking, confidence, Limits(answer, fitting.CLARIFY_MIN), promises)


def _surely_answered(views: Views, fit: screen_fitting.ScreenFit, answers: _Answers, progress: Progress) -> list[bool]:
    """Of each message that judges the screen, whether an article surely answers it; looked up only where it matters."""
    asks = {
        i: _Ask(t.message.q, t.message.lang, frozenset(), t.vector, t.probabilities)
        for i, t in enumerate(fit.told)
        if screen_fitting.may_alarm(t)
    }
    found = _candidates(views, list(asks.values()), "Asking messages that may alarm", progress)
    sure = [True] * len(fit.told)
    for (i, ask), evidence in zip(asks.items(), found, strict=True):
        ranked = answers.ranking.rank(evidence.candidates)
        features = confidence_features(ranked, evidence, len(words(ask.text)), ask.screened)
        sure[i] = bool(ranked) and answers.confidence.first.probability(features) >= ANSWERED_SURELY
    return sure


def _nothing(fit: screen_fitting.ScreenFit) -> list[_Ask]:
    """Messages that nothing answers, with what a screen that has not seen them says."""
    return [
        _Ask(t.message.q, t.message.lang, frozenset(), t.vector, t.probabilities)
        for t in fit.told
        if t.message.label == Label.NEGATIVE
    ]


def _evidence(views: Views, asks: Sequence[_Ask], what: str, progress: Progress) -> Floats:
    """Scores of shape (asks, articles, views)."""
    empty = np.zeros((0, len(views.corpus.ids), len(VIEWS)), np.float32)
    return np.concatenate([empty, *_parts(views, asks, what, progress)])


def _candidates(views: Views, asks: Sequence[_Ask], what: str, progress: Progress) -> list[Evidence]:
    """Only the best candidates: the scores of thousands of messages for thousands of articles would fill the memory."""
    found = (score for part in _parts(views, asks, what, progress) for score in part)
    return [evidence_of(ask.text, score, views) for ask, score in zip(asks, found, strict=True)]


def _parts(views: Views, asks: Sequence[_Ask], what: str, progress: Progress) -> Iterator[Floats]:
    """Scores in parts, for the progress to be seen."""
    for start in range(0, len(asks), 256):
        part = asks[start : start + 256]
        yield views.evidence([ask.text for ask in part], np.stack([ask.vector[: views.lines.d] for ask in part]))
        progress(what, start + len(part), len(asks))
