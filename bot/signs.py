"""Hearing a reviewed phrase in a message: folded, with another word in between, with a typing error in a long word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from bot.text import folded_words
from knowledge_base.signs import Sign

BETWEEN = 1  # words that may stand between two neighbours of a phrase
FORGIVING_FROM = 6  # letters from which on one slip is forgiven; in shorter words it makes another word
_KEY = 2  # first letters by which phrases are looked up: a slip there is not forgiven


class Signs:
    """All phrases, looked up by how their first word begins."""

    def __init__(self, signs: Iterable[Sign] = ()) -> None:
        self.all = tuple(signs)
        self._by_key: dict[str, list[Sign]] = defaultdict(list)
        for sign in self.all:
            self._by_key[sign.words[0].rstrip("*")[:_KEY]].append(sign)

    def found(self, text: str) -> list[Sign]:
        """The phrases that stand in the text."""
        said = folded_words(text)
        return [
            sign
            for start, word in enumerate(said)
            for sign in self._by_key.get(word[:_KEY], ())
            if _matches(sign.words[0], word) and _goes_on(sign.words[1:], said, start + 1)
        ]


def _goes_on(wanted: Sequence[str], said: Sequence[str], start: int) -> bool:
    if not wanted:
        return True
    return any(
        _matches(wanted[0], said[i]) and _goes_on(wanted[1:], said, i + 1)
        for i in range(start, min(start + BETWEEN + 1, len(said)))
    )


def _matches(wanted: str, word: str) -> bool:
    if wanted.endswith("*"):
        stem = wanted[:-1]
        beginnings = (word[: len(stem) + slip] for slip in (0, -1, 1))  # a wrong, a lost, a doubled letter
        return word.startswith(stem) or (len(stem) >= FORGIVING_FROM and any(_is_near(stem, b) for b in beginnings))
    return word == wanted or (len(wanted) >= FORGIVING_FROM and _is_near(wanted, word))


def _is_near(wanted: str, word: str) -> bool:
    return OSA.distance(wanted, word, score_cutoff=1) <= 1
