"""Labelled questions asked of an index that nobody uses yet, fast enough to be asked before each publishing.

What a text finds is remembered. Of the next index only those texts are looked up again that a changed article had to
do with: it had a share in what was believed, or its new text scores high enough to have one; the others keep what they
found. That some terms have become rarer or more frequent by a few articles is passed over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bot.retrieval import Evidence
from indexer.assembly import assemble_bot
from indexer.evaluation import Outcome
from indexer.postings import Floats
from indexer.published_index import PublishedIndex
from indexer.retriever import evidence_of, known_share, lead_apart
from indexer.vectors import Progress, VectorCache
from indexer.views import VIEWS, Views, only_articles
from knowledge_base.article import Language
from knowledge_base.labelled import LabelledQuestion

BATCH = 128
SHARE_MIN = 0.001  # of the belief (bot.ranking.Ranked); less cannot move a confidence by as much as it is rounded to


@dataclass(frozen=True)
class Found:
    """What a text finds, and what another article would have to score to have a share in it."""

    evidence: Evidence
    mean: Floats
    deviation: Floats
    lowest: Floats  # raw scores of the article that fits least
    believed: frozenset[str]  # articles with a share of the belief
    bar: float  # the ranking's score from which on an article has one

    def without(self, removed: frozenset[str], views: Views, text: str) -> Found:
        """The same in an index without some articles that had no share."""
        kept = [c for c in self.evidence.candidates if c.article_id not in removed]
        return replace(self, evidence=Evidence(kept, known_share(text, views)))


@dataclass(frozen=True)
class Asked:
    """A question's outcome, and the texts that were looked up for it."""

    outcome: Outcome
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Memory:
    """What the questions found in one index."""

    found: dict[str, Found] = field(default_factory=dict)
    asked: dict[LabelledQuestion, Asked] = field(default_factory=dict)
    screened: dict[str, Mapping[str, float]] = field(default_factory=dict)  # holds for one screen


def rehearse(
    index: PublishedIndex, questions: Sequence[LabelledQuestion], vectors: VectorCache, memory: Memory,
    progress: Progress,
) -> Memory:  # fmt: skip
    """Every question asked as a player's message; what the memory has is not asked again."""
    if all(question in memory.asked for question in questions):
        return memory
    found, asked = dict(memory.found), dict(memory.asked)
    retriever = _Remembering(index, vectors, found, memory.screened)
    retriever.look_up([q.q for q in questions if q not in asked and q.q not in found])
    bot = replace(assemble_bot(index, _Vectors(vectors)), retriever=retriever, screen=retriever)
    open_questions = [q for q in questions if q not in asked]
    for number, question in enumerate(open_questions, 1):
        retriever.looked_up = []
        outcome = Outcome(question, bot.reply(question.q))
        asked[question] = Asked(outcome, tuple(retriever.looked_up))
        if number % 50 == 0 or number == len(open_questions):
            progress("Asking labelled questions", number, len(open_questions))
    wanted = set(questions)
    return Memory(found, {q: a for q, a in asked.items() if q in wanted}, memory.screened)


def carried_over(
    memory: Memory, index: PublishedIndex, written: frozenset[str], removed: frozenset[str], vectors: VectorCache
) -> Memory:
    """What a memory of the former index still knows of one that differs in these articles only, and kept its fit."""
    gone = written | removed
    touched = {text for text, each in memory.found.items() if each.believed & gone}
    touched |= _near(memory, [text for text in memory.found if text not in touched], index, written, vectors)
    found = {
        text: each.without(removed, index.views, text) for text, each in memory.found.items() if text not in touched
    }
    asked = {q: a for q, a in memory.asked.items() if all(text in found for text in a.texts) and not _names(a, removed)}
    return Memory(found, asked, memory.screened)


def _names(asked: Asked, ids: frozenset[str]) -> bool:
    return any(candidate.id in ids for candidate in asked.outcome.decision.candidates)


