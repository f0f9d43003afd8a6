"""Sentence pairs: reading, joining, weighing, and the noise of hurried typing."""

from __future__ import annotations

import gzip
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

JOINABLE_MIN = 100  # pairs of a source, lest the same few be joined again and again
DOCUMENTATION_MARKS = ("docs", "Docs", "Dynamics", "AlchemyInsights", "php/doc", "python-docs")

_NEIGHBOURS = {
    letter: row[max(0, i - 1) : i] + row[i + 1 : i + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for i, letter in enumerate(row)
}


@dataclass(frozen=True)
class Pair:
    """One English sentence, its Polish translation, and the repository both were taken from."""

    english: str
    polish: str
    source: str

    @property
    def is_documentation(self) -> bool:
        return any(mark in self.source for mark in DOCUMENTATION_MARKS)

    @property
    def is_question(self) -> bool:
        return self.polish.rstrip().endswith("?")


@dataclass(frozen=True)
class Material:
    """Everything that is distilled: both sides, the teacher's vectors, and how often each pair is drawn."""

    english: list[str]
    polish: list[str]
    targets: npt.NDArray[np.float16]
    weights: npt.NDArray[np.float64]


def read_pairs(path: Path) -> list[Pair]:
    """Pairs of a tab-separated file (English, Polish, source), gzipped or plain; short lines raise ValueError."""
    pairs = []
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            fields = line.rstrip("\n").split("\t")
            if len(fields) != 3:
                raise ValueError(f"{path}:{number}: three tab-separated fields are needed: English, Polish, source")
            pairs.append(Pair(*fields))
    return pairs


def sampling_weights(
    pairs: Sequence[Pair], words_max: int, documentation_weight: float, question_weight: float
) -> np.ndarray:
    """How often each pair is drawn, relative to 1; 0 for lines that are too long."""
    return np.array(
        [
            0.0
            if len(pair.polish.split()) > words_max or len(pair.english.split()) > words_max
            else (documentation_weight if pair.is_documentation else 1.0)
            * (question_weight if pair.is_question else 1.0)
            for pair in pairs
        ]
    )


def joined_pairs(pairs: Sequence[Pair], count: int, words_max: int, seed: int) -> list[Pair]:
    """Long texts, of which the pairs have few: up to six pairs of one source, joined on both sides.

    `words_max` is of the Polish side; sources with few pairs are left out, and without any other there is no text.
    """
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_source[pair.source].append(pair)
    sources = [source for source, mine in by_source.items() if len(mine) >= JOINABLE_MIN]
    if not sources:
        return []
    rng = random.Random(seed)
    joined = []
    for source in rng.choices(sources, [len(by_source[s]) for s in sources], k=count):
        parts: list[Pair] = []
        for part in rng.sample(by_source[source], rng.randint(2, 6)):
            if parts and sum(len(p.polish.split()) for p in (*parts, part)) > words_max:
                break
            parts.append(part)
        joined.append(Pair(" ".join(p.english for p in parts), " ".join(p.polish for p in parts), source))
    return joined


def with_typing_noise(text: str, rng: random.Random) -> str:
    """The text as somebody in a hurry types it: one or two slips, or lost punctuation, or lower case."""
    draw = rng.random()
    if draw < 0.35:
        return text
    if draw < 0.5:
        return "".join(c for c in text if c.isalnum() or c.isspace())
    if draw < 0.55:
        return text.upper()
    letters = list(text)
    for _ in range(1 if len(letters) < 25 else rng.randint(1, 3)):
        positions = [i for i, c in enumerate(letters) if c.isalpha()]
        if len(positions) < 4:
            break
        i = rng.choice(positions)
        kind = rng.randrange(4)
        if kind == 0:
            letters.pop(i)
        elif kind == 1:
            letters.insert(i, letters[i])
        elif kind == 2 and i + 1 < len(letters):
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
        else:
            letters[i] = rng.choice(_NEIGHBOURS.get(letters[i].lower(), letters[i]))
    return "".join(letters)
