"""The evidence: how well every article fits a question, seen in several independent ways.

An article is looked at as a whole (centroid, all its words, all its n-grams, a classifier) and by its single
phrasings; by meaning (the encoder), by word stems, by character n-grams and by edit distance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from bot.text import character_ngrams, fold, stems, words
from indexer.corpus import Corpus, Kind, Line
from indexer.postings import Floats, Postings, bm25_of, tf_idf_cosine_of
from indexer.stemming import question_stems
from indexer.terms import TermCounts
from knowledge_base.article import Language

VIEWS = (
    "phrasing", "centroid", "title", "passage", "classifier",
    "ngram_article", "ngram_phrasing", "stem_article", "stem_phrasing", "fuzzy",
)  # fmt: skip
HITS = 256  # lines looked at by meaning; beyond them an article counts as no better than the last hit
FUZZY_CANDIDATES = 8  # edit distance is costly: only for the best by everything else
LOGISTIC_ARTICLES_MAX = 400  # the fit takes seconds for a hundred articles and grows with their square
INVERSE_REGULARISATION = 10.0  # 3 to 30 gave the same figures, 2 points above ridge regression
LOGISTIC_ROUNDS = 150
LOGISTIC_TOLERANCE = 1e-5  # of the gradient, small from the start: at 1e-3 some encoders were not fitted at all
RIDGE = 1.0  # 0.3 to 3 gave the same figures
RIDGE_SCALE = 10.0  # ridge scores lie between 0 and 1, the logistic ones between about -5 and 10


@dataclass(frozen=True)
class Views:
    """All structures of one index; nothing here changes after building."""

    corpus: Corpus
    lines: Any  # faiss.IndexFlatIP over the corpus' lines
    centroids: Any  # faiss.IndexFlatIP, one vector an article
    classifier: Floats
    ngram_article: Postings
    ngram_phrasing: Postings
    stem_article: Postings
    stem_phrasing: Postings

    def evidence(self, questions: Sequence[str], vectors: Floats) -> Floats:
        """Scores of shape (questions, articles, len(VIEWS)); higher fits better, each view on its own scale."""
        articles = len(self.corpus.ids)
        line_article = self._line_articles
        kinds = self._line_kinds
        scores = np.zeros((len(questions), articles, len(VIEWS)), np.float32)

        similarity, found = self.lines.search(vectors, min(HITS, len(self.corpus.lines)))
        for view, kind in enumerate((Kind.PHRASING, None, Kind.TITLE, Kind.PASSAGE)):
            if kind is None:
                continue
            best = np.repeat(similarity[:, -1:], articles, axis=1)
            rows, columns = np.nonzero(kinds[found] == kind.value)
            np.maximum.at(best, (rows, line_article[found[rows, columns]]), similarity[rows, columns])
            scores[:, :, view] = best
        centroid_similarity, order = self.centroids.search(vectors, articles)
        np.put_along_axis(scores[:, :, 1], order, centroid_similarity, axis=1)
        scores[:, :, 4] = classified(vectors, self.classifier)

        grams = [character_ngrams(q) for q in questions]
        stemmed = [question_stems(q) for q in questions]
        for view, postings, terms, documents in (
            (5, self.ngram_article, grams, self._wholes),
            (6, self.ngram_phrasing, grams, self._singles),
            (7, self.stem_article, stemmed, self._wholes),
            (8, self.stem_phrasing, stemmed, self._singles),
        ):
            scores[:, :, view] = documents.best(postings.score(terms))
        self._add_fuzzy(scores, questions)
        return scores

    def led_to(self, text: str) -> int:
        """The article that the words alone lead to, by n-grams and stems of whole articles."""
        scores = [
            self._wholes.best(postings.score([terms]))
            for postings, terms in (
                (self.ngram_article, character_ngrams(text)),
                (self.stem_article, question_stems(text)),
            )
        ]
        return int(standardised(np.stack(scores, axis=2))[0].sum(axis=1).argmax())

    def _add_fuzzy(self, scores: Floats, questions: Sequence[str]) -> None:
        preliminary = standardised(scores[:, :, :-1]).sum(axis=2)
        top = np.argpartition(-preliminary, min(FUZZY_CANDIDATES, preliminary.shape[1] - 1), axis=1)
        for row, question in enumerate(questions):
            in_order = _words_in_order(question)
            for article in top[row, :FUZZY_CANDIDATES]:
                best = process.extractOne(in_order, self._in_order_of(int(article)), scorer=fuzz.ratio)
                scores[row, article, -1] = best[1] / 100 if best else 0.0

    def _in_order_of(self, article: int) -> list[str]:
        """An article's phrasings, made ready when first needed: those of a thousand articles take seconds."""
        known = self._in_order.get(article)
        if known is None:
            known = [_words_in_order(self.corpus.lines[i].text) for i in self._phrasings_of.get(article, ())]
            self._in_order[article] = known
        return known

    @cached_property
    def _in_order(self) -> dict[int, list[str]]:
        """What `_in_order_of` has made ready so far."""
        return {}

    @cached_property
    def _phrasings_of(self) -> dict[int, list[int]]:
        """Each article's phrasings, by their positions."""
        found: dict[int, list[int]] = {}
        for i in self._phrasings:
            found.setdefault(self.corpus.lines[i].article, []).append(i)
        return found

    @cached_property
    def _wholes(self) -> _ByArticle:
        """Each article once in each language, as the whole-article terms are indexed."""
        return _ByArticle.of(np.tile(np.arange(len(self.corpus.ids)), len(Language)), len(self.corpus.ids))

    @cached_property
    def _singles(self) -> _ByArticle:
        return _ByArticle.of(self._line_articles[self._phrasings], len(self.corpus.ids))

    @cached_property
    def _phrasings(self) -> list[int]:
        return self.corpus.of_kind(Kind.PHRASING)

    @cached_property
    def _line_articles(self) -> npt.NDArray[np.int64]:
        return np.array([line.article for line in self.corpus.lines])

    @cached_property
    def _line_kinds(self) -> npt.NDArray[np.str_]:
        return np.array([line.kind.value for line in self.corpus.lines])

    def best_line(self, vector: Floats, article: int, language: Language) -> str | None:
        """The article's phrasing or title nearest to the question in meaning, for explaining the choice."""
        _similarity, found = self.lines.search(vector[None, :], min(HITS, len(self.corpus.lines)))
        for position in found[0]:
            line: Line = self.corpus.lines[position]
            if line.article == article and line.kind is not Kind.PASSAGE and line.language is language:
                return line.text
        return None

    def nearest_phrasings(self, vector: Floats, count: int) -> list[tuple[Line, float]]:
        """The phrasings nearest to a text in meaning, nearest first, with their cosine similarity."""
        similarity, found = self.lines.search(vector[None, :], min(HITS, len(self.corpus.lines)))
        near = ((self.corpus.lines[i], float(s)) for i, s in zip(found[0], similarity[0], strict=True))
        return [(line, s) for line, s in near if line.kind is Kind.PHRASING][:count]


