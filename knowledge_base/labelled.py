"""Labelled questions: to calibrate and to measure with, never to train on and never indexed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Split(StrEnum):
    """Which half of the labelled questions: one to fit the confidence on, one only to measure."""

    CALIBRATION = "calibration"
    TEST = "test"


class LabelledFileError(ValueError):
    """A line of a labelled file that cannot be used."""


@dataclass(frozen=True)
class LabelledQuestion:
    """A question with the article that answers it; `topic` None: no article does."""

    q: str
    topic: str | None
    also: tuple[str, ...]
    lang: str
    style: str

    @property
    def accepted(self) -> frozenset[str]:
        """The ids of all articles that answer it."""
        return frozenset(self.also) | ({self.topic} if self.topic else frozenset())

    @property
    def split(self) -> Split:
        """Fixed for ever by the text: a hash decides."""
        odd = hashlib.sha256(self.q.encode("utf-8", "surrogatepass")).digest()[0] % 2
        return Split.TEST if odd else Split.CALIBRATION


def read_labelled(paths: Iterable[Path]) -> list[LabelledQuestion]:
    """All questions of JSON Lines files; LabelledFileError names the first line that is not one."""
    questions = []
    for path in paths:
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if line.strip():
                questions.append(_question(line, f"{path}:{number}"))
    return questions


def _question(line: bytes, where: str) -> LabelledQuestion:
    try:
        entry = json.loads(line)
    except ValueError as error:  # not JSON, or not UTF-8
        raise LabelledFileError(f"{where}: not JSON ({error}); write one object a line") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("q"), str) or "topic" not in entry:
        raise LabelledFileError(
            f'{where}: needs {{"q": text, "topic": id or null, "also": [ids], "lang": "pl" or "en"}}'
        )
    topic, also = entry["topic"], entry.get("also", [])
    if not isinstance(topic, str | None) or not isinstance(also, list) or not all(isinstance(a, str) for a in also):
        raise LabelledFileError(f"{where}: 'topic' is an id or null, 'also' a list of ids")
    return LabelledQuestion(
        entry["q"], topic, tuple(also), str(entry.get("lang", "und")), str(entry.get("style", "any"))
    )
