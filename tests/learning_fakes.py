"""An engine whose encoder counts words, so that questions with the same words mean the same."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from bot.text import fold, words
from tests.fakes import FakeBot, FakeLines

if TYPE_CHECKING:
    from api.engine import Engine

DIMENSION = 256
PHRASINGS = (
    ("kiedy przyjdą pieniądze z wypłaty", "withdrawal-time"),
    ("co znaczy status wypłaty", "withdrawal-pending"),
    ("jak się skontaktować", "contact-channels"),
)


@dataclass
class WordRetriever(FakeLines):
    """The index' side of a bot; vectors of folded words."""

    same_meaning: float = 0.4

    def vector(self, text: str) -> Any:
        """One place a word, of unit length."""
        vector = np.zeros(DIMENSION, np.float32)
        for word in words(fold(text)):
            vector[zlib.crc32(word.encode()) % DIMENSION] += 1
        return vector / max(1e-9, float(np.linalg.norm(vector)))

    def phrasings_near(self, vector: Any, count: int) -> list[tuple[str, str, float]]:
        """All phrasings, nearest first."""
        near = [(line, article, float(self.vector(line) @ vector)) for line, article in PHRASINGS]
        return sorted(near, key=lambda each: -each[2])[:count]

    def nearest_phrasings(self, text: str, count: int) -> list[tuple[str, str, float]]:
        """The same for a text."""
        return self.phrasings_near(self.vector(text), count)


def word_engine(bot: FakeBot | None = None) -> Engine:
    """An engine around a fake bot whose retriever knows words."""
    bot = bot or FakeBot()
    bot.retriever = WordRetriever()
    manifest = SimpleNamespace(version="test", model="none", model_checksum="words", counts={"articles": 1})
    return cast("Engine", SimpleNamespace(bot=bot, manifest=manifest))
