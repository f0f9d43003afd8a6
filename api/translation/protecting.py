"""What must come through a translation as it is: links, figures and amounts, masked data, names.

Each is replaced by a numbered mark before the text leaves and put back afterwards; so the figures of a message do not
leave the house either. The marks look like "{0}": free models are trained on OPUS, whose texts of programs (GNOME,
KDE4) are full of them, and servers are used to them (Tiedemann, "Parallel Data, Tools and Interfaces in OPUS", 2012).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle

_LINK = r"https?://[^\s<>()]+[^\s<>().,;:!?]|www\.[^\s<>()]+[^\s<>().,;:!?]"
_EMAIL = r"[\w.+-]+@[\w-]+\.[\w.-]*\w"
_MASKED = r"\[[a-z_]+\]"  # as masking leaves it: [pesel], [card]
_AMOUNT = r"(?:PLN|EUR|USD|€|\$)[ \u00a0\u202f]?\d[\d \u00a0\u202f.,:]*\d|(?:PLN|EUR|USD|€|\$)[ \u00a0\u202f]?\d"
_NUMBER = r"\d+(?:[ \u00a0\u202f]\d{3}(?!\d)|[.,:/-]\d+)*(?:[ \u00a0\u202f]?(?:%|×|zł\b|PLN\b|EUR\b|USD\b|MB\b|€))?"
_NICKNAME = r"\b(?=\w*\d)(?=\w*[^\W\d_])[\w-]{3,}\b"  # letters and digits together: an account's or order's name
_INNER_CAPITAL = r"\b[^\W\d_]*[a-ząćęłńóśźż][A-ZĄĆĘŁŃÓŚŹŻ]\w*\b"  # PayPal, mObywatel
_ALWAYS = "|".join((_LINK, _EMAIL, _MASKED, _AMOUNT, _NICKNAME, _NUMBER, _INNER_CAPITAL))
_MARK = re.compile(r"\{\s*(\d+)\s*\}")
_NAME = re.compile(r"(?<![.!?:>\n] )(?<!^)(?<!\n)\b[A-ZĄĆĘŁŃÓŚŹŻ][\w-]+", re.MULTILINE)
_PLAIN_STEP = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)


@dataclass(frozen=True)
class Protected:
    """A text with marks in place of `kept`."""

    text: str
    kept: tuple[str, ...]

    @property
    def is_all_marks(self) -> bool:
        """Whether nothing is left to translate."""
        return not any(character.isalpha() for character in self.text)

    def restored(self, translated: str) -> str | None:
        """The translation with everything back in its place; None where a mark was lost, doubled or invented."""
        found = [int(match[1]) for match in _MARK.finditer(translated)]
        if sorted(found) != list(range(len(self.kept))):
            return None
        return _MARK.sub(lambda match: self.kept[int(match[1])], translated)


def protect(text: str, names: Iterable[str] = ()) -> Protected:
    """The text with a mark for each thing that must stay; a text that has such marks itself is left as it is."""
    if _MARK.search(text):
        return Protected(text, ())
    kept: list[str] = []

    def mark(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"{{{len(kept) - 1}}}"

    return Protected(_pattern(tuple(sorted(set(names), key=len, reverse=True))).sub(mark, text), tuple(kept))


@functools.lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    spelled = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names if name)
    return re.compile("|".join(each for each in (_LINK, _EMAIL, spelled, _ALWAYS) if each))


def names_in(articles: Mapping[str, PublishedArticle]) -> frozenset[str]:
    """Proper names of the knowledge base: words with a capital letter inside a sentence, the same in both languages."""
    found: set[str] = set()
    for article in articles.values():
        bodies = [_PLAIN_STEP.sub("", article.texts[each].body or "") for each in Language if each in article.texts]
        if len(bodies) == len(Language):
            found |= set.intersection(*(set(_NAME.findall(body)) for body in bodies))
    return frozenset(found)
