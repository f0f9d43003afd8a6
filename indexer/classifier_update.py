"""The linear classifier when few articles changed: only their columns are fitted anew, the others stay.

One step of block coordinate descent (Bertsekas 1999, "Nonlinear Programming", 2.7) on the multinomial logistic loss
that `views.fit_classifier` minimises as a whole; for ridge regression the exact solution of those columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.postings import Floats
from indexer.views import INVERSE_REGULARISATION, LOGISTIC_ARTICLES_MAX, RIDGE, RIDGE_SCALE

ROUNDS = 60  # of L-BFGS; a column has a few hundred numbers and converges in about twenty


def updated(
    weights: Floats, ids_before: Sequence[str], ids: Sequence[str], changed: frozenset[str],
    vectors: Floats, owners: npt.NDArray[np.int64],
) -> Floats:  # fmt: skip
    """The classifier of `ids`, shape (dimension + 1, articles), from the one of `ids_before`."""
    column_of = {article_id: column for column, article_id in enumerate(ids_before)}
    kept = np.zeros((weights.shape[0], len(ids)), np.float32)
    kept[-1] = weights[-1].min()
    for column, article_id in enumerate(ids):
        if article_id in column_of:
            kept[:, column] = weights[:, column_of[article_id]]
    fitted = [c for c, article_id in enumerate(ids) if article_id in changed and (owners == c).any()]
    if not fitted:
        return kept
    if 2 <= len(np.unique(owners)) <= LOGISTIC_ARTICLES_MAX:
        return _logistic(kept, fitted, vectors, owners)
    return _ridge(kept, fitted, vectors, owners)


def _ridge(weights: Floats, fitted: Sequence[int], vectors: Floats, owners: npt.NDArray[np.int64]) -> Floats:
    extended = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    gram = extended.T @ extended + RIDGE * np.eye(extended.shape[1], dtype=np.float32)
    sums = np.stack([extended[owners == column].sum(axis=0) for column in fitted])
    weights[:, fitted] = RIDGE_SCALE * np.linalg.solve(gram, sums.T)
    return weights


def _logistic(weights: Floats, fitted: Sequence[int], vectors: Floats, owners: npt.NDArray[np.int64]) -> Floats:
    from scipy.optimize import minimize

    others = np.setdiff1d(np.unique(owners), fitted)
    fixed = vectors @ weights[:-1, others] + weights[-1, others]
    targets = (owners[:, None] == np.asarray(fitted)[None, :]).astype(np.float32)
    shape = (weights.shape[0], len(fitted))

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        block = flat.reshape(shape).astype(np.float32)
        logits = vectors @ block[:-1] + block[-1]
        highest = np.maximum(logits.max(axis=1), highest_fixed)
        own = np.exp(logits - highest[:, None])
        total = own.sum(axis=1) + mass_fixed * np.exp(highest_fixed - highest)
        likelihood = np.log(total) + highest - (logits * targets).sum(axis=1)
        difference = own / total[:, None] - targets
        slopes = INVERSE_REGULARISATION * (vectors.T @ difference) + block[:-1]
        gradient = np.vstack([slopes, INVERSE_REGULARISATION * difference.sum(axis=0)])
        away = 0.5 * float((block[:-1] ** 2).sum())
        return float(INVERSE_REGULARISATION * likelihood.sum() + away), gradient.ravel().astype(np.float64)

    if fixed.shape[1]:
        highest_fixed = fixed.max(axis=1)
        mass_fixed = np.exp(fixed - highest_fixed[:, None]).sum(axis=1)
    else:
        highest_fixed = np.full(len(vectors), -1e30, np.float32)
        mass_fixed = np.zeros(len(vectors), np.float32)
    start = weights[:, fitted].astype(np.float64).ravel()
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    weights[:, fitted] = found.reshape(shape)
    return weights
