"""An article as something to say on the phone: where it begins and the sentence nearest to the question, in short."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from bot.text import fold, stems, words
from knowledge_base.article import Language

WORDS_MAX = 45  # about 20 seconds: what one listens to without being lost
SENTENCES_MAX = 3
WORD_MIN = 3  # letters; shorter words say nothing of what is asked
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_EMPHASIS = re.compile(r"\*\*|\*|`|^#+\s*", re.MULTILINE)
_PATH = re.compile(r"\s*>\s*")
_ITEM = re.compile(r"^(?:[-*]|\d+\.)\s+")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZĄĆĘŁŃÓŚŹŻ„\"])")
_THEN = {Language.PL: ", potem ", Language.EN: ", then "}


def spoken(body: str, question: str, language: Language) -> str:
    """At most three sentences, in the article's order: where it begins, what was asked about, and what follows that."""
    sentences = list(_sentences(body, language))
    if not sentences:
        return ""
    nearness = [_nearness(question, sentence, language) for sentence in sentences]
    best = nearness.index(max(nearness))
    kept: list[int] = []
    length_so_far = 0
    for i in (best, 0, best + 1):  # what was asked about is never left out, however long
        length = len(sentences[i].split()) if i < len(sentences) else WORDS_MAX
        if i not in kept and len(kept) < SENTENCES_MAX and (not kept or length_so_far + length <= WORDS_MAX):
            kept.append(i)
            length_so_far += length
    return " ".join(sentences[i] for i in sorted(kept))


def _nearness(question: str, sentence: str, language: Language) -> tuple[float, float]:
    """How many of the question's words the sentence has in some form, for its length; then how alike they look.

    Divided by the root of the length: a short line about it beats a long one that mentions it.
    """
    said = words(sentence)
    forms = {stem for word in said for stem in stems(word, language)}
    asked = [word for word in words(question) if len(word) >= WORD_MIN]
    shared = sum(not forms.isdisjoint(stems(word, language)) for word in asked)
    return shared / math.sqrt(len(said) or 1), fuzz.token_set_ratio(fold(question), fold(sentence))


def _sentences(body: str, language: Language) -> Iterator[str]:
    """The body's sentences."""
    plain = _EMPHASIS.sub("", _ITEMS.sub(r"- ", _LINK.sub(r"\1", body)))
    plain = _PATH.sub(_THEN[language], plain)
    for block in _blocks(plain):
        yield from (sentence for each in _END.split(block) if (sentence := each.strip()))


_ITEMS = re.compile(r"^[ \t]*(?:[-*]|\d+\.)\s+", re.MULTILINE)


def _blocks(plain: str) -> Iterator[str]:
    """Paragraphs as they are said: each item of a list by itself, behind the line that introduces it."""
    intro = ""
    for paragraph in plain.split("\n\n"):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        items = [_ITEM.sub("", line).rstrip(",;.") for line in lines if _ITEM.match(line)]
        text = " ".join(line for line in lines if not _ITEM.match(line))
        if items:
            lead = f"{intro} {text}".strip()
            if lead and not lead.endswith(":"):
                yield lead
                lead = ""
            yield from (f"{lead} {item}." if lead else f"{item[:1].upper()}{item[1:]}." for item in items)
            intro = ""
        elif text.endswith(":"):
            intro = text
        elif text:
            yield f"{intro} {text}".strip()
            intro = ""
    if intro:
        yield intro
