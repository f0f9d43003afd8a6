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
from bot.ranking import Ranking
from bot.rendering import Replies
from bot.screening import REASON_OF, Label, Screening
from indexer import fitting, screen
from indexer.assembly import assemble_bot, warsaw_now
from indexer.corpus import Corpus, Kind, read_corpus, texts_of
from indexer.encoder import Encoder, QueryEncoder
from indexer.errors import ContentError, IndexNotWritableError
from indexer.evaluation import ask_all, figures
from indexer.manifest import SCHEMA, Manifest, library_versions
from indexer.postings import Floats
from indexer.published_index import Fitted, PublishedIndex, write_index
from indexer.retriever import evidence_of
from indexer.vectors import Progress, VectorCache
from indexer.views import VIEWS, Views, build_views
from knowledge_base.article import RiskClass
from knowledge_base.labelled import LabelledQuestion, Split, read_labelled
from knowledge_base.published import PublishedArticle, publish, to_json
from knowledge_base.reading import KnowledgeBase
from knowledge_base.rendering import TemplateProblem

SEED = 20261123
FOLDS = 3  # for judging the screen; more folds moved its limits by less than 0.02
# The most ordinary messages that a label may take by mistake, and for crisis also the most look-alikes.
FALSE_ALARMS_MAX = 0.005
CRISIS_FALSE_ALARMS_MAX = 0.01  # hearing too much costs a consultant's minute, hearing too little may cost a life
LOOKALIKES_MAX = 0.1


@dataclass(frozen=True)
class BuildOptions:
    """What an operator may set: the model, where to write, and the promise to keep."""

    home: Path
    wrong_max: float = fitting.ANSWERED_WRONG_MAX


def build_index(knowledge_base: KnowledgeBase, encoder: Encoder, options: BuildOptions, progress: Progress) -> Manifest:
    """Build and publish an index of the knowledge base; IndexerError says what is in the way."""
    articles = publish(knowledge_base)
    if not articles:
        raise ContentError(f"There is no readable article in {knowledge_base.folder}; see krupier kb check")
    try:
        Replies(knowledge_base.facts, warsaw_now).check()
    except TemplateProblem as error:
        raise ContentError(f"A reply of the bot cannot be filled in: {error}. Add the fact to facts.yaml") from error
    corpus = read_corpus(articles.values())
    labelled = read_labelled(sorted((knowledge_base.folder / "labelled").glob("*.jsonl")))
    messages = screen.read_messages(sorted((knowledge_base.folder / "screening").glob("*.jsonl")))
    try:
        options.home.mkdir(parents=True, exist_ok=True)
        cache = VectorCache(options.home, encoder)
    except OSError as error:
        raise IndexNotWritableError(
            f"The folder {options.home} cannot be written ({error.strerror}). Make it writable or set KRUPIER_DATA."
        ) from error
    vectors = cache.encode(texts_of(corpus.lines), "Embedding articles", progress)
    message_vectors = cache.encode([m.q for m in messages], "Embedding screening examples", progress)
    question_vectors = cache.encode([q.q for q in labelled], "Embedding labelled questions", progress)

    progress("Indexing", 0, 1)
    views = build_views(corpus, vectors)
    progress("Indexing", 1, 1)
    fit = _fit_screen(articles, corpus, vectors, messages, message_vectors, progress)

    def ask(text: str, language: str, accepted: frozenset[str], vector: Floats) -> _Ask:
        return _Ask(text, language, accepted, vector, fit.model.probabilities(text, vector))

    asking = [
        ask(q.q, q.lang, q.accepted, vector)
        for q, vector in zip(labelled, question_vectors, strict=True)
        if q.split is Split.CALIBRATION and q.accepted <= set(corpus.ids)
    ]
    left_out, left_out_scores = [], np.zeros((0, len(corpus.ids), len(VIEWS)), np.float32)
    if sum(bool(a.accepted) for a in asking) < fitting.LABELLED_MIN:
        positions, left_out_scores = fitting.left_out(corpus, vectors, SEED)
        for p in positions:
            line = corpus.lines[p]
            left_out.append(ask(line.text, line.language.value, frozenset({corpus.ids[line.article]}), vectors[p]))
    nothing = [
        _Ask(m.q, m.lang, frozenset(), vector, judged)
        for m, vector, judged in zip(messages, message_vectors, fit.judged, strict=True)
        if m.label == Label.NEGATIVE
    ]
    ranking, confidence, limits, promises = _fit_answers(
        views, asking, left_out, left_out_scores, nothing, options.wrong_max, progress
    )
    index = PublishedIndex(
        articles, knowledge_base.facts, views, fit.model, Fitted(ranking, confidence, limits, fit.screening)
    )
    known = dict(zip((q.q for q in labelled), question_vectors, strict=True))
    measured = _measure(index, _KnownVectors(encoder, known), labelled, progress)
    built_at = datetime.now(UTC)
    version = built_at.strftime("%Y%m%d-%H%M%S-%f")

    counts = {
        "articles": len(articles), "lines": len(corpus.lines), "labelled": len(labelled), "examples": len(messages),
    }  # fmt: skip

    def manifest_of(files: dict[str, str]) -> Manifest:
        return Manifest(
            SCHEMA, version, built_at.isoformat(timespec="seconds"), encoder.name, encoder.checksum, encoder.dimension,
            _content_checksum(articles), files, library_versions(),
            counts, {"promises": promises, "test": measured},
        )  # fmt: skip

    folder = write_index(options.home, version, index, manifest_of)
    cache.save()
    return Manifest.read(folder)


