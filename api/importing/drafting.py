"""Questions and answers as articles to review: one article an answer, with every question it was given to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from api.content.limits import NAME_MAX, PHRASINGS_MAX, SHORT_MAX, TITLE_MAX
from api.content.values import ArticleContent, TextContent, article_key
from api.importing.values import Kind, Piece, Planned
from bot.text import fold
from knowledge_base.article import Language, RiskClass

OWNER = "import"
REVIEW_AFTER = timedelta(days=180)  # half a year, as for a text that nobody here has checked yet
NAME_WORDS = 6
CATEGORY = "imported"

Detect = Callable[[str], str]


def plan_drafts(pieces: Sequence[Piece], taken: Iterable[str], detect: Detect, today: date) -> list[Planned]:
    """New articles of class draft, which the bot never sends by itself; names that are taken get a number."""
    names, planned = _Names(taken), []
    for group in _by_answer(pieces):
        first = group[0]
        language = first.language or _language(detect(f"{first.question} {first.answer[:400]}"))
        name = names.free(slug(first.question) or "imported")
        asked = tuple(dict.fromkeys([p.question for p in group] + [q for p in group for q in p.phrasings]))
        text = TextContent(first.question[:TITLE_MAX], first.answer, asked[:PHRASINGS_MAX], today, today + REVIEW_AFTER)
        content = ArticleContent(
            slug(first.category)[:SHORT_MAX] or CATEGORY, RiskClass.DRAFT, OWNER, (), {language: text}
        )
        planned.append(Planned(Kind.ADD, article_key(name), content, 0))
    return planned


def slug(text: str) -> str:
    """A name of a few plain words, e.g. 'jak-zmienic-haslo'; '' where there are none."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return "-".join(words[:NAME_WORDS])[: NAME_MAX - 8].strip("-")


def _by_answer(pieces: Sequence[Piece]) -> list[list[Piece]]:
    groups: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault((" ".join(piece.answer.split()), piece.category), []).append(piece)
    return list(groups.values())


def _language(detected: str) -> Language:
    return Language(detected) if detected in set(Language) else Language.PL


class _Names:
    """Names that are taken; a hundred thousand rows may begin with the same words."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def free(self, name: str) -> str:
        """The name, or it with the next number."""
        number, found = self._next.get(name, 2), name
        while found in self._taken:
            found, number = f"{name}-{number}", number + 1
        self._next[name] = number
        self._taken.add(found)
        return found
