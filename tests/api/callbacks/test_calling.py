"""At the desk: who is to be called when, the conversation so far, tries and how they end, help while talking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.callbacks.pages import VIEWS
from api.opening.wall_clock import WARSAW
from bot.decision import Action, Proposal, Reason
from knowledge_base.article import Language
from tests.api.callbacks.test_booking import book, free
from tests.fakes import ARTICLES, FakeBot, article, decision, fake_engine
from tests.serving import Consultant, Player, quick_settings, serving

START = datetime(2026, 11, 26, 12, tzinfo=WARSAW)  # a Thursday
CRISIS = decision(Action.ESCALATE, Reason.CRISIS, "Zadzwoń: 116 123.", language="pl")
OFFER = article("bonus-welcome", ("Bonus powitalny", "Bonus 100% na start."), ("Welcome bonus", "A bonus of 100%."))


class Clock:
    """Shows what it is set to."""

    at = START

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)


@pytest.fixture(scope="module")
def one_clock() -> Clock:
    return Clock()


@pytest.fixture
def clock(one_clock: Clock) -> Iterator[Clock]:
    yield one_clock
    one_clock.at = START


@pytest.fixture(scope="module")
def address(one_clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    proposals = [Proposal("withdrawal-time", 0.9), Proposal("bonus-welcome", 0.5)]
    decisions = {"mam długi i nie wiem co robić": CRISIS}
    bot = FakeBot(
        decisions=dict(FakeBot().decisions) | decisions,
        articles=dict(ARTICLES) | {OFFER.id: OFFER},
        proposals=proposals,
    )
    with serving(quick_settings(tmp_path_factory.mktemp("calls"), demo=True), fake_engine(bot), one_clock) as started:
        yield started


@pytest.fixture(scope="module")
def anna(address: str) -> httpx.Client:
    return Consultant(address, "Anna").http


def booked(address: str, slot: int, number: str, player: Player | None = None, **more: Any) -> tuple[Player, int]:
    """A player and the id of the call that was booked."""
    player = player or Player(address, lang="pl")
    answer = book(player, free(address)[slot], number, **more)
    assert answer.status_code == 201, answer.text
    return player, next(event["callback"] for event in player.events() if event["kind"] == "callback_booked")


def listed(client: httpx.Client, *topics: str) -> list[tuple[str, str]]:
    """The group and the topic of these calls, in order."""
    page = client.get("/desk/parts/callbacks?lang=pl").text
    found = []
    for section in re.findall(r"<section.*?</section>", page, re.DOTALL):
        group = re.search(r'id="group-(\w+)"', section)
        assert group is not None
        for topic in re.findall(r'call__topic">(.*?)<', section):
            found.append((group[1], topic))
    return [each for each in found if each[1] in topics]


def end(client: httpx.Client, call: int, outcome: str, note: str = "") -> httpx.Response:
    return client.post(f"/desk/callbacks/{call}/end?lang=pl", data={"outcome": outcome, "note": note})


def test_the_overdue_stand_on_top_and_each_call_has_its_number_as_a_link(
    clock: Clock, address: str, anna: httpx.Client
) -> None:
    booked(address, 20, "512 345 001", topic="jutro")
    booked(address, 4, "512 345 002", topic="dziś później")
    booked(address, 0, "512 345 003", topic="spóźniony")
    clock.at = START + timedelta(hours=1)
    assert listed(anna, "jutro", "dziś później", "spóźniony") == [
        ("overdue", "spóźniony"),
        ("today", "dziś później"),
        ("later", "jutro"),
    ]
    assert anna.get("/api/v1/desk/callbacks/due").json()["due"] >= 1
    page = anna.get("/desk/callbacks?lang=pl").text
    assert 'href="tel:+48512345003">+48 512 345 003</a>' in page
    assert 'data-due="2026-11-26T11:30:00.000Z"' in page


def test_a_call_shows_the_conversation_so_far_and_the_tries(address: str, anna: httpx.Client) -> None:
    player = Player(address, lang="pl")
    player.say("kiedy przyjdą pieniądze")
    player.until_said("bot")
    _, call = booked(address, 0, "512 345 004", player, topic="czekam na wypłatę")
    conversation = anna.get(f"/api/v1/desk/conversations/{player.state()['conversation']['id']}").json()
    assert conversation["tags"] == ["☎ 26.11. 12:30"]
    shown = anna.get(f"/desk/conversations/{conversation['id']}?lang=pl").text
    assert f'<a href="/desk/callbacks/{call}?lang=pl">Zamówiony telefon: 26.11. 12:30. czekam na wypłatę</a>' in shown
    page = anna.get(f"/desk/callbacks/{call}?lang=pl").text
    assert "kiedy przyjdą pieniądze" in page
    assert "Wypłata składa się z dwóch etapów" in page
    assert "czekam na wypłatę" in page


def test_nobody_answers_twice_and_the_player_hears_of_it(clock: Clock, address: str, anna: httpx.Client) -> None:
    player, call = booked(address, 0, "512 345 005", topic="nikt nie odbiera")
    clock.at = START + timedelta(minutes=30)
    assert end(anna, call, "no_answer", "poczta głosowa").status_code == 303
    page = anna.get(f"/desk/callbacks/{call}?lang=pl").text
    assert "następna próba dziś o 13:00" in page
    assert "próba 2 z 2" in page
    assert "poczta głosowa" in page
    clock.at = START + timedelta(minutes=65)
    assert listed(anna, "nikt nie odbiera") == [("overdue", "nikt nie odbiera")]
    assert end(anna, call, "no_answer").status_code == 303
    assert listed(anna, "nikt nie odbiera") == [("closed", "nikt nie odbiera")]
    failed = player.events()[-1]
    assert (failed["kind"], failed["why"]) == ("callback_failed", "unreachable")
    assert "note" not in str(player.events())
    assert end(anna, call, "done").status_code == 409


def test_a_wrong_number_is_told_and_another_call_can_be_booked(address: str, anna: httpx.Client) -> None:
    player, call = booked(address, 0, "512 345 006")
    assert end(anna, call, "wrong_number").status_code == 303
    assert player.events()[-1]["why"] == "wrong_number"
    assert book(player, free(address)[1], "512 345 007").status_code == 201


def test_talked_to_stays_until_it_is_settled(address: str, anna: httpx.Client) -> None:
    player, call = booked(address, 0, "512 345 008", topic="weryfikacja")
    assert end(anna, call, "reached", "oddzwonię z wynikiem; karta 4111 1111 1111 1111").status_code == 303
    assert listed(anna, "weryfikacja") == [("reached", "weryfikacja")]
    assert "4111" not in anna.get(f"/desk/callbacks/{call}?lang=pl").text
    assert end(anna, call, "done").status_code == 303
    assert listed(anna, "weryfikacja") == [("closed", "weryfikacja")]
    assert anna.get(f"/api/v1/desk/conversations/{player.state()['conversation']['id']}").json()["tags"] == []


def test_of_two_who_call_one_is_told_that_the_other_does(address: str, anna: httpx.Client) -> None:
    _, call = booked(address, 0, "512 345 009")
    marek = Consultant(address, "Marek").http
    assert anna.post(f"/desk/callbacks/{call}/begin?lang=pl").status_code == 303
    assert anna.post(f"/desk/callbacks/{call}/begin?lang=pl").status_code == 303
    late = marek.post(f"/desk/callbacks/{call}/begin?lang=pl")
    assert (late.status_code, "Anna właśnie dzwoni" in late.text) == (409, True)
    assert end(marek, call, "done").status_code == 409
    assert marek.post(f"/desk/callbacks/{call}/leave?lang=pl").status_code == 409
    assert anna.post(f"/desk/callbacks/{call}/leave?lang=pl").status_code == 303
    assert marek.post(f"/desk/callbacks/{call}/begin?lang=pl").status_code == 303


def test_while_somebody_calls_the_player_can_no_longer_move_it(address: str, anna: httpx.Client) -> None:
    player = Player(address, lang="pl")
    url = book(player, free(address)[0], "512 345 010").json()["url"].partition("?")[0]
    call = player.events()[-1]["callback"]
    assert anna.post(f"/desk/callbacks/{call}/begin").status_code == 303
    answer = httpx.post(f"{address}{url}/change?lang=pl", data={"slot_at": free(address)[5]})
    assert (answer.status_code, "nie da się już zmienić" in answer.text) == (409, True)
    assert httpx.post(f"{address}{url}/cancel?lang=pl").status_code == 409


def test_a_few_words_bring_articles_and_something_short_to_say(address: str, anna: httpx.Client) -> None:
    _, call = booked(address, 0, "512 345 011")
    found = anna.get(f"/desk/parts/callbacks/{call}/help?lang=pl&q=ile na kartę").text
    assert "Karta: 2-5 dni roboczych." in found
    assert "Bonus powitalny" in found
    assert anna.get(f"/desk/parts/callbacks/{call}/help?lang=pl&q=i").text.strip() == ""


def test_a_protected_player_hears_of_no_offer(address: str, anna: httpx.Client) -> None:
    _, call = booked(address, 0, "512 345 012", topic="mam długi i nie wiem co robić")
    found = anna.get(f"/desk/parts/callbacks/{call}/help?lang=pl&q=bonus").text
    assert "Bonus powitalny" not in found
    assert "Ile trwa wypłata" in found
    assert "Bez promocji i bonusów" in anna.get(f"/desk/callbacks/{call}?lang=pl").text


def test_an_outcome_that_is_none_is_refused_and_the_note_stays(address: str, anna: httpx.Client) -> None:
    _, call = booked(address, 0, "512 345 013")
    answer = end(anna, call, "maybe", "ważna notatka")
    assert (answer.status_code, "ważna notatka" in answer.text) == (422, True)
    assert anna.get("/desk/callbacks/999?lang=pl").status_code == 303
    assert anna.post("/desk/callbacks/999/begin").status_code == 404
    assert anna.get(f"/desk/callbacks/{10**12}").status_code == 422


def test_strangers_see_nothing(address: str) -> None:
    nobody = httpx.Client(base_url=address)
    assert nobody.get("/desk/callbacks").headers["location"].startswith("/desk/sign-in")
    assert nobody.get("/desk/parts/callbacks").status_code == 401
    assert nobody.post("/desk/callbacks/1/begin").status_code == 401


def test_both_languages_say_the_same_things() -> None:
    def keys(texts: object) -> object:
        return {name: keys(value) for name, value in texts.items()} if isinstance(texts, dict) else None

    assert keys(VIEWS.texts(Language.PL)) == keys(VIEWS.texts(Language.EN))