def build_views(corpus: Corpus, vectors: Floats, terms: Terms | None = None, classifier: Floats | None = None) -> Views:
    """All views of a corpus whose lines have the given unit vectors, shape (lines, dimension).

    `terms` and `classifier` are what is known already; without them the lines are counted and the classifier fitted.
    """
    import faiss

    lines = faiss.IndexFlatIP(vectors.shape[1])
    lines.add(vectors)
    asking = [i for i, line in enumerate(corpus.lines) if line.kind is not Kind.PASSAGE]
    owners = np.array([corpus.lines[i].article for i in asking])
    means = np.zeros((len(corpus.ids), vectors.shape[1]), np.float32)
    np.add.at(means, owners, vectors[asking])
    centroids = faiss.IndexFlatIP(vectors.shape[1])
    centroids.add(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9))

    phrasings = corpus.of_kind(Kind.PHRASING)
    texts = [(line.text,) for line in corpus.lines]
    spoken = [(line.text, line.language) for line in corpus.lines]
    articles, languages = len(corpus.ids), list(Language)
    wholes = [languages.index(line.language) * articles + line.article for line in corpus.lines]
    terms = terms or Terms()
    return Views(
        corpus,
        lines,
        centroids,
        fit_classifier(vectors[asking], owners, articles) if classifier is None else classifier,
        tf_idf_cosine_of(terms.ngrams.of(texts, wholes, articles * len(languages))),
        tf_idf_cosine_of(terms.ngrams.of([texts[i] for i in phrasings]), with_common=False),
        bm25_of(terms.stems.of(spoken, wholes, articles * len(languages))),
        bm25_of(terms.stems.of([spoken[i] for i in phrasings])),
    )


@dataclass(frozen=True)
class Terms:
    """The terms of the lines, counted once for all builds of a process."""

    ngrams: TermCounts = field(default_factory=lambda: TermCounts(character_ngrams))
    stems: TermCounts = field(default_factory=lambda: TermCounts(_line_stems))

    def count(self, corpus: Corpus) -> None:
        """Count the lines of a corpus beforehand."""
        self.ngrams.of([(line.text,) for line in corpus.lines])
        self.stems.of([(line.text, line.language) for line in corpus.lines])

    def keep_only(self, corpus: Corpus) -> None:
        """Forget the lines that this corpus has not."""
        self.ngrams.keep_only((line.text,) for line in corpus.lines)
        self.stems.keep_only((line.text, line.language) for line in corpus.lines)


