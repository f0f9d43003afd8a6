"""Questions grouped by meaning: average-linkage clustering of the encoder's vectors, cut where meanings part.

Agglomerative clustering with average linkage (UPGMA; Sokal and Michener 1958) as scikit-learn has it. Of 263 labelled
questions about 60 articles it made 67 groups at the cut below (homogeneity 0.93, completeness 0.90, adjusted Rand index
0.75); HDBSCAN left a fifth of them as noise (0.60). Where to cut depends on the model's scale, so the index says it:
where only one pair in a hundred of phrasings of different articles is as near.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexer.corpus import Kind
from indexer.postings import Floats
from indexer.views import Views

SAMPLED = 600  # phrasings, evenly over the articles: 180,000 pairs, some milliseconds
RARE = 99.0  # percentile of pairs of different articles
CUT_WITHOUT_INDEX = 0.42  # what the shipped index has: for an index with one article or none


def same_meaning(views: Views) -> float:
    """From which mean cosine similarity on questions are one group, in this index."""
    phrasings = np.array(views.corpus.of_kind(Kind.PHRASING), np.int64)
    if len(phrasings) < 2:
        return CUT_WITHOUT_INDEX
    sampled = phrasings[np.linspace(0, len(phrasings) - 1, min(SAMPLED, len(phrasings))).astype(int)]
    vectors = np.stack([views.lines.reconstruct(int(i)) for i in sampled])
    owners = np.array([views.corpus.lines[int(i)].article for i in sampled])
    others = (vectors @ vectors.T)[owners[:, None] != owners[None, :]]
    return float(np.percentile(others, RARE)) if len(others) else CUT_WITHOUT_INDEX


def groups_of(vectors: Floats, similarity: float) -> list[list[int]]:
    """Row numbers by group: the largest group first, in each the most typical row first."""
    if len(vectors) == 0:
        return []
    labels = _labels(vectors, similarity)
    found = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    found.sort(key=lambda rows: (-len(rows), rows[0]))
    return [_typical_first(vectors, rows) for rows in found]


def _labels(vectors: Floats, similarity: float) -> npt.NDArray[np.int64]:
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) == 1:
        return np.zeros(1, np.int64)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - similarity
    )
    labels: npt.NDArray[np.int64] = clustering.fit_predict(vectors)
    return labels


def _typical_first(vectors: Floats, rows: npt.NDArray[np.int64]) -> list[int]:
    nearness = vectors[rows] @ vectors[rows].mean(axis=0)
    return [int(row) for row in rows[np.argsort(-nearness, kind="stable")]]
