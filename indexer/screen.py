"""The screen's classifier: logistic regression over the encoder's vector and character n-grams.

The vector hears meaning, the n-grams hear slang and misspelling; both are plain arrays once fitted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.decision import Level
from bot.screening import Label
from bot.text import character_ngrams
from indexer.errors import ContentError
from indexer.postings import Floats

NGRAM_ROWS = 1 << 15  # n-grams share rows by hash (Weinberger et al. 2009); more rows changed nothing
NGRAM_WEIGHT = 1.0
INVERSE_REGULARISATION = 8.0
FIT_ROUNDS = 80  # of L-BFGS; more sharpened the training fit only


@dataclass(frozen=True)
class Message:
    """An example message with its label; some labels carry the kind: 'smalltalk_thanks', 'crisis_life'."""

    q: str
    lang: str
    label: str
    kind: str


@dataclass(frozen=True)
class ScreenModel:
    """Weights of shape (dimension + NGRAM_ROWS, labels), one intercept a label."""

    labels: tuple[str, ...]
    weights: Floats
    intercepts: Floats

    def probabilities(self, text: str, vector: Floats) -> dict[str, float]:
        """Label -> probability; 'smalltalk' and 'crisis' are the sums of their kinds, which are given too."""
        rows, values = _hashed(text)
        scores = vector @ self.weights[: len(vector)] + self.intercepts
        if len(rows):
            scores = scores + NGRAM_WEIGHT * (values @ self.weights[len(vector) + rows])
        exponentials = np.exp(scores - scores.max())
        shares = exponentials / exponentials.sum()
        return with_totals({label: float(p) for label, p in zip(self.labels, shares, strict=True)})


def trained_label(label: Label, kind: str) -> str:
    """What the classifier is to say: small talk by its kind, crisis by who speaks of what, else the label."""
    if label is Label.SMALLTALK:
        return f"smalltalk_{kind}"
    if label is Label.CRISIS:
        return f"crisis_{kind if kind in set(Level) else Level.HARM.value}"
    return label.value


def with_totals(probabilities: Mapping[str, float]) -> dict[str, float]:
    """The same with 'smalltalk' and 'crisis' added up over their kinds."""
    totals = {
        label.value: sum(p for name, p in probabilities.items() if name.startswith(f"{label.value}_"))
        for label in (Label.SMALLTALK, Label.CRISIS)
    }
    return {**probabilities, **totals}


def read_messages(paths: Sequence[Path]) -> list[Message]:
    """Example messages of JSON Lines files; ContentError names the first line that is not one."""
    messages = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                entry = json.loads(line)
                label = Label(entry["label"])
                kind = str(entry.get("kind", ""))
                messages.append(Message(entry["q"], entry["lang"], trained_label(label, kind), kind))
            except (ValueError, KeyError, TypeError) as error:
                raise ContentError(f"{path}:{number}: not a labelled message ({error}); see docs/content.md") from error
    return messages


def features(texts: Sequence[str], vectors: Floats) -> sparse.csr_matrix:
    """Shape (texts, dimension + NGRAM_ROWS)."""
    hashed = [_hashed(text) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(r) for r, _ in hashed])
    columns = np.concatenate([r for r, _ in hashed]) if hashed else np.zeros(0, np.int64)
    values = np.concatenate([v for _, v in hashed]) if hashed else np.zeros(0, np.float32)
    grams = sparse.csr_matrix((NGRAM_WEIGHT * values, (rows, columns)), shape=(len(texts), NGRAM_ROWS))
    return sparse.hstack([sparse.csr_matrix(vectors), grams]).tocsr()


def fit_screen(matrix: sparse.csr_matrix, labels: Sequence[str]) -> ScreenModel:
    """A classifier for messages with these features and labels."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=FIT_ROUNDS, tol=1e-3).fit(matrix, labels)
    return ScreenModel(
        tuple(str(c) for c in fitted.classes_), fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32)
    )


def out_of_fold(matrix: sparse.csr_matrix, labels: Sequence[str], folds: int, seed: int) -> list[dict[str, float]]:
    """For each message, the probabilities given by a classifier that has not seen it."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    classifier = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=FIT_ROUNDS, tol=1e-3)
    split = StratifiedKFold(folds, shuffle=True, random_state=seed)
    predicted: npt.NDArray[Any] = cross_val_predict(classifier, matrix, labels, cv=split, method="predict_proba")
    names = sorted(set(labels))
    return [with_totals(dict(zip(names, map(float, row), strict=True))) for row in predicted]


def _hashed(text: str) -> tuple[npt.NDArray[np.int64], Floats]:
    """Unit-length counts of the text's n-grams: rows and values."""
    import zlib

    counts: dict[int, int] = {}
    for gram in character_ngrams(text):
        row = zlib.crc32(gram.encode()) % NGRAM_ROWS
        counts[row] = counts.get(row, 0) + 1
    rows = np.fromiter(counts.keys(), np.int64, len(counts))
    values = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))
    norm = float(np.linalg.norm(values)) or 1.0
    return rows, (values / norm).astype(np.float32)
