"""The bot's Retriever and Screen over an index' views: one embedding a message, shared by both."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import numpy as np

from bot.retrieval import Candidate, Evidence
from bot.text import words
from indexer.coverage import coverage
from indexer.encoder import QueryEncoder
from indexer.grouping import same_meaning
from indexer.nearness import Nearness, nearness_of
from indexer.postings import Floats
from indexer.screen import ScreenModel
from indexer.stemming import question_stems
from indexer.views import VIEWS, Views, standardised
from knowledge_base.article import Language

CANDIDATES = 20
SCREENED_REMEMBERED = 2048  # a conversation's earlier messages are screened again with each new one
REMEMBERED = 64  # the screen, the retriever and the explanation ask for the same few texts one after another


class IndexRetriever:
    """Finds candidates by all views; keeps the last few vectors, and nothing of the conversation."""

    def __init__(self, views: Views, encoder: QueryEncoder, screen: ScreenModel) -> None:
        self._views = views
        self._screen = screen
        self._wide = functools.lru_cache(maxsize=REMEMBERED)(encoder.wide_query)
        self._screened = functools.lru_cache(maxsize=SCREENED_REMEMBERED)(self._screen_anew)

    def retrieve(self, question: str) -> Evidence:
        """The best candidates by the sum of all views."""
        scores = self._views.evidence([question], self._vector(question)[None, :])
        return evidence_of(question, scores[0], self._views)

    def lead_apart(self, first: str, second: str, among: Sequence[str]) -> bool:
        """Whether the words alone of two texts lead to two of these articles."""
        return lead_apart(self._views, first, second, among)

    def screen(self, message: str) -> Mapping[str, float]:
        """Label -> probability."""
        return self._screened(message)

    def _screen_anew(self, message: str) -> Mapping[str, float]:
        return self._screen.probabilities(message, self._wide(message))

    def best_line(self, question: str, article_id: str, language: Language) -> str | None:
        """The article's phrasing or title nearest in meaning."""
        article = self._views.corpus.ids.index(article_id)
        return self._views.best_line(self._vector(question), article, language)

    def nearest_phrasings(self, text: str, count: int) -> list[tuple[str, str, float]]:
        """Phrasings nearest in meaning, nearest first: (phrasing, article id, cosine similarity)."""
        near = self._views.nearest_phrasings(self._vector(text), count)
        return [(line.text, self._views.corpus.ids[line.article], similarity) for line, similarity in near]

    def vector(self, text: str) -> Floats:
        """What the encoder makes of a question, shape (dimension,)."""
        return self._vector(text)

    def phrasings_near(self, vector: Floats, count: int) -> list[tuple[str, str, float]]:
        """As nearest_phrasings, for a vector that is known already."""
        near = self._views.nearest_phrasings(vector, count)
        return [(line.text, self._views.corpus.ids[line.article], similarity) for line, similarity in near]

    def _vector(self, text: str) -> Floats:
        return self._wide(text)[: self._views.lines.d]

    @functools.cached_property
    def same_meaning(self) -> float:
        """From which similarity on questions mean the same, in this index."""
        return same_meaning(self._views)

    @functools.cached_property
    def nearness(self) -> Nearness:
        """From which similarity on two phrasings are too close, in this index."""
        return nearness_of(self._views)


def evidence_of(question: str, scores: Floats, views: Views) -> Evidence:
    """Candidates from scores of shape (articles, views)."""
    standard = standardised(scores[None])[0]
    best = np.argsort(-standard.sum(axis=1))[:CANDIDATES]
    candidates = [
        Candidate(
            views.corpus.ids[a],
            {view: float(s) for view, s in zip(VIEWS, scores[a], strict=True)},
            {view: float(s) for view, s in zip(VIEWS, standard[a], strict=True)},
            covered,
        )
        for a, covered in zip(best, coverage(question, best, views.stem_article, len(views.corpus.ids)), strict=True)
    ]
    return Evidence(candidates, known_share(question, views))


def lead_apart(views: Views, first: str, second: str, among: Sequence[str]) -> bool:
    """Whether the words alone of two texts lead to two articles, both among these."""
    one, other = (views.corpus.ids[views.led_to(text)] for text in (first, second))
    return one != other and {one, other} <= set(among)


def known_share(question: str, views: Views) -> float:
    """What share of the question's words some article knows, by stem; 0 for no words."""
    found = words(question)
    known: Sequence[bool] = [any(s in views.stem_article.terms for s in question_stems(word)) for word in found]
    return sum(known) / len(found) if found else 0.0
