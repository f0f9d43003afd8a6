"""From articles to a published index: embed, look from all sides, fit, measure, write."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bot.bot import Limits
from bot.confidence import Confidence
from bot.cues import tells_particulars
from bot.ranking import Ranking
from bot.screening import Label
from indexer import fitting, screen_fitting
from indexer.assembly import assemble_bot
from indexer.corpus import Kind
from indexer.encoder import Encoder, QueryEncoder
from indexer.errors import IndexNotWritableError
from indexer.evaluation import ask_all, figures
from indexer.manifest import SCHEMA, Manifest, library_versions
from indexer.postings import Floats
from indexer.published_index import Fitted, PublishedIndex, write_index
from indexer.retriever import evidence_of
from indexer.sources import Embedded, Sources, calibration, embed, ordinary, read_sources
from indexer.vectors import Progress, VectorCache
from indexer.views import VIEWS, Views, build_views
from knowledge_base.article import RiskClass
from knowledge_base.labelled import LabelledQuestion, Split
from knowledge_base.published import PublishedArticle, to_json
from knowledge_base.reading import KnowledgeBase

SEED = 20261123


@dataclass(frozen=True)
class BuildOptions:
    """What an operator may set: the model, where to write, and the promise to keep."""

    home: Path
    wrong_max: float = fitting.ANSWERED_WRONG_MAX


def build_index(knowledge_base: KnowledgeBase, encoder: Encoder, options: BuildOptions, progress: Progress) -> Manifest:
    """Build and publish an index of the knowledge base; IndexerError says what is in the way."""
    sources = read_sources(knowledge_base)
    cache = _open_cache(options.home, encoder)
    vectors = embed(sources, cache, progress)
    cache.save()  # now, so that a stop later on costs no embedding again
    progress("Indexing", 0, 1)
    views = build_views(sources.corpus, vectors.lines)
    progress("Indexing", 1, 1)
    fit = _fit_screen(sources, vectors, progress)
    answers = _fit_answers(sources, vectors, views, fit, options.wrong_max, progress)
    fitted = Fitted(answers.ranking, answers.confidence, answers.limits, fit.screening)
    index = PublishedIndex(sources.articles, knowledge_base.facts, views, fit.model, fitted)
    known = dict(zip((q.q for q in sources.labelled), vectors.labelled, strict=True))
    measured = _measure(index, _KnownVectors(encoder, known), sources.labelled, progress)
    built_at = datetime.now(UTC)
    version = built_at.strftime("%Y%m%d-%H%M%S-%f")

    def manifest_of(files: dict[str, str]) -> Manifest:
        return Manifest(
            SCHEMA, version, built_at.isoformat(timespec="seconds"), encoder.name, encoder.checksum, encoder.dimension,
            _content_checksum(sources.articles), files, library_versions(),
            sources.counts, {"promises": answers.promises, "test": measured},
        )  # fmt: skip

    folder = write_index(options.home, version, index, manifest_of)
    return Manifest.read(folder)


def _open_cache(home: Path, encoder: Encoder) -> VectorCache:
    try:
        home.mkdir(parents=True, exist_ok=True)
        return VectorCache(home, encoder)
    except OSError as error:
        raise IndexNotWritableError(
            f"The folder {home} cannot be written ({error.strerror}). Make it writable or set KRUPIER_DATA."
        ) from error


@dataclass(frozen=True)
class _Ask:
    """A text that asks the new index, what it should find, and what a screen that has not seen it says."""

    text: str
    language: str
    accepted: frozenset[str]
    vector: Floats
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
            left_out.append(ask(line.text, line.language.value, owner, vectors.lines[p]))
    nothing = _nothing(sources, vectors, fit)
    asks = [*labelled, *left_out]
    scores = np.concatenate([_evidence(views, labelled, "Asking labelled questions", progress), left_out_scores])
    position_of = {article_id: i for i, article_id in enumerate(views.corpus.ids)}
    ranking = fitting.fit_ranking(scores, [frozenset(position_of[a] for a in ask.accepted) for ask in asks])
    scores = np.concatenate([scores, _evidence(views, nothing, "Asking what nothing answers", progress)])
    asks += nothing
    asked = fitting.Asked(
        [ask.text for ask in asks],
        [ask.language for ask in asks],
        [evidence_of(ask.text, score, views) for ask, score in zip(asks, scores, strict=True)],
        [ask.accepted for ask in asks],
        [ask.screened for ask in asks],
    )
    confidence = fitting.fit_confidence(asked, ranking)
    found = fitting.cross_fitted(asked, ranking, fitting.LIMIT_FOLDS, SEED)
    guarantees = fitting.limits_by_class(
        asked.languages, [sources.articles[f.first].risk for f in found], [f.confidence for f in found],
        [f.is_right for f in found], wrong_max, fitting.mixture_weights(asked.accepted),
    )  # fmt: skip
    answer = {lang: {risk: g.limit for risk, g in by_risk.items()} for lang, by_risk in guarantees.items()}
    promises = {
        lang.value: {risk.value: vars(g) for risk, g in by_risk.items()} for lang, by_risk in guarantees.items()
    }
    return _Answers(ranking, confidence, Limits(answer, fitting.CLARIFY_MIN), promises)


def _nothing(sources: Sources, vectors: Embedded, fit: screen_fitting.ScreenFit) -> list[_Ask]:
    """Messages that nothing answers, with what a screen that has not seen them says."""
    texts = [m.q for m in (*sources.examples, *sources.judging)]
    vector_of = dict(zip(texts, (*vectors.examples, *vectors.judging), strict=True))
    return [
        _Ask(t.message.q, t.message.lang, frozenset(), vector_of[t.message.q], t.probabilities)
        for t in fit.told
        if t.message.label == Label.NEGATIVE
    ]


def _evidence(views: Views, asks: Sequence[_Ask], what: str, progress: Progress) -> Floats:
    """Scores of shape (asks, articles, views), in parts, for the progress to be seen."""
    parts = [np.zeros((0, len(views.corpus.ids), len(VIEWS)), np.float32)]
    for start in range(0, len(asks), 256):
        part = asks[start : start + 256]
        parts.append(views.evidence([ask.text for ask in part], np.stack([ask.vector for ask in part])))
        progress(what, start + len(part), len(asks))
    return np.concatenate(parts)


def _fit_screen(sources: Sources, vectors: Embedded, progress: Progress) -> screen_fitting.ScreenFit:
    """The screen learns from its examples, and from the phrasings what ordinary questions look like."""
    corpus = sources.corpus
    protected = {i for i, a in enumerate(corpus.ids) if sources.articles[a].risk is RiskClass.PROTECT}
    plain = [
        i
        for i in corpus.of_kind(Kind.PHRASING)
        if corpus.lines[i].article not in protected and not tells_particulars(corpus.lines[i].text)
    ]
    examples = [*sources.examples, *(ordinary(corpus.lines[i].text, corpus.lines[i].language) for i in plain)]
    judges = list(zip(sources.judging, vectors.judging, strict=True))
    judges += [
        (ordinary(q.q, q.lang), vector)
        for q, vector in calibration(sources, vectors)
        if q.accepted
        and all(sources.articles[a].risk is RiskClass.AUTO for a in q.accepted)
        and not tells_particulars(q.q)
    ]
    return screen_fitting.fit(
        examples, np.concatenate([vectors.examples, vectors.lines[plain]]),
        [m for m, _ in judges] if sources.judging else [], np.stack([v for _, v in judges]) if judges else None,
        sources.signs, progress,
    )  # fmt: skip


class _KnownVectors:
    """An encoder for questions that were embedded before; others it asks the real one."""

    def __init__(self, encoder: Encoder, known: Mapping[str, Floats]) -> None:
        self._encoder = encoder
        self._known = known

    def encode_query(self, text: str) -> Floats:
        found = self._known.get(text)
        return self._encoder.encode_query(text) if found is None else found


def _measure(
    index: PublishedIndex, encoder: QueryEncoder, labelled: Sequence[LabelledQuestion], progress: Progress
) -> dict[str, Any]:
    """Figures on the half of the labelled questions that nothing was fitted on."""
    bot = assemble_bot(index, encoder)
    test = [q for q in labelled if q.split is Split.TEST]
    outcomes = ask_all(
        bot, test, lambda done, of: progress("Measuring", done, of) if done % 50 == 0 or done == of else None
    )
    found = figures(outcomes)
    return {name: found[name] for name in ("all", "pl", "en") if name in found}


def _content_checksum(articles: dict[str, PublishedArticle]) -> str:
    text = json.dumps(to_json(articles[i] for i in sorted(articles)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