@dataclass(frozen=True)
class _Ask:
    """A text that asks the new index, what it should find, and what a screen that has not seen it says."""

    text: str
    language: str
    accepted: frozenset[str]
    vector: Floats
    screened: Mapping[str, float]


def _fit_answers(
    views: Views, labelled: Sequence[_Ask], left_out: Sequence[_Ask], left_out_scores: Floats, nothing: Sequence[_Ask],
    wrong_max: float, progress: Progress,
) -> tuple[Ranking, Confidence, Limits, dict[str, Any]]:  # fmt: skip
    """Ranking, confidence and limits from questions with known answers and from messages nothing answers."""
    asks = [*labelled, *left_out]
    scores = np.concatenate([_evidence(views, labelled, "Asking labelled questions", progress), left_out_scores])
    positions = {article_id: i for i, article_id in enumerate(views.corpus.ids)}
    ranking = fitting.fit_ranking(scores, [frozenset(positions[a] for a in ask.accepted) for ask in asks])
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
    sure, right = fitting.confidences_of(asked, ranking, confidence)
    guarantees = fitting.limits_by_language(
        asked.languages, sure, right, wrong_max, fitting.mixture_weights(asked.accepted)
    )
    limits = Limits({language: g.limit for language, g in guarantees.items()}, fitting.CLARIFY_MIN)
    return ranking, confidence, limits, {language: vars(g) for language, g in guarantees.items()}


def _evidence(views: Views, asks: Sequence[_Ask], what: str, progress: Progress) -> Floats:
    """Scores of shape (asks, articles, views), in parts, for the progress to be seen."""
    parts = [np.zeros((0, len(views.corpus.ids), len(VIEWS)), np.float32)]
    for start in range(0, len(asks), 256):
        part = asks[start : start + 256]
        parts.append(views.evidence([ask.text for ask in part], np.stack([ask.vector for ask in part])))
        progress(what, start + len(part), len(asks))
    return np.concatenate(parts)


@dataclass(frozen=True)
class _ScreenFit:
    """The screen, and for each example message what a screen that had not seen it said."""

    model: screen.ScreenModel
    screening: Screening
    judged: Sequence[Mapping[str, float]]


def _fit_screen(
    articles: Mapping[str, PublishedArticle], corpus: Corpus, vectors: Floats, messages: Sequence[screen.Message],
    message_vectors: Floats, progress: Progress,
) -> _ScreenFit:  # fmt: skip
    """The classifier, and limits at which it takes few ordinary messages by mistake (judged out of fold)."""
    protected = {i for i, a in enumerate(corpus.ids) if articles[a].risk is RiskClass.PROTECT}
    ordinary = [i for i in corpus.of_kind(Kind.PHRASING) if corpus.lines[i].article not in protected]
    texts = [m.q for m in messages] + [corpus.lines[i].text for i in ordinary]
    labels = [Label.ORDINARY.value if m.label == Label.LOOKALIKE else m.label for m in messages]
    labels += [Label.ORDINARY.value] * len(ordinary)
    matrix = screen.features(texts, np.concatenate([message_vectors, vectors[ordinary]]))
    progress("Fitting the screen", 0, 2)
    judged = screen.out_of_fold(matrix, labels, FOLDS, SEED)
    progress("Fitting the screen", 1, 2)
    lookalike = {i for i, m in enumerate(messages) if m.label == Label.LOOKALIKE}
    plain = [i for i, label in enumerate(labels) if label == Label.ORDINARY and i not in lookalike]
    limits = {}
    for label in REASON_OF:
        allowed = CRISIS_FALSE_ALARMS_MAX if label is Label.CRISIS else FALSE_ALARMS_MAX
        limits[label] = _limit_for(allowed, [judged[i].get(label, 0.0) for i in plain])
    alarming = _limit_for(LOOKALIKES_MAX, [judged[i].get(Label.CRISIS, 0.0) for i in lookalike])
    limits[Label.CRISIS] = max(limits[Label.CRISIS], alarming)
    model = screen.fit_screen(matrix, labels)
    progress("Fitting the screen", 2, 2)
    return _ScreenFit(model, Screening(limits), judged[: len(messages)])


def _limit_for(share: float, probabilities: Sequence[float]) -> float:
    """The lowest limit, at least 0.2, that at most this share of the probabilities reaches."""
    allowed = int(share * len(probabilities))
    ranked = sorted(probabilities, reverse=True)
    return max(0.2, ranked[allowed] + 1e-6) if len(ranked) > allowed else 0.5


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
