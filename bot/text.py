"""One normaliser for indexing and asking: cleaning, folding, words, stems.

Folding drops case and diacritics; `ł` has no Unicode decomposition and needs its own rule.
"""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from dataclasses import dataclass

import snowballstemmer

from knowledge_base.article import Language

_WORD = re.compile(r"[^\W_]+")
_FOLDED_APART = str.maketrans(
    {"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "đ": "d", "Đ": "d", "æ": "ae", "Æ": "ae", "ı": "i"}
)
_SPACES = frozenset("\t\n\r\v\f\x85\u2028\u2029")
_STEMMING = threading.Lock()  # a Snowball stemmer keeps the word in itself, so two threads would mix theirs
_SNOWBALL = {Language.PL: "polish", Language.EN: "english"}


@dataclass(frozen=True)
class CleanText:
    """A message without invisible characters; `offsets[i]` is where character i stood in the message as it came."""

    text: str
    offsets: tuple[int, ...]


def clean(message: str) -> CleanText:
    """Drop control, zero-width and surrogate characters, turn every space into one plain space, trim the ends."""
    kept: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(message):
        is_space = character.isspace() or character in _SPACES
        if is_space and (not kept or kept[-1] == " "):
            continue
        if not is_space and not character.isprintable():
            continue  # categories Cc, Cf (an emoji's joiner too, which reads the same without), Cs, Co, Cn
        kept.append(" " if is_space else character)
        offsets.append(offset)
    if kept and kept[-1] == " ":
        kept.pop()
        offsets.pop()
    return CleanText("".join(kept), tuple(offsets))


def fold(text: str) -> str:
    """Lower case without diacritics, compatibility forms made plain: 'WYPŁATĘ' and 'wypłatę' both give 'wyplate'."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDED_APART))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def words(text: str) -> list[str]:
    """The words of a text as they stand: runs of letters and digits."""
    return _WORD.findall(text)


def folded_words(text: str) -> list[str]:
    """The words of the folded text."""
    return _WORD.findall(fold(text))


@functools.lru_cache(maxsize=50_000)
def stems(word: str, language: Language) -> frozenset[str]:
    """Folded Snowball stems of a word: of the word as typed and of the word without diacritics, often the same one."""
    stemmer = _stemmer(language)
    with _STEMMING:
        return frozenset((fold(stemmer.stemWord(word.lower())), stemmer.stemWord(fold(word))))


@functools.cache
def _stemmer(language: Language) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(_SNOWBALL[language])


def character_ngrams(text: str, shortest: int = 2, longest: int = 5) -> list[str]:
    """Character n-grams of each folded word with a space at both ends, e.g. ' bl', 'bli', 'lik', 'ik '."""
    grams: list[str] = []
    for word in folded_words(text):
        padded = f" {word} "
        for length in range(shortest, longest + 1):
            if len(padded) < length:
                break
            grams.extend(padded[i : i + length] for i in range(len(padded) - length + 1))
    return grams
