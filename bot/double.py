"""Two questions in one message: where it may be cut. Whether it is two is told by what each half finds."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from bot.text import words
from knowledge_base.article import Language

HALF_WORDS_MIN = 2
PLACES_MAX = 20  # of a kind; who writes more commas asks no two questions
DOUBLE_WORDS_MAX = 120  # more is a letter, not two questions
JOINT_WORDS_MAX = 18  # a longer message with commas is a story
CUTS_MAX = 2  # each costs two more look-ups

_SENTENCE = re.compile(r"[.?!;\n]+\s*(?=\S)")
_TURN = re.compile(
    r"(?<![,\s])[,\s]{1,4}(?:oraz|poza tym|po drugie|druga sprawa|drugie pytanie|jeszcze jedno|(?:i )?przy okazji"
    r"|[ia] jeszcze|also|and also|as well as|another thing|second question"
    r"|secondly|one more thing|plus|besides)\b[:,]?\s*",
    re.IGNORECASE,
)
_JOINT = {
    Language.PL: re.compile(r"\s(?:i|a|oraz|plus|&|\+)\s+|,\s+", re.IGNORECASE),
    Language.EN: re.compile(r"\s(?:and|plus|&|\+)\s+|,\s+", re.IGNORECASE),
}
_SUBORDINATE = re.compile(
    r"\W*(?:żeby|zeby|aby|że|ze|jeśli|jesli|jeżeli|jezeli|skoro|bo|gdy|ponieważ|poniewaz|któr\w+|ktor\w+"
    r"|if|that|because|since|so that|which|who|although|unless)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\?|^\W*(?:a |i |and |or )?(?:jak|kiedy|gdzie|czy|ile|dlaczego|czemu|co|kto|jaki\w*|kt[oó]r\w+|na jak\w+"
    r"|how|when|where|why|what|who|which|can|could|do|does|is|are|may)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Cut:
    """A message in two; `is_turn`: at words that turn to something else, `is_sentence`: at the end of a sentence."""

    first: str
    second: str
    is_turn: bool
    is_sentence: bool

    @property
    def both_ask(self) -> bool:
        """Whether each half reads as a question by itself."""
        return all(_ASKING.search(half) for half in (self.first, self.second))

    @property
    def one_asks(self) -> bool:
        return any(_ASKING.search(half) for half in (self.first, self.second))

    @property
    def is_plain(self) -> bool:
        """Whether the message says clearly that it asks two things."""
        return self.both_ask and (self.is_turn or self.is_sentence)


def cuts(text: str, language: Language) -> list[Cut]:
    """Where the message may be two questions, the plainest places first; [] for a text that reads as one."""
    if not HALF_WORDS_MIN * 2 <= len(words(text)) <= DOUBLE_WORDS_MAX:
        return []
    found: dict[tuple[int, int], tuple[bool, bool]] = {}
    for pattern, kind in ((_TURN, (True, False)), (_SENTENCE, (False, True)), (_JOINT[language], (False, False))):
        for match in itertools.islice(pattern.finditer(text), PLACES_MAX):
            found.setdefault(_ends(text, match), kind)
    halves = [Cut(text[:end].strip(), text[start:].strip(), *kind) for (end, start), kind in found.items()]
    usable = [
        c
        for c in halves
        if (c.is_turn or c.both_ask or (c.one_asks and len(words(text)) <= JOINT_WORDS_MAX))
        and not _SUBORDINATE.match(c.second)
        and min(len(words(c.first)), len(words(c.second))) >= HALF_WORDS_MIN
    ]
    return sorted(usable, key=lambda c: (not c.is_plain, not c.both_ask))[:CUTS_MAX]


def _ends(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Where the first half ends and the second begins; a question mark stays with its question."""
    end = match.start()
    while end < match.end() and text[end] in "?!.":
        end += 1
    return end, match.end()
