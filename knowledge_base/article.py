"""The values everything else is made of: an article, its text in a language, and a problem found in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path


class Language(StrEnum):
    """The languages articles are written in."""

    PL = "pl"
    EN = "en"


class RiskClass(StrEnum):
    """Who may use an article: the bot, only a consultant, always a person, or the protection texts."""

    AUTO = "auto"
    DRAFT = "draft"
    HUMAN = "human"
    PROTECT = "protect"


@dataclass(frozen=True)
class ArticleText:
    """An article in one language; `body` is Markdown with facts still as templates."""

    title: str
    body: str
    phrasings: tuple[str, ...]
    reviewed: date
    review_by: date
    path: Path
    body_line: int
    source: str = ""  # the whole file, in which problems are located


@dataclass(frozen=True)
class Article:
    """One thing we can answer, in each language, with one id."""

    id: str
    category: str
    risk: RiskClass
    owner: str
    related: tuple[str, ...]
    texts: Mapping[Language, ArticleText]


@dataclass(frozen=True)
class Problem:
    """Something wrong in a content file: where, what, and what to do; `code` and `value` say it for other languages."""

    path: Path
    line: int
    what: str
    todo: str
    code: str = ""
    value: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}. {self.todo}"


def line_of(text: str, needle: str) -> int:
    """The number, from 1, of the first line containing the needle; 1 where none does."""
    position = text.find(needle)
    return 1 if position < 0 else text.count("\n", 0, position) + 1
