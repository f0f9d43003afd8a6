"""What a player hears when a person takes over, by day and by night: one message, honest about when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from api.conversations.hub import Hub
from api.conversations.presence import Presence
from api.opening.wall_clock import WARSAW
from bot.decision import Action, Reason
from tests.fakes import ANSWER, FakeBot, decision, fake_engine
from tests.serving import Consultant, Player, eventually, messages, quick_settings, serving

CRISIS = decision(Action.ESCALATE, Reason.CRISIS, "Zadzwoń: 116 123.", language="pl")
STANDARD = "A person takes over (low_confidence, pl)."
PLAIN = decision(Action.ESCALATE, Reason.LOW_CONFIDENCE, STANDARD)
PARTLY = decision(Action.ANSWER, Reason.PARTLY, "Odpowiedź. Drugie przekazuję.", articles=("withdrawal-time",))


class Breaking(FakeBot):
    """Fails at one message."""

    def reply(self, text: str, history: Any = (), is_protected: bool | None = None) -> Any:
        if text == "awaria":
            raise RuntimeError("broken")
        return super().reply(text, history, is_protected)


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 26, 12, tzinfo=WARSAW)

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def address(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    decisions = {"kryzys": CRISIS, "nie wiem": PLAIN, "dwa pytania": PARTLY, "wypłata": ANSWER}
    settings = quick_settings(tmp_path_factory.mktemp("hand-over"), demo=True)
    with serving(settings, fake_engine(Breaking(decisions)), clock) as started:
        yield started


def at(clock: Clock, *wall: int) -> None:
    clock.at = datetime(*wall, tzinfo=WARSAW)  # type: ignore[arg-type,misc]


def told(address: str, text: str, lang: str = "pl") -> dict[str, Any]:
    """The one message that the bot sends about it."""
    player = Player(address, lang=lang)
    player.say(text)
    events = player.until(lambda events: any(event["kind"] == "escalated" for event in events))
    [said] = messages(events, "bot")
    return said | {"notice": next(event for event in events if event["kind"] == "escalated")}


def test_by_night_the_player_hears_when_people_are_back_and_what_else_can_be_done(clock: Clock, address: str) -> None:
    at(clock, 2026, 11, 27, 2, 30)
    said = told(address, "nie wiem")
    assert "pewnej odpowiedzi" in said["text"]
    assert "wracają dziś o 8:00" in said["text"]
    assert STANDARD not in said["text"]
    assert "22 555 01 00" not in said["text"]  # nobody answers there at night either
    assert said["offers"] == ["email", "callback"]
    assert said["presence"] == {
        "state": "closed", "place": None, "wait_minutes": None, "until": None, "back_at": "2026-11-27T07:00:00.000Z",
    }  # fmt: skip
    assert said["notice"]["presence"] == "closed"


def test_open_but_nobody_at_the_desk_is_told_as_such(clock: Clock, address: str) -> None:
    at(clock, 2026, 11, 26, 12)
    said = told(address, "nie wiem")
    assert "kończą dziś o 24:00, ale w tej chwili nikogo nie ma" in said["text"]
    assert (said["presence"]["state"], said["offers"]) == ("unstaffed", ["email", "callback"])
    assert said["text"].endswith("Telefon 22 555 01 00 jest teraz czynny, zamknięcie dziś o 20:00.")


def test_with_somebody_there_the_place_in_the_queue_is_told(clock: Clock, address: str) -> None:
    at(clock, 2026, 11, 26, 12)
    anna = Consultant(address, "Anna")
    waiting = anna.get("queue", view="unassigned")["counts"]["unassigned"]
    with anna.socket():
        said = told(address, "nie wiem")
        assert ("Jesteś następną osobą" if waiting == 0 else f"Twoje miejsce w kolejce: {waiting + 1}.") in said["text"]
        assert said["presence"]["place"] == waiting + 1
        assert said["offers"] == []
        again = told(address, "nie wiem")
        assert again["presence"]["place"] == waiting + 2
    eventually(lambda: not any(each["is_online"] for each in anna.get("staff")["staff"]))
    assert told(address, "nie wiem")["presence"]["state"] == "unstaffed"


def test_an_editor_at_the_desk_is_nobody_who_talks_to_players() -> None:
    presence = Presence(Hub())
    with presence.colleague(1, may_hold=False):
        assert presence.is_online(1)
        assert not presence.is_staffed()
        with presence.colleague(2):
            assert presence.is_staffed()
        assert not presence.is_staffed()


def test_the_usual_wait_comes_from_real_first_replies(clock: Clock, address: str) -> None:
    at(clock, 2026, 11, 26, 14)
    anna = Consultant(address, "Anna")
    with anna.socket():
        for minute in (3, 3, 4, 4, 9):
            player = Player(address, lang="pl")
            player.say("nie wiem")
            player.until(lambda events: any(event["kind"] == "escalated" for event in events))
            conversation = player.state()["conversation"]["id"]
            at(clock, 2026, 11, 26, clock.at.hour, clock.at.minute + minute)
            assert anna.do(conversation, "take").status_code == 200
            assert anna.say(conversation, "Dzień dobry").status_code == 201
        said = told(address, "nie wiem")
    assert said["presence"]["wait_minutes"] == 4
    assert "Zwykle odpisujemy w ciągu 4 minut." in said["text"]


def test_who_asks_for_a_person_hears_the_same_in_their_language(clock: Clock, address: str) -> None:
    at(clock, 2026, 12, 24, 3)
    player = Player(address, lang="en")
    player.say("wypłata")
    player.until_said("bot")
    player.http.post("/conversations/current/person")
    player.http.post("/conversations/current/person")
    said = messages(player.events(), "bot")
    assert len(said) == 2
    assert said[-1]["text"].startswith("Of course. No consultants are here now; they are back today at 8:00.")
    assert said[-1]["offers"] == ["email", "callback"]


def test_a_failing_bot_still_says_so_once(clock: Clock, address: str) -> None:
    at(clock, 2026, 11, 27, 2)
    said = told(address, "awaria")
    assert "zacięło" in said["text"]
    assert "wracają dziś o 8:00" in said["text"]


def test_an_answer_with_a_second_question_for_a_person_keeps_its_answer(clock: Clock, address: str) -> None:
    at(clock, 2026, 11, 27, 2)
    said = told(address, "dwa pytania")
    assert said["text"].startswith("Odpowiedź. Drugie przekazuję.")
    assert "wracają dziś o 8:00" in said["text"]


def test_who_is_in_trouble_keeps_the_help_lines_first_hears_the_truth_and_is_offered_no_form(
    clock: Clock, address: str
) -> None:
    at(clock, 2026, 11, 27, 2)
    said = told(address, "kryzys")
    assert said["text"].startswith("Zadzwoń: 116 123.")
    assert "Nie czekaj na nas" in said["text"]
    assert said["offers"] == []
    at(clock, 2026, 11, 26, 12)
    with Consultant(address, "Ewa").socket():
        assert "jest teraz na miejscu" in told(address, "kryzys")["text"]


def test_what_the_bot_answers_itself_says_nothing_of_hours(clock: Clock, address: str) -> None:
    at(clock, 2026, 11, 27, 2)
    player = Player(address, lang="pl")
    player.say("wypłata")
    [said] = messages(player.until_said("bot"), "bot")
    assert "presence" not in said
    assert "wracają" not in said["text"]
