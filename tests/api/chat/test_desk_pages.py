"""The desk's pages and parts as a browser gets them, the demonstration's page, and the one script for other pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.conversations.values import Kind, Outcome
from api.demonstration.pages import VIEWS as DEMONSTRATION
from api.desk.pages import VIEWS as DESK
from api.desk.shown import dated, line_of, shown_event
from api.html.static_files import STATIC
from api.staff.demonstration import DEMONSTRATION_STAFF
from api.staff.values import Role
from api.suggestions.values import Dismissal, SuggestionStatus
from bot.decision import Action, Reason
from knowledge_base.article import Language
from tests.fakes import fake_engine
from tests.serving import Consultant, Player, quick_settings, serving

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(quick_settings(tmp_path_factory.mktemp("pages"), demo=True), fake_engine()) as started:
        yield started


@pytest.fixture(scope="module")
def anna(address: str) -> Consultant:
    return Consultant(address, "Anna")


@pytest.fixture(scope="module")
def waiting(address: str) -> str:
    """The id of a conversation that waits, with an attack in it."""
    player = Player(address)
    player.say(ATTACK)
    player.until(lambda events: any(event["kind"] == "escalated" for event in events))
    found: str = player.state()["conversation"]["id"]
    return found


def test_the_demonstration_names_who_may_sign_in_and_carries_the_chat(address: str) -> None:
    page = httpx.get(f"{address}/?lang=en").text

    assert '<script src="/widget.js" data-lang="en" data-name="Bursztyn Casino" async></script>' in page
    assert all(account.password in page for account in DEMONSTRATION_STAFF)
    assert "An invented casino" in page


def test_outside_of_the_demonstration_no_sign_in_is_shown_anywhere(tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path), fake_engine()) as address:
        home = httpx.get(f"{address}/?lang=en")
        assert (home.status_code, home.headers["location"]) == (307, "/ask?lang=en")
        pages = [httpx.get(f"{address}{path}").text for path in ("/ask", "/desk/sign-in")]
    assert not any(account.password in page for page in pages for account in DEMONSTRATION_STAFF)


def test_the_script_names_this_versions_modules_and_may_be_loaded_anywhere(address: str) -> None:
    script = httpx.get(f"{address}/widget.js")
    main = re.search(r"/static/[0-9a-f]{8}/widget/main\.js", script.text)

    assert main
    assert script.headers["cache-control"] == "public, max-age=300"
    module = httpx.get(f"{address}{main[0]}", headers={"Accept-Encoding": "gzip"})
    assert module.headers["access-control-allow-origin"] == "*"
    assert module.headers["content-encoding"] == "gzip"
    assert module.text == (STATIC / "widget" / "main.js").read_text()
    plain = httpx.get(f"{address}{main[0]}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == module.text
    assert httpx.get(f"{address}{main[0].replace('main', 'none')}").status_code == 404


def test_what_is_not_signed_in_is_sent_to_the_sign_in_and_gets_no_part(address: str) -> None:
    for path in ("/desk", "/desk/conversations/c_1"):
        page = httpx.get(f"{address}{path}?lang=en")
        assert (page.status_code, page.headers["location"]) == (303, "/desk/sign-in?lang=en")
    for part in ("queue", "none", "conversations/c_1", "conversations/c_1/events", "articles"):
        assert httpx.get(f"{address}/desk/parts/{part}").status_code == 401


def test_a_part_is_the_one_in_the_whole_page(anna: Consultant, waiting: str) -> None:
    whole = anna.http.get(f"/desk/conversations/{waiting}?lang=en").text
    for part in (f"conversations/{waiting}/events", f"conversations/{waiting}/suggestions"):
        assert anna.http.get(f"/desk/parts/{part}?lang=en").text.strip() in whole


def test_words_of_players_are_text_in_every_part_and_kept_nowhere(anna: Consultant, waiting: str) -> None:
    anna.do(waiting, "notes", text=ATTACK)
    for path in (
        "/desk", f"/desk/conversations/{waiting}", f"/desk/parts/conversations/{waiting}/events",
        "/desk/parts/queue?view=all", f"/desk?q={ATTACK}", f"/desk/parts/conversations/{waiting}/head",
    ):  # fmt: skip
        page = anna.http.get(path)
        assert page.headers["cache-control"] == "no-store"
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert (
            re.findall(
                r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\w", page.text.replace(" src=x onerror=", "")
            )
            == []
        )


def test_only_new_events_come_after_a_number(anna: Consultant, waiting: str) -> None:
    numbers = re.findall(
        r'data-number="(\d+)"', anna.http.get(f"/desk/parts/conversations/{waiting}/events?after=2").text
    )

    assert numbers
    assert all(int(number) > 2 for number in numbers)


def test_a_conversation_that_is_not_there_leaves_the_desk_usable(anna: Consultant) -> None:
    page = anna.http.get("/desk/conversations/c_none?lang=en")

    assert page.status_code == 404
    assert "Choose a conversation" in page.text


def test_the_sign_in_never_echoes_a_password_and_is_not_kept(address: str) -> None:
    form = {"email": ATTACK, "password": "geheim-123"}
    page = httpx.post(f"{address}/desk/sign-in?lang=en", data=form)

    assert page.status_code == 401
    assert page.headers["cache-control"] == "no-store"
    assert "geheim-123" not in page.text
    assert "<script>alert" not in page.text
    assert "Address or password is wrong." in page.text


def test_a_manager_reads_how_long_players_wait_and_others_do_not(address: str, anna: Consultant, waiting: str) -> None:
    anna.do(waiting, "take")
    anna.say(waiting, "Już patrzę.")
    jan = Consultant(address, "Jan")
    page = jan.http.get("/desk/figures?lang=en&days=7").text

    assert re.search(r"<td>Anna</td><td>1</td><td>\d+:\d\d</td>", page)
    assert 'href="/desk/figures?lang=en"' in jan.http.get("/desk?lang=en").text
    assert anna.http.get("/desk/figures").status_code == 403
    assert 'href="/desk/figures?' not in anna.http.get("/desk").text
    assert httpx.get(f"{address}/desk/figures").status_code == 303


@pytest.mark.parametrize("views", [DESK, DEMONSTRATION], ids=["desk", "demonstration"])
def test_both_languages_say_everything(views: Any) -> None:
    assert _shape(views.texts(Language.PL)) == _shape(views.texts(Language.EN))


def test_the_desk_has_a_word_for_everything_that_can_be() -> None:
    for language in Language:
        t = DESK.texts(language)
        assert set(t["reasons"]) == {reason.value for reason in Reason} | {"bot_failed"}
        assert set(t["actions"]) == {action.value for action in Action}
        assert set(t["outcomes"]) == {outcome.value for outcome in Outcome}
        assert set(t["dismiss_reasons"]) == {reason.value for reason in Dismissal}
        assert set(t["suggestion_statuses"]) == {status.value for status in SuggestionStatus}
        assert set(DEMONSTRATION.texts(language)["roles"]) == {role.value for role in Role}


def test_both_languages_of_the_chat_say_everything() -> None:
    keys = [
        re.findall(r"^  (\w+): ", (STATIC / "widget" / f"texts_{language.value}.js").read_text(), re.MULTILINE)
        for language in Language
    ]
    assert keys[0] == keys[1]
    assert len(keys[0]) > 50


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ({"kind": "escalated", "reason": "fraud"}, "A person is needed: fraud or break-in"),
        ({"kind": "joined", "name": "Ewa", "from_name": "Anna"}, "Ewa holds the conversation (transferred by Anna)"),
        ({"kind": "closed", "by": "consultant", "outcome": "referred"}, "Closed: passed on"),
        ({"kind": "closed", "by": "player"}, "The player ended the conversation"),
        ({"kind": "rated", "score": 2, "comment": "długo"}, "The player's rating: 2 of 5: „długo”"),
        ({"kind": "feedback", "is_helpful": False}, "The answer did not help"),
        ({"kind": "suggestion_dismissed", "reason": "wrong_tone"}, "Draft dismissed: wrong tone"),
        ({"kind": "suggestions_shown"}, None),
        ({"kind": "of_the_future"}, None),
    ],
)
def test_what_happened_is_a_line(event: dict[str, Any], line: str | None) -> None:
    assert line_of(event, DESK.texts(Language.EN)) == line


def test_every_kind_of_event_can_be_shown() -> None:
    at = datetime(2026, 11, 26, tzinfo=UTC).isoformat()
    for kind in Kind:
        event = {"number": 1, "kind": kind.value, "author": "consultant", "at": at, "text": "x", "name": "Anna"}
        for language in Language:
            shown = shown_event(event, DESK.texts(language))
            assert 'data-number="1"' in DESK.render("events.html", language, events=[shown])


def test_dates_are_dates() -> None:
    assert dated({"reviewed": "2026-11-23"})["reviewed"].year == 2026


def _shape(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [sorted(each) if isinstance(each, Mapping) else 0 for each in value]
    return sorted(re.findall(r"\{\w+\}", str(value)))
