"""A player books a call, changes it, cancels it: in the widget's interface and on the page without scripts."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from api.opening.wall_clock import WARSAW
from bot.decision import Action, Reason
from tests.databases import fresh_url
from tests.fakes import FakeBot, decision, fake_engine
from tests.serving import Consultant, Player, eventually, quick_settings, serving

NOW = datetime(2026, 11, 26, 12, tzinfo=WARSAW)  # a Thursday
CRISIS = decision(Action.ESCALATE, Reason.CRISIS, "Zadzwoń: **116 123**.", language="pl")


def now() -> datetime:
    return NOW.astimezone(UTC)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bot = FakeBot(decisions={"nie chcę żyć": CRISIS})
    with serving(quick_settings(tmp_path_factory.mktemp("callbacks"), demo=True), fake_engine(bot), now) as started:
        yield started


def free(address: str, lang: str = "pl") -> list[str]:
    days = httpx.get(f"{address}/api/v1/callbacks/slots", params={"lang": lang}).json()["days"]
    return [slot["at"] for day in days for slot in day["slots"]]


def book(player: Player, slot_at: str, number: str = "512 345 678", **more: Any) -> httpx.Response:
    return player.http.post("/conversations/current/callbacks", json={"slot_at": slot_at, "number": number} | more)


def kinds(player: Player) -> list[str]:
    return [event["kind"] for event in player.events()]


def test_times_are_offered_by_day_within_the_phones_hours(address: str) -> None:
    answer = httpx.get(f"{address}/api/v1/callbacks/slots", params={"lang": "pl"}).json()
    assert [day["label"] for day in answer["days"]][:3] == ["dziś", "jutro", "w poniedziałek"]
    assert answer["days"][0]["slots"][0] == {"at": "2026-11-26T11:30:00Z", "label": "12:30–13:00"}
    assert answer["days"][1]["slots"][-1]["label"] == "19:30–20:00"
    assert answer["phone"]["number"] == "22 555 01 00"


def test_a_number_is_shown_back_before_it_is_booked(address: str) -> None:
    good = httpx.post(f"{address}/api/v1/callbacks/check", json={"number": "512345678"})
    assert good.json() == {"dialled": "+48512345678", "shown": "+48 512 345 678"}
    bad = httpx.post(f"{address}/api/v1/callbacks/check", json={"number": "112"})
    assert (bad.status_code, bad.json()["code"], bad.json()["why"]) == (422, "number_refused", "too_short")


def test_a_booked_call_is_told_in_the_chat_and_its_link_changes_and_cancels_it(address: str) -> None:
    player, slots = Player(address, lang="pl"), free(address)
    answer = book(player, slots[0], number="512 345 671", topic="mój mail to ala@example.com")
    assert answer.status_code == 201
    told = next(event for event in player.events() if event["kind"] == "callback_booked")
    assert (told["slot_at"], told["number_end"]) == ("2026-11-26T11:30:00.000Z", "671")
    assert "ala@example.com" not in told["topic"]
    assert "512345671" not in str(player.events())

    page = f"{address}{answer.json()['url']}"
    assert "+48 512 345 671" in httpx.get(page).text
    base = page.partition("?")[0]
    assert httpx.post(f"{base}/change?lang=pl", data={"slot_at": slots[5]}).status_code == 303
    calendar = Calendar.from_ical(httpx.get(f"{base}/call.ics").content)
    [event] = calendar.walk("VEVENT")
    assert event.decoded("DTSTART") == datetime.fromisoformat(slots[5])
    assert event["SEQUENCE"] == 1
    assert httpx.post(f"{base}/cancel?lang=pl").status_code == 303
    assert "Telefon odwołany" in httpx.get(page).text
    assert httpx.post(f"{base}/cancel?lang=pl").status_code == 303  # cancelling twice is cancelling once
    late = httpx.post(f"{base}/change?lang=pl", data={"slot_at": slots[6]})
    assert (late.status_code, "nie da się już zmienić" in late.text) == (409, True)
    assert kinds(player) == ["callback_booked", "callback_changed", "callback_cancelled"]


def test_a_slot_holds_as_many_as_the_manager_says_and_who_comes_late_is_offered_others(address: str) -> None:
    slot = free(address)[8]
    for last in (1, 2):
        assert book(Player(address), slot, number=f"512 345 00{last}").status_code == 201
    late = book(Player(address), slot, number="512 345 003")
    assert (late.status_code, late.json()["code"]) == (409, "slot_taken")
    assert len(late.json()["free"]) == 6
    assert slot not in free(address)
    assert slot in free(address, "en")  # other people speak English
    assert book(Player(address), late.json()["free"][0], number="512 345 003").status_code == 201


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_many_who_want_the_last_places_at_once_as_many_get_one_as_there_are(kind: str, tmp_path: Path) -> None:
    url = fresh_url(kind, tmp_path).render_as_string(hide_password=False)
    settings = quick_settings(tmp_path, **({"database_url": url} if kind == "postgresql" else {}))
    with serving(settings, now=now) as address:
        slot, players = free(address)[0], [Player(address) for _ in range(6)]
        codes: list[int] = []
        threads = [
            threading.Thread(target=lambda p=player, n=n: codes.append(book(p, slot, f"512 345 10{n}").status_code))
            for n, player in enumerate(players)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(codes) == [201, 201, 409, 409, 409, 409]


@pytest.mark.parametrize(
    ("slot_at", "status", "code"),
    [
        ("2026-11-28T11:00:00Z", 422, "no_such_slot"),  # a Saturday
        ("2026-11-26T11:40:00Z", 422, "no_such_slot"),  # no slot begins then
        ("2020-01-02T10:00:00Z", 422, "no_such_slot"),
        ("2026-12-24T10:00:00Z", 422, "no_such_slot"),  # a holiday
        ("2026-02-30T10:00:00Z", 422, "invalid_request"),
        ("2026-11-27T10:00:00", 422, "invalid_request"),  # where?
        ("jutro", 422, "invalid_request"),
    ],
)
def test_an_impossible_time_is_refused(address: str, slot_at: str, status: int, code: str) -> None:
    answer = book(Player(address), slot_at)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_one_call_a_conversation_and_few_a_number(address: str) -> None:
    player, slots = Player(address), free(address)
    assert book(player, slots[10], number="512 345 020").status_code == 201
    assert book(player, slots[11], number="512 345 020").json()["code"] == "callback_exists"
    assert book(Player(address), slots[11], number="512 345 020").status_code == 201
    assert book(Player(address), slots[12], number="+48512345020").json()["code"] == "too_many_callbacks"


def test_bad_fields_and_foreign_tokens_are_refused(address: str) -> None:
    player, slot = Player(address), free(address)[0]
    assert book(player, slot, email="not an address").json()["code"] == "bad_address"
    assert book(player, slot, email="a@example.com\r\nBcc: b@example.com").json()["code"] == "bad_address"
    assert book(player, slot, topic="x" * 2001).json()["code"] == "invalid_request"
    assert (
        httpx.post(
            f"{address}/api/v1/conversations/current/callbacks", json={"slot_at": slot, "number": "1"}
        ).status_code
        == 401
    )
    assert httpx.get(f"{address}/call-back/none").status_code == 404
    assert httpx.post(f"{address}/call-back/none/cancel").status_code == 404


def test_a_topic_that_shows_harm_protects_comes_into_the_queue_at_once_and_gets_help_lines(address: str) -> None:
    player = Player(address, lang="pl")
    answer = book(player, free(address)[14], number="512 345 030", topic="nie chcę żyć")
    assert "<strong>116 123</strong>" in answer.json()["help"]
    ewa = Consultant(address, "Ewa")
    conversation = player.state()["conversation"]["id"]
    summary = ewa.get(f"conversations/{conversation}")
    assert (summary["status"], summary["urgency"], summary["is_protected"]) == ("waiting", "crisis", True)


def test_an_email_brings_the_calendar_entry(address: str, tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path, demo=True), now=now) as other:
        answer = book(Player(other, lang="pl"), free(other)[3], email="Ala@Example.com", lang="pl")
        assert answer.json()["callback"]["email"] == "ala@example.com"
        mails: list[bytes] = []

        def arrived() -> bool:
            mails[:] = [path.read_bytes() for path in tmp_path.rglob("new/*")]
            return bool(mails)

        eventually(arrived)
    assert b"text/calendar" in mails[0]
    assert b"Zadzwonimy" in mails[0] or b"=?utf-8?" in mails[0].lower()


class TestPage:
    """The same without scripts."""

    def test_what_is_typed_is_shown_back_confirmed_and_then_booked(self, address: str) -> None:
        client = httpx.Client(base_url=address)
        typed = {"number": "512 345 040", "topic": "<b>wypłata</b>", "email": "", "slot_at": free(address)[20]}
        asked = client.post("/call-back?lang=pl", data=typed | {"step": "check"})
        assert "Zadzwonimy na numer +48 512 345 040" in asked.text
        assert "&lt;b&gt;wypłata&lt;/b&gt;" in asked.text
        assert "512 345 040" in client.post("/call-back?lang=pl", data=typed | {"step": "back"}).text
        booked = client.post("/call-back?lang=pl", data=typed | {"step": "book"})
        assert booked.status_code == 303
        page = client.get(booked.headers["location"])
        assert "Telefon zamówiony" in page.text
        assert re.search(r"/call-back/[\w-]{40,}/call\.ics", page.text)
        assert page.headers["cache-control"] == "no-store"

    def test_what_is_wrong_is_told_beside_the_field_and_nothing_typed_is_lost(self, address: str) -> None:
        typed = {"number": "112", "topic": "długa historia", "email": "ala@", "slot_at": "wczoraj", "step": "check"}
        answer = httpx.post(f"{address}/call-back?lang=pl", data=typed)
        assert answer.status_code == 422
        for said in ("Brakuje cyfr", "nie jest adres e-mail", "O tej porze nikt nie dzwoni", "długa historia", "ala@"):
            assert said in answer.text

    def test_a_time_taken_while_one_confirmed_is_told_with_the_rest_kept(self, address: str) -> None:
        slot = free(address)[24]
        for last in (1, 2):
            assert book(Player(address), slot, number=f"512 345 05{last}").status_code == 201
        typed = {"number": "512 345 053", "topic": "sprawa", "email": "", "slot_at": slot, "step": "book"}
        answer = httpx.post(f"{address}/call-back?lang=pl", data=typed)
        assert (answer.status_code, "przed chwilą ktoś zajął" in answer.text) == (409, True)
        assert 'value="512 345 053"' in answer.text

    def test_a_topic_that_shows_harm_is_answered_with_help_lines_on_the_page(self, address: str) -> None:
        typed = {"number": "512 345 060", "topic": "nie chcę żyć", "email": "", "slot_at": free(address)[28]}
        answer = httpx.post(f"{address}/call-back?lang=pl", data=typed | {"step": "book"})
        assert "<strong>116 123</strong>" in answer.text

    def test_the_number_to_call_is_a_link_only_while_somebody_answers(self, address: str, tmp_path: Path) -> None:
        assert 'href="tel:+48225550100"' in httpx.get(f"{address}/call-back?lang=pl").text
        with serving(quick_settings(tmp_path), now=lambda: NOW.replace(hour=22).astimezone(UTC)) as closed:
            page = httpx.get(f"{closed}/call-back?lang=pl").text
        assert "22 555 01 00 jest teraz nieczynna, otwarcie jutro o 9:00" in page
        assert 'href="tel:+48225550100"' not in page
