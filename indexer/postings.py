"""A weighted term index over documents: how much each term counts in each document.

Serves BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework") and TF-IDF cosine over character
n-grams (Cavnar and Trenkle 1994) alike: both sum, over the question's terms, a weight that is fixed when building.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float32]

BM25_K1 = 1.2  # the usual values; varying them moved no figure by more than its error
BM25_B = 0.6


@dataclass(frozen=True)
class Postings:
    """`weights` is terms x documents; `idf` weighs the question's side, and is None for BM25."""

    terms: Mapping[str, int]
    weights: sparse.csr_matrix
    idf: Floats | None

    def score(self, questions: Sequence[Sequence[str]]) -> Floats:
        """How well each document fits each question's terms; shape (questions, documents). Cosines lie in 0..1."""
        scores = np.zeros((len(questions), self.weights.shape[1]), np.float32)
        for row, terms in enumerate(questions):
            scores[row] = self._score(Counter(terms))
        return scores

    def _score(self, counts: Mapping[str, int]) -> Floats:
        known = [(column, count) for term, count in counts.items() if (column := self.terms.get(term)) is not None]
        columns = np.array([column for column, _ in known], np.int64)
        weights, norm = np.ones(len(known), np.float32), 1.0
        if self.idf is not None:
            weights = (1 + np.log([count for _, count in known])) * self.idf[columns]
            unseen = math.log(1 + self.weights.shape[1]) + 1
            squares = sum((1 + math.log(count)) ** 2 for term, count in counts.items() if term not in self.terms)
            norm = max(math.sqrt(float(weights @ weights) + unseen**2 * squares), 1e-9)
        # The postings of all terms at once: a loop or a sparse product takes several times as long.
        starts, ends = self.weights.indptr[columns], self.weights.indptr[columns + 1]
        lengths = ends - starts
        at = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        added = self.weights.data[at] * np.repeat(weights, lengths)
        summed = np.bincount(self.weights.indices[at], added, minlength=self.weights.shape[1])
        return np.asarray(summed / norm, np.float32)

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Plain arrays, to be saved with the terms in their order."""
        arrays = {"data": self.weights.data, "indices": self.weights.indices, "indptr": self.weights.indptr}
        arrays["shape"] = np.array(self.weights.shape)
        if self.idf is not None:
            arrays["idf"] = self.idf
        return arrays

    @classmethod
    def from_arrays(cls, terms: Sequence[str], arrays: Mapping[str, npt.NDArray[Any]]) -> Postings:
        """The reverse of `to_arrays`."""
        matrix = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=tuple(arrays["shape"]))
        return cls({term: row for row, term in enumerate(terms)}, matrix, arrays.get("idf"))


def bm25(documents: Sequence[Sequence[str]]) -> Postings:
    """BM25 over documents given as terms."""
    lengths = [len(d) for d in documents]
    mean = sum(lengths) / max(1, len(lengths)) or 1.0

    def weight(document: int, count: int, frequency: int) -> float:
        idf = math.log(1 + (len(documents) - frequency + 0.5) / (frequency + 0.5))
        slope = BM25_K1 * (1 - BM25_B + BM25_B * lengths[document] / mean)
        return idf * count * (BM25_K1 + 1) / (count + slope)

    terms, matrix, _ = _weigh(documents, weight)
    return Postings(terms, matrix, None)


def tf_idf_cosine(documents: Sequence[Sequence[str]]) -> Postings:
    """Cosine of (1 + log tf) * idf vectors over documents given as terms."""

    def idf(frequency: int) -> float:
        return math.log((1 + len(documents)) / (1 + frequency)) + 1

    terms, matrix, frequency = _weigh(documents, lambda _, count, found: (1 + math.log(count)) * idf(found))
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel())
    normalised = (matrix @ sparse.diags(1 / np.maximum(norms, 1e-9))).tocsr().astype(np.float32)
    return Postings(terms, normalised, np.array([idf(frequency[term]) for term in terms], np.float32))


def _weigh(
    documents: Sequence[Sequence[str]], weight: Callable[[int, int, int], float]
) -> tuple[dict[str, int], sparse.csr_matrix, Counter[str]]:
    counts = [Counter(d) for d in documents]
    frequency: Counter[str] = Counter()
    for count in counts:
        frequency.update(count.keys())
    terms = {term: row for row, term in enumerate(sorted(frequency))}
    rows, columns, values = [], [], []
    for document, count in enumerate(counts):
        for term, times in count.items():
            rows.append(terms[term])
            columns.append(document)
            values.append(weight(document, times, frequency[term]))
    matrix = sparse.csr_matrix(
        (np.array(values, np.float32), (rows, columns)), shape=(len(terms), len(documents)), dtype=np.float32
    )
    return terms, matrix, frequency
