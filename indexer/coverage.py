"""Which of a question's words an article knows: what is about something else has a rare word that it lacks."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bot.retrieval import Coverage
from bot.text import words
from indexer.postings import Postings
from indexer.stemming import question_stems


def coverage(question: str, articles: npt.NDArray[np.int64], postings: Postings, count: int) -> list[Coverage]:
    """For each of the articles; `postings` hold every article as `count` documents of each language, one after another.

    A word weighs as much as it is rare among the articles (inverse document frequency, Spärck Jones 1972).
    """
    weights, known = _weighed(question, postings, count)
    total = float(weights.sum())
    if not total:
        return [Coverage()] * len(articles)
    lacking = np.where(known[:, articles], 0.0, weights[:, None])  # (words, articles)
    return [
        Coverage(1 - missing / total, missing, rarest)
        for missing, rarest in zip(lacking.sum(axis=0).tolist(), lacking.max(axis=0).tolist(), strict=True)
    ]


def _weighed(question: str, postings: Postings, count: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Each word's weight, shape (words,), and which articles know it, shape (words, articles)."""
    said = [stems for word in words(question) if (stems := question_stems(word))]
    weights, known = np.zeros(len(said)), np.zeros((len(said), count), np.bool_)
    for row, stems in enumerate(said):
        frequency = []
        for stem in stems:
            column = postings.terms.get(stem)
            if column is not None:
                documents = postings.weights.indices[
                    postings.weights.indptr[column] : postings.weights.indptr[column + 1]
                ]
                known[row, documents % count] = True
                frequency.append(len(documents))
        weights[row] = _rarity(min(frequency, default=0), count)
    return weights, known


def _rarity(frequency: int, count: int) -> float:
    frequency = min(frequency, count)
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
