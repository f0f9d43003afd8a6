"""What of the published articles is searched: titles, phrasings and passages, each a line of the index."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle

_SENTENCE_END = re.compile(r"(?<=[.?;:])\s+|\n+")
_MARK_UP = re.compile(r"\[([^\]]*)\]\([^)]*\)|\*\*|^\s*(?:\d+\.|[-*])\s+", re.MULTILINE)
PASSAGE_WORDS = 12


class Kind(StrEnum):
    """Where a line of the index comes from."""

    PHRASING = "phrasing"
    TITLE = "title"
    PASSAGE = "passage"


@dataclass(frozen=True)
class Line:
    """One searchable text of an article."""

    article: int
    language: Language
    kind: Kind
    text: str


@dataclass(frozen=True)
class Corpus:
    """The articles' ids, in order, and all their lines; a line's `article` is a position in `ids`."""

    ids: tuple[str, ...]
    lines: tuple[Line, ...]

    def without(self, left_out: frozenset[int]) -> Corpus:
        """The same articles with some lines (by position) left out."""
        return Corpus(self.ids, tuple(line for i, line in enumerate(self.lines) if i not in left_out))

    def of_kind(self, kind: Kind) -> list[int]:
        """Positions of the lines of a kind."""
        return [i for i, line in enumerate(self.lines) if line.kind is kind]


def read_corpus(articles: Iterable[PublishedArticle]) -> Corpus:
    """The lines of the articles, ordered by article and language."""
    ordered = sorted(articles, key=lambda a: a.id)
    lines = [line for i, article in enumerate(ordered) for line in _lines(i, article)]
    return Corpus(tuple(a.id for a in ordered), tuple(lines))


def _lines(position: int, article: PublishedArticle) -> Iterator[Line]:
    for language, text in sorted(article.texts.items()):
        yield Line(position, language, Kind.TITLE, text.title)
        for phrasing in text.phrasings:
            yield Line(position, language, Kind.PHRASING, phrasing)
        for passage in _passages(text.body or ""):
            yield Line(position, language, Kind.PASSAGE, passage)


def passages(body: str) -> list[str]:
    """The body's sentences as plain text, short neighbours joined up to a dozen words."""
    plain = _MARK_UP.sub(lambda m: m.group(1) or "", body)
    joined: list[str] = []
    for sentence in (s.strip() for s in _SENTENCE_END.split(plain)):
        if not sentence:
            continue
        if joined and len(joined[-1].split()) < PASSAGE_WORDS:
            joined[-1] += " " + sentence
        else:
            joined.append(sentence)
    return joined


@functools.lru_cache(maxsize=32_768)  # the bodies of ten thousand articles, most of them as at the last build
def _passages(body: str) -> tuple[str, ...]:
    return tuple(passages(body))


def texts_of(lines: Sequence[Line]) -> list[str]:
    """Their texts."""
    return [line.text for line in lines]
