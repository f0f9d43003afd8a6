"""Figures of what really happened, on both databases; the page and its export."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from api.conversations.values import Author, Kind
from api.database.connection import Database
from api.database.tables import (
    callback_attempts,
    callbacks,
    conversations,
    events,
    help_votes,
    open_questions,
    promises,
    reply_times,
    staff,
    suggestions,
)
from api.insights.pages import VIEWS
from api.insights.promise_queries import kept
from api.insights.queries import observed
from api.insights.values import Figure
from api.questions.room import VIEWS as QUESTIONS
from bot.decision import Reason
from knowledge_base.article import Language
from tests.api.test_pages import _shape
from tests.fakes import ANSWER, FakeBot
from tests.learning_fakes import word_engine
from tests.serving import Consultant, Player, messages, quick_settings, serving

NOW = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)


def conversation(**more: Any) -> dict[str, Any]:
    return {
        "id": "c", "token_hash": "-", "player": "p", "lang": "pl", "status": "bot", "urgency": 0, "is_protected": False,
        "created_at": NOW, "last_at": NOW, "last_number": 9, "last_text": "", "last_author": "", "player_number": 1,
        "answered_number": 1, "suggested_number": 1, "player_read": 0, "consultant_read": 0, "unread": 0, "tags": [],
    } | more  # fmt: skip


def event(number: int, kind: Kind, author: Author, **payload: Any) -> dict[str, Any]:
    return {
        "conversation_id": "c", "number": number, "kind": kind, "author": author, "is_for_player": True, "at": NOW,
        "payload": payload,
    }  # fmt: skip


@pytest.mark.anyio
async def test_what_happened_is_counted_once_with_its_language_article_and_reason(database: Database) -> None:
    sources = [{"id": "withdrawal-time"}, {"id": "other"}]
    happened = [
        event(1, Kind.MESSAGE, Author.PLAYER, text="-"),
        event(2, Kind.MESSAGE, Author.BOT, text="-", action="answer", language="en", sources=sources),
        event(3, Kind.MESSAGE, Author.BOT, text="-", action="smalltalk", language="en", sources=[]),
        event(4, Kind.FEEDBACK, Author.PLAYER, about=2, is_helpful=True),
        event(5, Kind.FEEDBACK, Author.PLAYER, about=2, is_helpful=False),
        event(6, Kind.ESCALATED, Author.SYSTEM, reason="complaint"),
        event(7, Kind.MESSAGE, Author.CONSULTANT, text="-"),
    ]
    anna = {"id": 1, "email": "a", "name": "Anna", "role": "consultant", "password_hash": "-", "is_active": True}
    draft = {"conversation_id": "c", "answers": 1, "rank": 0, "lang": "pl", "confidence": 0.5, "body": "-"}
    wrong = {"source": "answered_otherwise", "text": "-", "lang": "pl", "articles": ["withdrawal-time"], "note": ""}
    flagged = wrong | {"source": "flagged", "articles": []}
    async with database.writing() as connection:
        await connection.execute(insert(staff).values(anna | {"created_at": NOW}))
        await connection.execute(insert(conversations).values(conversation()))
        await connection.execute(insert(conversations).values(conversation(id="d", token_hash="+", player_number=0)))
        await connection.execute(insert(events), happened)
        for name, status in (("a", "shown"), ("b", "accepted"), ("d", "dismissed")):
            row = draft | {"article_id": name, "status": status, "created_at": NOW}
            await connection.execute(insert(suggestions).values(row))
        wait = {"conversation_id": "c", "number": 7, "staff_id": 1, "is_first": True, "waited_ms": 900, "at": NOW}
        await connection.execute(insert(reply_times).values(wait | {"article_id": None}))
        vote = {"article_id": "a", "lang": "en", "is_helpful": True, "at": NOW}
        await connection.execute(insert(help_votes).values(vote))
        for row in (wrong, flagged):
            await connection.execute(insert(open_questions).values(row | {"at": NOW, "state": "open"}))
    async with database.scanning() as connection:
        found = await observed(connection, NOW - timedelta(hours=1), NOW + timedelta(hours=1))
        later = await observed(connection, NOW + timedelta(hours=1), NOW + timedelta(hours=2))

    hour = NOW.replace(minute=0)
    told = {(each.figure, each.lang, each.article, each.reason, each.value) for each in found}
    assert later == []
    assert {each.at for each in found if each.figure is not Figure.FIRST_REPLY} == {hour}
    assert told == {
        (Figure.CONVERSATIONS, "pl", None, None, 1),
        (Figure.SPOKEN, "en", None, None, 1),
        (Figure.ANSWERED, "en", "withdrawal-time", None, 1),
        (Figure.NOT_HELPED, "en", "withdrawal-time", None, 1),
        (Figure.WRONG, "pl", "withdrawal-time", None, 1),
        (Figure.ESCALATED, "pl", None, "complaint", 1),
        (Figure.SHOWN, "pl", "a", None, 1), (Figure.SHOWN, "pl", "b", None, 1), (Figure.SHOWN, "pl", "d", None, 1),
        (Figure.ACCEPTED, "pl", "b", None, 1), (Figure.DISMISSED, "pl", "d", None, 1),
        (Figure.FIRST_REPLY, "pl", None, None, 900),
        (Figure.READ_HELPED, "en", "a", None, 1),
    }  # fmt: skip


@pytest.mark.anyio
async def test_a_promise_counts_once_it_is_decided_and_is_kept_only_in_time(database: Database) -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    letter = {"conversation_id": "c", "channel": "email", "stage": 0, "started_at": NOW - 30 * hour, "due_at": NOW}
    endings = (
        {"ended_at": NOW - hour, "ended_by": "answer"}, {"ended_at": NOW + minute, "ended_by": "answer"},
        {"ended_at": NOW, "ended_by": "closed"}, {"due_at": NOW + hour}, {"due_at": NOW - minute},
    )  # fmt: skip
    call = {
        "conversation_id": "c", "lang": "pl", "number": "+48", "topic": "", "slot_at": NOW - hour, "slot_minutes": 30,
        "due_at": NOW, "status": "booked", "attempts": 0, "sequence": 0, "urgency": 0, "created_at": NOW,
    }  # fmt: skip
    calls = ({}, {}, {}, {"status": "cancelled"}, {"slot_at": NOW})
    attempt = {"staff_id": 1, "outcome": "no_answer", "note": ""}
    anna = {"id": 1, "email": "a", "name": "Anna", "role": "consultant", "password_hash": "-", "is_active": True}
    async with database.writing() as connection:
        await connection.execute(insert(staff).values(anna | {"created_at": NOW}))
        await connection.execute(insert(conversations).values(conversation()))
        for more in endings:
            await connection.execute(insert(promises).values(letter | more))
        for number, more in enumerate(calls, 1):
            await connection.execute(insert(callbacks).values(call | {"id": number, "token_hash": str(number)} | more))
        for which, at in ((1, NOW - 45 * minute), (1, NOW), (2, NOW - 20 * minute)):
            await connection.execute(insert(callback_attempts).values(attempt | {"callback_id": which, "at": at}))
    async with database.scanning() as connection:
        found = await kept(connection, NOW - 48 * hour, NOW + hour, NOW + 2 * minute)

    counted = Counter(each.figure for each in found)
    assert counted == {Figure.LETTERS: 3, Figure.LETTERS_KEPT: 1, Figure.CALLS: 3, Figure.CALLS_KEPT: 1}
    assert {each.at for each in found} == {NOW - 30 * hour, NOW - hour}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bot = FakeBot({"kiedy przyjdą pieniądze": ANSWER})
    with serving(quick_settings(tmp_path_factory.mktemp("insights"), demo=True), word_engine(bot)) as started:
        player = Player(started)
        player.say("kiedy przyjdą pieniądze")
        about = messages(player.until_said("bot"), "bot")[0]["number"]
        player.http.post("/conversations/current/feedback", json={"about": about, "is_helpful": True})
        player.say("a coś zupełnie innego")
        player.until_said("bot", 2)
        yield started


@pytest.fixture(scope="module")
def jan(address: str) -> httpx.Client:
    return Consultant(address, "Jan").http


def rows(response: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))


def test_each_figure_stands_on_the_page_with_its_definition(jan: httpx.Client) -> None:
    page = jan.get("/insights?lang=pl").text

    for figure, texts in VIEWS.texts(Language.PL)["i"]["figures"].items():
        if figure in {each.value for each in Figure}:
            assert texts["definition"].split("„")[0] in page
    assert "brak pewnej odpowiedzi" in page
    assert page.count("<svg") == 1 + len(Figure)


def test_the_export_says_the_same(jan: httpx.Client) -> None:
    days = rows(jan.get("/insights.csv"))
    (polish,) = rows(jan.get("/insights.csv?by=language"))
    (article,) = [row for row in rows(jan.get("/insights.csv?by=article")) if row["answered"] != "0"]

    assert len(days) == 30
    assert sum(int(day["answered"]) for day in days) == 1
    assert (polish["language"], polish["conversations"], polish["helped"], polish["escalated"]) == ("pl", "1", "1", "1")
    assert (article["article"], article["answered"]) == ("withdrawal-time", "1")
    assert rows(jan.get("/insights.csv?by=reason")) == [
        {"reason": "low_confidence", "escalated": "1", "escalated_before": "0"}
    ]
    assert len(rows(jan.get("/insights.csv?by=hour"))) == 24
    assert jan.get("/insights.csv").headers["content-disposition"].startswith("attachment; filename=")


def test_one_language_or_article_is_shown_alone(jan: httpx.Client) -> None:
    english = rows(jan.get("/insights.csv?of=en"))
    other = rows(jan.get("/insights.csv?article=withdrawal-pending"))

    assert sum(int(day["answered"]) for day in [*english, *other]) == 0


def test_the_period_before_is_compared_with(jan: httpx.Client) -> None:
    tomorrow_of_nothing = jan.get("/insights?lang=en&from=2026-01-01&to=2026-01-31").text

    assert "Nothing of the kind happened" in tomorrow_of_nothing
    assert "before 0" in tomorrow_of_nothing


@pytest.mark.parametrize(
    "query",
    ["from=x", "to=2026-13-40", "from=2026-11-02&to=2026-11-01", "from=2024-01-01&to=2025-12-31", "from=0001-01-01",
     "to=9999-12-31", "from=1900-01-01&to=1900-02-01"],
)  # fmt: skip
def test_days_that_cannot_be_shown_are_named_and_what_was_typed_stays(jan: httpx.Client, query: str) -> None:
    page = jan.get(f"/insights?lang=pl&{query}")

    assert page.status_code == 422
    assert "Tych dni nie da się pokazać" in page.text
    assert 'name="from"' in page.text
    assert jan.get(f"/insights.csv?{query}").json()["code"] == "bad_range"


def test_only_managers_see_figures(address: str) -> None:
    zofia = Consultant(address, "Zofia").http

    assert httpx.get(f"{address}/insights").headers["location"].startswith("/desk/sign-in")
    assert zofia.get("/insights").status_code == 403
    assert zofia.get("/insights.csv").json()["code"] == "forbidden"
    assert httpx.get(f"{address}/insights.csv").status_code == 401


def test_both_languages_say_everything() -> None:
    for views in (VIEWS, QUESTIONS):
        assert _shape(views.texts(Language.PL)) == _shape(views.texts(Language.EN))
    for language in Language:
        assert set(VIEWS.texts(language)["i"]["figures"]) == {each.value for each in Figure}
        known = {each.value for each in Reason} - {"confident", "smalltalk"} | {"bot_failed"}
        assert set(VIEWS.texts(language)["i"]["reasons"]) == known
