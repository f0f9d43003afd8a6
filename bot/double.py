"""Two questions in one message: where it may be cut. Whether it is two is told by what each half finds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text import words

HALF_WORDS_MIN = 2
CUTS_MAX = 3  # each costs two more look-ups

_SENTENCE = re.compile(r"[.?!;\n]+\s*(?=\S)")
_TURN = re.compile(
    r"[,\s]+(?:oraz|poza tym|po drugie|druga sprawa|drugie pytanie|jeszcze jedno|(?:i )?przy okazji|[ia] jeszcze"
    r"|also|and also|as well as|another thing|second question|secondly|one more thing|plus|besides)\b[:,]?\s*",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s+(?:i|a|and|&|\+|oraz|plus)\s+|,\s+", re.IGNORECASE)
_ASKING = re.compile(
    r"\?|^\W*(?:a |i |and |or )?(?:jak|kiedy|gdzie|czy|ile|dlaczego|czemu|co|kto|jaki\w*|kt[oó]r\w+|na jak\w+"
    r"|how|when|where|why|what|who|which|can|could|do|does|is|are|may)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Cut:
    """A message in two; a plain one is at the end of a sentence or at words that turn to something else."""

    first: str
    second: str
    is_plain: bool

    @property
    def both_ask(self) -> bool:
        """Whether each half reads as a question by itself."""
        return all(_ASKING.search(half) for half in (self.first, self.second))


def cuts(text: str) -> list[Cut]:
    """Where the message may be two questions, the plainest places first."""
    found: dict[tuple[int, int], bool] = {}
    for pattern, is_plain in ((_TURN, True), (_SENTENCE, True), (_JOINT, False)):
        for match in pattern.finditer(text):
            found.setdefault(_ends(text, match), is_plain)
    halves = [Cut(text[:end].strip(), text[start:].strip(), is_plain) for (end, start), is_plain in found.items()]
    long_enough = [c for c in halves if min(len(words(c.first)), len(words(c.second))) >= HALF_WORDS_MIN]
    return sorted(long_enough, key=lambda c: (not (c.is_plain and c.both_ask), not c.both_ask, not c.is_plain))[
        :CUTS_MAX
    ]


def _ends(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Where the first half ends and the second begins; a question mark stays with its question."""
    end = match.start()
    while end < match.end() and text[end] in "?!.":
        end += 1
    return end, match.end()
