"""A weighted term index over documents: how much each term counts in each document.

Serves BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework") and TF-IDF cosine over character
n-grams (Cavnar and Trenkle 1994) alike: both sum, over the question's terms, a weight that is fixed when building.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from indexer.terms import Counted, counted

Floats = npt.NDArray[np.float32]

BM25_K1 = 1.2  # the usual values; varying them moved no figure by more than its error
BM25_B = 0.6
# A term that stands in more documents than this tells little and costs most: without those, n-grams of single phrasings
# are looked up in less than half of the time, and of 2,191 questions as many find their article first. In a small base
# all count.
COMMON_SHARE = 0.15
COMMON_MIN = 200


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

    def of_documents(self, documents: Sequence[int]) -> Postings:
        """Some of the documents by themselves, weighed as among all."""
        part = self.weights[:, list(documents)].tocsr()
        return replace(self, weights=part)

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
    return bm25_of(counted(documents))


def tf_idf_cosine(documents: Sequence[Sequence[str]]) -> Postings:
    """Cosine of (1 + log tf) * idf vectors over documents given as terms."""
    return tf_idf_cosine_of(counted(documents))


def bm25_of(found: Counted) -> Postings:
    """BM25 over counted documents."""
    documents, frequency = found.counts.shape[1], np.diff(found.counts.indptr)
    mean = float(found.lengths.mean()) if documents and found.lengths.any() else 1.0
    idf = np.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
    slopes = BM25_K1 * (1 - BM25_B + BM25_B * found.lengths / mean)
    count = found.counts.data.astype(np.float64)
    weights = np.repeat(idf, frequency) * count * (BM25_K1 + 1) / (count + slopes[found.counts.indices])
    return Postings(_rows(found.terms), _like(found.counts, weights), None)


def tf_idf_cosine_of(found: Counted, *, with_common: bool = True) -> Postings:
    """Cosine of (1 + log tf) * idf vectors over counted documents; very common terms may count in lengths alone."""
    documents, frequency = found.counts.shape[1], np.diff(found.counts.indptr)
    idf = np.log((1 + documents) / (1 + frequency)) + 1
    weights = (1 + np.log(found.counts.data.astype(np.float64))) * np.repeat(idf, frequency)
    norms = np.sqrt(np.bincount(found.counts.indices, weights * weights, minlength=documents))
    weights /= np.maximum(norms, 1e-9)[found.counts.indices]
    matrix = _like(found.counts, weights)
    if not with_common:
        is_common = frequency > max(COMMON_MIN, COMMON_SHARE * documents)
        matrix = sparse.csr_matrix(sparse.diags_array((~is_common).astype(np.float32)) @ matrix)
        matrix.eliminate_zeros()
    return Postings(_rows(found.terms), matrix, idf.astype(np.float32))


def _rows(terms: Sequence[str]) -> dict[str, int]:
    return {term: row for row, term in enumerate(terms)}


def _like(matrix: sparse.csr_matrix, weights: npt.NDArray[np.float64]) -> sparse.csr_matrix:
    """A matrix of these weights, in the places of another."""
    return sparse.csr_matrix((weights.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)
