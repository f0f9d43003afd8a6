"""How close is too close for a new phrasing? What is rare among those that stand, as every model has its own scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indexer.corpus import Kind
from indexer.views import HITS, Views

SAMPLED = 400  # phrasings asked, evenly over the articles: a tenth of the shipped ones, some milliseconds
RARE = 99.0  # percentile: of a hundred phrasings that stand, one has a neighbour as near as that
ALMOST_THE_SAME = 0.999  # a limit must stay below what only the very same text reaches


@dataclass(frozen=True)
class Nearness:
    """Cosine similarities; from there on a phrasing is too close to another article's, or repeats one of its own."""

    to_other: float
    to_own: float


def nearness_of(views: Views) -> Nearness:
    """The limits of an index."""
    phrasings = np.array(views.corpus.of_kind(Kind.PHRASING), np.int64)
    if len(phrasings) < 2:
        return Nearness(ALMOST_THE_SAME, ALMOST_THE_SAME)
    sampled = phrasings[np.linspace(0, len(phrasings) - 1, min(SAMPLED, len(phrasings))).astype(int)]
    vectors = np.stack([views.lines.reconstruct(int(i)) for i in sampled])
    similarity, found = views.lines.search(vectors, min(HITS, len(views.corpus.lines)))
    owners = np.array([line.article for line in views.corpus.lines])
    is_phrasing = np.zeros(len(owners), bool)
    is_phrasing[phrasings] = True
    is_neighbour = is_phrasing[found] & (found != sampled[:, None])
    is_own = owners[found] == owners[sampled][:, None]
    return Nearness(_rare(similarity, is_neighbour & ~is_own), _rare(similarity, is_neighbour & is_own))


def _rare(similarity: np.ndarray, counts: np.ndarray) -> float:
    """What only one in a hundred reaches, of those that have any neighbour."""
    nearest = np.where(counts, similarity, -1.0).max(axis=1)
    nearest = nearest[counts.any(axis=1)]
    return min(ALMOST_THE_SAME, float(np.percentile(nearest, RARE))) if len(nearest) else ALMOST_THE_SAME