def _near(
    memory: Memory, texts: Sequence[str], index: PublishedIndex, written: frozenset[str], vectors: VectorCache
) -> set[str]:
    """The texts in which one of the articles, as newly written, would have a share."""
    views = index.views
    weights = np.array([index.fitted.ranking.weights[view] for view in VIEWS], np.float32)
    columns = [i for i, article_id in enumerate(views.corpus.ids) if article_id in written]
    if not columns or not texts:
        return set()
    alone = only_articles(views, columns)
    near: set[str] = set()
    for start in range(0, len(texts), BATCH):
        part = texts[start : start + BATCH]
        known = [memory.found[text] for text in part]
        scores = alone.evidence(part, _unit_vectors(part, vectors))
        scores = np.maximum(scores, np.stack([k.lowest for k in known])[:, None, :])
        mean, deviation = np.stack([k.mean for k in known]), np.stack([k.deviation for k in known])
        standard = (scores - mean[:, None, :]) / np.maximum(deviation, 1e-6)[:, None, :]
        reached = (standard @ weights).max(axis=1)
        near |= {text for text, highest, k in zip(part, reached, known, strict=True) if highest >= k.bar}
    return near


class _Remembering:
    """The bot's Retriever and Screen over an index: looks up many texts at once, and each only once."""

    def __init__(
        self, index: PublishedIndex, vectors: VectorCache, found: dict[str, Found],
        screened: dict[str, Mapping[str, float]],
    ) -> None:  # fmt: skip
        self._index = index
        self._vectors = vectors
        self._found = found
        self._screened = screened
        self.looked_up: list[str] = []

    def look_up(self, texts: Sequence[str]) -> None:
        """Remember what these texts find."""
        for start in range(0, len(texts), BATCH):
            part = texts[start : start + BATCH]
            scores = self._index.views.evidence(part, _unit_vectors(part, self._vectors))
            for text, one in zip(part, scores, strict=True):
                self._found[text] = _found(text, one, self._index)

    def retrieve(self, question: str) -> Evidence:
        """As remembered."""
        if question not in self._found:
            self.look_up([question])
        self.looked_up.append(question)
        return self._found[question].evidence

    def lead_apart(self, first: str, second: str, among: Sequence[str]) -> bool:
        """As the index says; both texts count as looked up, since what they lead to decides."""
        for text in (first, second):
            self.retrieve(text)
        return lead_apart(self._index.views, first, second, among)

    def best_line(self, question: str, article_id: str, language: Language) -> str | None:
        """Never asked for while rehearsing: it explains a choice to a person."""
        del question, article_id, language
        return None

    def screen(self, message: str) -> Mapping[str, float]:
        """As remembered."""
        known = self._screened.get(message)
        if known is None:
            known = self._index.screen.probabilities(message, self._vectors.vector(message))
            self._screened[message] = known
        return known


def _found(text: str, scores: Floats, index: PublishedIndex) -> Found:
    evidence = evidence_of(text, scores, index.views)
    weights = index.fitted.ranking.weights
    ranked = index.fitted.ranking.rank(evidence.candidates)
    best = max((sum(w * c.standard[view] for view, w in weights.items()) for c in evidence.candidates), default=0.0)
    bar = best + math.log(SHARE_MIN * ranked[0].share) if ranked else -math.inf  # shares are exponentials of scores
    believed = frozenset(r.candidate.article_id for r in ranked if r.share >= SHARE_MIN)
    return Found(evidence, scores.mean(axis=0), scores.std(axis=0), scores.min(axis=0), believed, bar)


def _unit_vectors(texts: Sequence[str], vectors: VectorCache) -> Floats:
    return np.stack([vectors.vector(text)[: vectors.dimension] for text in texts])


@dataclass(frozen=True)
class _Vectors:
    """The kept vectors as an encoder of questions."""

    vectors: VectorCache

    def wide_query(self, text: str) -> Floats:
        """The text's wide vector."""
        return self.vectors.vector(text)
