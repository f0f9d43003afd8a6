"""The list's states and figures, worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from api.content.values import Head, Status, article_key
from api.editor.figures import ArticleFigures, Row, counted_by_article
from api.editor.listing import Filters, counts, filtered, rows_of
from knowledge_base.article import Language

TODAY = date(2026, 11, 26)


def head(name: str, status: Status = Status.PUBLISHED, review_by: str = "2027-01-01", languages: str = "pl en") -> Head:
    texts = {
        each: {"title": name, "review_by": review_by, "phrasings": 12, "is_written": True} for each in languages.split()
    }
    summary: dict[str, Any] = {"category": "payouts", "risk": "auto", "owner": "x", "texts": texts}
    return Head(
        article_key(name),
        1,
        None if status is Status.ARCHIVED else 1,
        status,
        False,
        summary,
        datetime(2026, 11, 1, tzinfo=UTC),
    )


HEADS = [
    head("draft", Status.DRAFT), head("review", Status.REVIEW), head("stale", review_by="2026-11-25"),
    head("polish", languages="pl"), head("wrong"), head("gone", Status.ARCHIVED), head("sound"),
]  # fmt: skip
FIGURES = {name: ArticleFigures(asked=5) for name in ("draft", "review", "stale", "polish", "sound")} | {
    "wrong": ArticleFigures(asked=40, answered=30, wrong=3)
}


def names(filters: Filters) -> list[str]:
    rows = rows_of(HEADS, FIGURES, {article_key("sound"): datetime(2026, 11, 1, tzinfo=UTC)}, Language.PL, TODAY)
    return [row.id for row in filtered(rows, filters)]


def test_each_state_finds_its_articles() -> None:
    found = {state: names(Filters(state=state)) for state in counts([])}
    assert found == {
        "draft": ["draft"], "review": ["review"], "stale": ["stale"], "untranslated": ["polish"],
        "often_wrong": ["wrong"], "never_found": [], "unfinished": ["sound"], "archived": ["gone"],
    }  # fmt: skip


def test_archived_articles_are_shown_only_when_asked_for() -> None:
    assert "gone" not in names(Filters())
    assert names(Filters(lang="en", category="payouts", sort="wrong"))[0] == "wrong"


def test_figures_come_from_what_the_bot_said_and_what_players_thought() -> None:
    answered = {"sources": [{"id": "a"}], "action": "answer", "decision": {"candidates": [{"id": "a"}]}}
    handed_over = {"sources": [], "action": "escalate", "decision": {"candidates": [{"id": "b"}, {"id": "a"}]}}
    rows: list[Row] = [
        ("c1", 2, "message", answered), ("c1", 3, "feedback", {"about": 2, "is_helpful": True}),
        ("c1", 5, "message", answered), ("c1", 6, "feedback", {"about": 5, "is_helpful": False}),
        ("c2", 2, "message", handed_over), ("c2", 3, "feedback", {"about": 2, "is_helpful": False}),
        ("c3", 2, "message", {"action": "escalate"}),
    ]  # fmt: skip
    assert counted_by_article(rows) == {
        "a": ArticleFigures(asked=2, answered=2, helped=1, escalated=0, wrong=1),
        "b": ArticleFigures(asked=1, escalated=1),
    }