def _words_in_order(text: str) -> str:
    """Folded words in alphabetical order: RapidFuzz' token_sort_ratio, with the sorting done once."""
    return " ".join(sorted(fold(text).split()))


def standardised(scores: Floats) -> Floats:
    """Each view of each question with mean 0 and deviation 1 over the articles."""
    deviation = scores.std(axis=1, keepdims=True)
    centred: Floats = (scores - scores.mean(axis=1, keepdims=True)) / np.maximum(deviation, 1e-6)
    return centred


def fit_classifier(vectors: Floats, owners: npt.NDArray[np.int64], articles: int) -> Floats:
    """The adaptation to these articles: a linear classifier from vector to article, shape (dimension + 1, articles).

    Multinomial logistic regression; with very many articles, or only one, ridge regression, which is solved at once.
    """
    present = np.unique(owners)
    if not 2 <= len(present) <= LOGISTIC_ARTICLES_MAX:
        return _fit_ridge(vectors, owners, articles)
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=LOGISTIC_ROUNDS, tol=LOGISTIC_TOLERANCE)
    fitted = regression.fit(vectors, owners)
    slopes, intercepts = fitted.coef_, fitted.intercept_
    if len(present) == 2:  # scikit-learn gives one row for two classes
        slopes, intercepts = np.vstack([-slopes, slopes]) / 2, np.concatenate([-intercepts, intercepts]) / 2
    weights = np.zeros((vectors.shape[1] + 1, articles), np.float32)
    weights[-1] = intercepts.min() - 10.0  # an article without any text is never found
    weights[:-1, present], weights[-1, present] = slopes.T, intercepts
    return weights


def classified(vectors: Floats, weights: Floats) -> Floats:
    """The classifier's scores, shape (texts, articles)."""
    scores: Floats = vectors @ weights[:-1] + weights[-1]
    return scores


def _fit_ridge(vectors: Floats, owners: npt.NDArray[np.int64], articles: int) -> Floats:
    extended = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    sums = np.zeros((articles, extended.shape[1]), np.float32)  # of each article's vectors
    np.add.at(sums, owners, extended)
    gram = extended.T @ extended + RIDGE * np.eye(extended.shape[1], dtype=np.float32)
    return RIDGE_SCALE * np.asarray(np.linalg.solve(gram, sums.T), np.float32)


def _line_stems(text: str, language: Language) -> list[str]:
    return [stem for word in words(text) for stem in stems(word, language)]


@dataclass(frozen=True)
class _ByArticle:
    """Documents in the order of their articles, to find each article's best at once."""

    order: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    without: npt.NDArray[np.int64]  # articles without any document

    @classmethod
    def of(cls, owners: npt.NDArray[np.int64], articles: int) -> _ByArticle:
        order = np.argsort(owners, kind="stable")
        starts = np.minimum(np.searchsorted(owners[order], np.arange(articles)), max(len(order) - 1, 0))
        return cls(order, starts, np.setdiff1d(np.arange(articles), owners))

    def best(self, scores: Floats) -> Floats:
        """The best score among each article's documents; shape (questions, articles)."""
        best: Floats = np.maximum.reduceat(scores[:, self.order], self.starts, axis=1)
        best[:, self.without] = 0
        return best


def only_articles(views: Views, columns: Sequence[int]) -> Views:
    """The views of some articles by themselves, each with the scores that it has among all of them."""
    import faiss

    place = {column: i for i, column in enumerate(columns)}
    kept = [i for i, line in enumerate(views.corpus.lines) if line.article in place]
    corpus = Corpus(
        tuple(views.corpus.ids[c] for c in columns),
        tuple(replace(views.corpus.lines[i], article=place[views.corpus.lines[i].article]) for i in kept),
    )
    dimension = views.lines.d
    lines, centroids = faiss.IndexFlatIP(dimension), faiss.IndexFlatIP(dimension)
    lines.add(np.stack([views.lines.reconstruct(i) for i in kept]))
    centroids.add(np.stack([views.centroids.reconstruct(c) for c in columns]))
    articles = len(views.corpus.ids)
    wholes = [la * articles + c for la in range(len(Language)) for c in columns]
    singles = [n for n, i in enumerate(views.corpus.of_kind(Kind.PHRASING)) if views.corpus.lines[i].article in place]
    return Views(
        corpus, lines, centroids, views.classifier[:, columns],
        views.ngram_article.of_documents(wholes), views.ngram_phrasing.of_documents(singles),
        views.stem_article.of_documents(wholes), views.stem_phrasing.of_documents(singles),
    )  # fmt: skip


def arrays_by_name(views: Views) -> Mapping[str, Postings]:
    """The four term indexes, by the name they are saved under."""
    return {
        "ngram_article": views.ngram_article,
        "ngram_phrasing": views.ngram_phrasing,
        "stem_article": views.stem_article,
        "stem_phrasing": views.stem_phrasing,
    }
