"""The articles as a list: filtered, sorted, with their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.content.values import Head, Key, Status
from api.editor.figures import ArticleFigures
from knowledge_base.article import Language

STATES = ("draft", "review", "stale", "untranslated", "often_wrong", "never_found", "unfinished", "archived")
SORTS = ("title", "asked", "answered", "helped", "escalated", "wrong", "review_by", "changed")


@dataclass(frozen=True)
class Filters:
    """What of all articles is wanted; empty: everything that is not archived."""

    q: str = ""
    category: str = ""
    lang: str = ""
    risk: str = ""
    state: str = ""
    sort: str = "title"

    @property
    def is_any(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.q or self.category or self.lang or self.risk or self.state)


@dataclass(frozen=True)
class Row:
    """An article in the list."""

    id: str
    title: str
    category: str
    risk: str
    status: str
    languages: tuple[str, ...]
    review_by: date | None
    changed_at: datetime
    figures: ArticleFigures
    marks: tuple[str, ...]  # those of STATES that hold


def rows_of(
    heads: Sequence[Head], figures: Mapping[str, ArticleFigures], unfinished: Mapping[Key, datetime],
    language: Language, today: date,
) -> list[Row]:  # fmt: skip
    """All articles, as the list shows them in a language."""
    return [
        _row(head, figures.get(head.key.name, ArticleFigures()), head.key in unfinished, language, today)
        for head in heads
    ]


def filtered(rows: Sequence[Row], filters: Filters) -> list[Row]:
    """Those that are wanted, in the order wanted: titles and dates rising, counts falling."""
    wanted = [
        row
        for row in rows
        if (not filters.category or row.category == filters.category)
        and (not filters.risk or row.risk == filters.risk)
        and (not filters.lang or filters.lang in row.languages)
        and (filters.state in row.marks if filters.state else "archived" not in row.marks)
    ]
    wanted.sort(key=lambda row: row.title.casefold())
    match filters.sort:
        case "review_by":
            wanted.sort(key=lambda row: row.review_by or date.max)
        case "changed":
            wanted.sort(key=lambda row: row.changed_at, reverse=True)
        case "asked" | "answered" | "helped" | "escalated" | "wrong" as count:
            wanted.sort(key=lambda row: getattr(row.figures, count), reverse=True)
    return wanted


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many articles each state has."""
    return {state: sum(state in row.marks for row in rows) for state in STATES}


def _row(head: Head, figures: ArticleFigures, is_unfinished: bool, language: Language, today: date) -> Row:
    texts = head.summary["texts"]
    written = tuple(each.value for each in Language if texts.get(each.value, {}).get("is_written"))
    titles = [texts[each]["title"] for each in (language.value, *texts) if each in texts and texts[each]["title"]]
    dates = [date.fromisoformat(text["review_by"]) for text in texts.values()]
    review_by = min(dates, default=None)
    holds = {
        "draft": head.status in {Status.DRAFT, Status.APPROVED},
        "review": head.status is Status.REVIEW,
        "stale": review_by is not None and review_by < today,
        "untranslated": len(written) < len(Language),
        "often_wrong": figures.is_often_wrong,
        "never_found": head.published is not None and not figures.asked,
        "unfinished": is_unfinished,
        "archived": head.status is Status.ARCHIVED,
    }
    return Row(
        head.key.name, titles[0] if titles else head.key.name, head.summary["category"], head.summary["risk"],
        head.status.value, written, review_by, head.changed_at, figures,
        tuple(state for state in STATES if holds[state]),
    )  # fmt: skip
