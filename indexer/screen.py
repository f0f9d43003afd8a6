"""The screen's classifier: what kind of message this is, from the encoder's wide vector and the words themselves.

Two ways of telling are added up: a logistic regression over the vector, hashed character n-grams and word sequences
and a few cues; and the nearest examples of each kind (after Khandelwal et al. 2020, arXiv:1911.00172, who do so for the
next word). The first knows slang and misspelling, the second a situation that it has met once.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.cues import CUES, cues
from bot.decision import Level
from bot.screening import Label
from bot.text import character_ngrams, folded_words
from indexer.errors import ContentError
from indexer.neighbours import Neighbours
from indexer.postings import Floats

HASHED_ROWS = 1 << 15  # n-grams share rows by hash (Weinberger et al. 2009); more rows changed nothing
HASHED_WEIGHT = 1.0
WORD_LETTERS = 5  # a word's beginning stands for all its endings
WORDS_LONGEST = 3
INVERSE_REGULARISATION = 8.0
FIT_ROUNDS = 300  # of L-BFGS; 60 stopped early and heard 2 to 5 points less
NEAREST_WEIGHT = 25.0  # of a similarity beside a log-odds; 15 to 40 gave the same figures, 0 heard a tenth less
NEAREST_DIMENSIONS = 128  # principal ones of the vectors; as good as 192, and 2 points better than 96
# What a fitted screen depends on. Raise the number when other things are read, also from the encoder (its inner layer).
FEATURES = ("sparse 1", HASHED_ROWS, HASHED_WEIGHT, WORD_LETTERS, WORDS_LONGEST, NEAREST_DIMENSIONS, *CUES)
FOLLOW_UP = "follow_up"  # the kind of an ordinary message that goes on from one before


@dataclass(frozen=True)
class Message:
    """An example message with its label; some labels carry the kind: 'smalltalk_thanks', 'crisis_life'."""

    q: str
    lang: str
    label: str
    kind: str


@dataclass(frozen=True)
class ScreenModel:
    """Weights (features, labels) with an intercept a label; the examples' vectors along the principal directions."""

    labels: tuple[str, ...]
    weights: Floats
    intercepts: Floats
    directions: Floats  # (dimension, NEAREST_DIMENSIONS)
    neighbours: Neighbours

    def probabilities(self, text: str, vector: Floats) -> dict[str, float]:
        """Label -> probability; 'smalltalk' and 'crisis' are the sums of their kinds, which are given too."""
        rows, values = _sparse(text)
        scores = vector @ self.weights[: len(vector)] + self.intercepts
        scores += values @ self.weights[len(vector) + rows]
        scores += NEAREST_WEIGHT * self.neighbours.similarity(vector @ self.directions)
        exponentials = np.exp(scores - scores.max())
        shares = exponentials / exponentials.sum()
        return with_totals(dict(zip(self.labels, shares.tolist(), strict=True)))

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Plain arrays to be saved; weights in half precision, which moves a probability by less than a thousandth."""
        return {
            "labels": np.array(self.labels), "weights": self.weights.astype(np.float16),
            "intercepts": self.intercepts, "directions": self.directions, **self.neighbours.to_arrays(),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> ScreenModel:
        """The reverse of `to_arrays`."""
        labels = tuple(map(str, arrays["labels"]))
        return cls(
            labels, arrays["weights"].astype(np.float32), arrays["intercepts"], arrays["directions"],
            Neighbours.from_arrays(arrays["neighbours"], arrays["owners"], len(labels)),
        )  # fmt: skip


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
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                label = Label(entry["label"])
                kind = str(entry.get("kind", ""))
                messages.append(Message(str(entry["q"]), str(entry["lang"]), trained_label(label, kind), kind))
            except (ValueError, KeyError, TypeError) as error:
                raise ContentError(f"{path}:{number}: not a labelled message ({error}); see docs/content.md") from error
    return messages


def features(texts: Sequence[str], vectors: Floats) -> sparse.csr_matrix:
    """Shape (texts, dimension + HASHED_ROWS + cues)."""
    found = [_sparse(text) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(r) for r, _ in found])
    columns = np.concatenate([r for r, _ in found]) if found else np.zeros(0, np.int64)
    values = np.concatenate([v for _, v in found]) if found else np.zeros(0, np.float32)
    written = sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), HASHED_ROWS + len(CUES)))
    return sparse.hstack([sparse.csr_matrix(vectors), written]).tocsr()


def fit_screen(texts: Sequence[str], vectors: Floats, labels: Sequence[str]) -> ScreenModel:
    """A classifier for messages with these vectors and labels."""
    fitted = _regression().fit(features(texts, vectors), labels)
    names = [str(c) for c in fitted.classes_]
    directions = _principal(vectors)
    owners = np.array([names.index(label) for label in labels])
    weights = fitted.coef_.T.astype(np.float16).astype(np.float32)  # as it will be read, see to_arrays
    return ScreenModel(
        tuple(names), weights, fitted.intercept_.astype(np.float32),
        directions, Neighbours.of(vectors @ directions, owners, len(names)),
    )  # fmt: skip


def _principal(vectors: Floats) -> Floats:
    """Their main directions (principal components), shape (dimension, at most NEAREST_DIMENSIONS)."""
    centred = vectors - vectors.mean(axis=0)
    _values, directions = np.linalg.eigh(centred.T @ centred)
    return np.ascontiguousarray(directions[:, ::-1][:, :NEAREST_DIMENSIONS], np.float32)


def out_of_fold(
    texts: Sequence[str], vectors: Floats, labels: Sequence[str], folds: int, seed: int
) -> list[dict[str, float]]:
    """For each message, the probabilities given by a classifier that has not seen it."""
    from sklearn.model_selection import StratifiedKFold

    judged: list[dict[str, float]] = [{} for _ in texts]
    for known, asked in StratifiedKFold(folds, shuffle=True, random_state=seed).split(texts, labels):
        model = fit_screen([texts[i] for i in known], vectors[known], [labels[i] for i in known])
        for i in asked:
            judged[i] = model.probabilities(texts[i], vectors[i])
    return judged


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=INVERSE_REGULARISATION, max_iter=FIT_ROUNDS, tol=1e-4)


def _sparse(text: str) -> tuple[npt.NDArray[np.int64], Floats]:
    """What is written, as rows and values: hashed n-grams and word sequences, each of unit length, and cues."""
    parts = [_hashed(character_ngrams(_without_figures(text))), _hashed(_sequences(text))]
    said = np.flatnonzero(cues(text)).astype(np.int64)
    parts.append((HASHED_ROWS + said, np.ones(len(said), np.float32)))
    return np.concatenate([rows for rows, _ in parts]), np.concatenate([values for _, values in parts])


def _without_figures(text: str) -> str:
    """All digits alike: which sum or hour it is does not matter."""
    return "".join("0" if c.isdigit() else c for c in text)


def _sequences(text: str) -> list[str]:
    beginnings = [word[:WORD_LETTERS] for word in folded_words(_without_figures(text))]
    return [
        "_".join(beginnings[i : i + n]) for n in range(1, WORDS_LONGEST + 1) for i in range(len(beginnings) - n + 1)
    ]


def _hashed(terms: Sequence[str]) -> tuple[npt.NDArray[np.int64], Floats]:
    """Unit-length logarithmic counts of terms."""
    counts: dict[int, int] = {}
    for term in terms:
        row = zlib.crc32(term.encode()) % HASHED_ROWS
        counts[row] = counts.get(row, 0) + 1
    rows = np.fromiter(counts.keys(), np.int64, len(counts))
    values = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))
    norm = float(np.linalg.norm(values)) or 1.0
    return rows, (HASHED_WEIGHT * values / norm).astype(np.float32)
