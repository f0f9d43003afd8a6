"""A player's way, over real HTTP and real sockets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bot.decision import Action, Reason
from tests.fakes import ANSWER, ARTICLES, FakeBot, decision, fake_engine
from tests.serving import Player, frames, is_message, messages, quick_settings, serving

CRISIS = decision(Action.ESCALATE, Reason.CRISIS, "Zadzwoń: 116 123.", language="pl")


@pytest.fixture(scope="module")
def bot() -> FakeBot:
    return FakeBot(decisions=dict(FakeBot().decisions) | {"nie chcę żyć": CRISIS})


@pytest.fixture(scope="module")
def address(bot: FakeBot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = quick_settings(tmp_path_factory.mktemp("player"), origins="https://casino.example")
    with serving(settings, fake_engine(bot)) as address:
        yield address


def test_a_question_is_acknowledged_answered_and_shown_with_its_source(address: str) -> None:
    player = Player(address)
    with player.socket() as socket:
        socket.send(type="message", client_id="question-1", text="kiedy przyjdą pieniądze")
        assert socket.until("ack")["client_id"] == "question-1"
        answer = socket.until_event(is_message("bot"))
    assert answer["html"].startswith("<p>Wypłata składa się")
    assert answer["action"] == "answer"
    assert answer["sources"][0]["url"] == "/articles/withdrawal-time?lang=pl"
    assert "Źródło" not in answer["text"]
    assert "decision" not in answer
    assert [e["number"] for e in socket.events()] == [1, 2]


def test_personal_data_is_masked_before_it_is_stored(address: str, tmp_path: Path) -> None:
    player = Player(address)
    player.say("mój mail to jan@example.com")
    said = messages(player.events(), "player")[0]
    assert "jan@example.com" not in said["text"]
    assert said["masked"] == ["email"]


def test_a_repeated_message_is_the_same_message(address: str) -> None:
    player = Player(address)
    first = player.say("wypłata", "repeated-id")
    again = player.say("wypłata", "repeated-id")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(messages(player.until_said("bot"), "player")) == 1


class Gate:
    """Holds a fake bot's thoughts until it is opened."""

    def __init__(self) -> None:
        self.is_thinking, self.is_open = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.is_thinking.set()
        self.is_open.wait(30)


def test_quick_messages_are_one_turn_answered_once(tmp_path: Path) -> None:
    gate = Gate()
    bot = FakeBot({"dzień dobry kiedy przyjdą pieniądze": ANSWER}, before_reply=gate)
    with serving(quick_settings(tmp_path, turn_wait_seconds=1), fake_engine(bot)) as address:
        player = Player(address)
        player.say("dzień dobry")
        player.say("kiedy przyjdą pieniądze")
        gate.is_open.set()
        events = player.until_said("bot")
    assert [event["author"] for event in events] == ["player", "player", "bot"]
    assert events[-1]["action"] == "answer"
    assert events[-1]["answers"] == 2


def test_a_message_that_comes_while_the_bot_thinks_is_answered_together_with_the_first(tmp_path: Path) -> None:
    gate = Gate()
    bot = FakeBot({"dzień dobry kiedy przyjdą pieniądze": ANSWER}, before_reply=gate)
    with serving(quick_settings(tmp_path), fake_engine(bot)) as address:
        player = Player(address)
        player.say("dzień dobry")
        assert gate.is_thinking.wait(30)
        player.say("kiedy przyjdą pieniądze")
        gate.is_open.set()
        events = player.until_said("bot")
    assert [event["author"] for event in events] == ["player", "player", "bot"]
    assert (events[-1]["action"], events[-1]["answers"]) == ("answer", 2)


def test_a_cry_for_help_does_not_drown_in_what_stands_around_it(tmp_path: Path) -> None:
    gate = Gate()
    bot = FakeBot({"nie chcę żyć": CRISIS, "dzień dobry nie chcę żyć": ANSWER}, before_reply=gate)
    with serving(quick_settings(tmp_path), fake_engine(bot)) as address:
        player = Player(address)
        player.say("dzień dobry")
        player.say("nie chcę żyć")
        gate.is_open.set()
        said = messages(player.until_said("bot"), "bot")[0]
    assert said["reason"] == "crisis"


def test_who_asks_for_a_person_while_the_bot_thinks_gets_a_person_and_no_late_answer(tmp_path: Path) -> None:
    gate = Gate()
    with serving(quick_settings(tmp_path), fake_engine(FakeBot(before_reply=gate))) as address:
        player = Player(address)
        player.say("kiedy przyjdą pieniądze")
        assert gate.is_thinking.wait(30)
        player.http.post("/conversations/current/person")
        gate.is_open.set()
        player.say("halo")
        events = player.until(lambda events: len(messages(events, "player")) == 2)
    assert [event["reason"] for event in messages(events, "bot")] == ["human_requested"]


def test_the_bot_is_told_what_was_said_before(address: str, bot: FakeBot) -> None:
    player = Player(address)
    player.say("wypłata")
    player.until_said("bot")
    player.say("Ile trwa wypłata")
    player.until_said("bot", 2)
    assert ("Ile trwa wypłata", ("wypłata",)) in bot.asked


def test_a_second_question_back_becomes_a_person(address: str) -> None:
    player = Player(address)
    player.say("wypłata")
    assert player.until_said("bot")[-1]["choices"] == ["Ile trwa wypłata", "Statusy wypłat"]
    player.say("wypłata")
    events = player.until_said("bot", 2)
    assert messages(events, "bot")[1]["reason"] == "ambiguous"
    assert player.state()["conversation"]["status"] == "waiting"


def test_of_two_questions_the_one_without_an_answer_goes_to_a_person(tmp_path: Path) -> None:
    bot = FakeBot({"jedno i drugie": replace(ANSWER, reason=Reason.PARTLY)})
    with serving(quick_settings(tmp_path), fake_engine(bot)) as address:
        player = Player(address)
        player.say("jedno i drugie")
        events = player.until(lambda events: events[-1:] != [] and events[-1]["kind"] == "escalated")
    assert (messages(events, "bot")[0]["action"], events[-1]["reason"]) == ("answer", "partly")


def test_a_person_can_be_asked_for_and_asking_twice_is_asking_once(address: str) -> None:
    player = Player(address)
    for _ in range(2):
        assert player.http.post("/conversations/current/person").status_code == 200
    assert [event["kind"] for event in player.events()] == ["message", "escalated"]
    assert player.state()["conversation"]["waiting_since"] is not None


def test_danger_to_life_gets_help_lines_also_while_the_player_waits(address: str) -> None:
    player = Player(address)
    player.http.post("/conversations/current/person")
    player.say("nie chcę żyć")
    events = player.until_said("bot", 2)
    assert "116 123" in messages(events, "bot")[1]["text"]


def test_a_player_once_protected_stays_protected_and_gets_no_promotion(tmp_path: Path) -> None:
    promotion = replace(ARTICLES["withdrawal-time"], category="bonuses")
    bot = FakeBot({"nie chcę żyć": CRISIS, "bonus": ANSWER}, dict(ARTICLES) | {promotion.id: promotion})
    with serving(quick_settings(tmp_path), fake_engine(bot)) as address:
        player = Player(address)
        player.say("nie chcę żyć")
        player.until_said("bot")
        later = Player(address, previous=player.token)
        later.say("bonus")
        reply = messages(later.until_said("bot"), "bot")[0]
    assert bot.protected == [False, True]
    assert (reply["action"], reply["reason"], reply["sources"]) == ("escalate", "needs_person", [])


def test_a_bot_that_fails_hands_over_to_a_person(tmp_path: Path) -> None:
    def fail() -> None:
        raise RuntimeError("broken index")

    with serving(quick_settings(tmp_path), fake_engine(FakeBot(before_reply=fail))) as address:
        player = Player(address)
        player.say("kiedy przyjdą pieniądze")
        events = player.until(lambda events: events[-1:] != [] and events[-1]["kind"] == "escalated")
    assert events[-1]["reason"] == "bot_failed"


def test_a_reconnect_gets_exactly_what_was_missed(address: str) -> None:
    player = Player(address)
    with player.socket() as socket:
        socket.send(type="message", client_id="before-the-cut", text="wypłata")
        last = socket.until_event(is_message("bot"))["number"]
    player.say("jesteś tam")
    player.until_said("bot", 2)
    with player.socket(after=last) as socket:
        socket.until_event(is_message("bot"))
        assert [event["number"] for event in socket.events()] == [last + 1, last + 2]


def test_two_tabs_show_the_same(address: str) -> None:
    player = Player(address)
    with player.socket() as one, player.socket() as other:
        one.send(type="message", client_id="from-one-tab", text="wypłata")
        one.until_event(is_message("bot"))
        other.until_event(is_message("bot"))
        other.send(type="read", number=2)
        assert one.until("conversation", lambda f: f["conversation"]["read"] == 2)
    assert one.events() == other.events()


def test_a_history_of_hundreds_comes_in_pages_and_whole(address: str) -> None:
    player = Player(address)
    player.http.post("/conversations/current/person")
    for _ in range(120):
        player.http.post("/conversations/current/feedback", json={"about": 1, "is_helpful": True})
    with player.socket() as socket:
        socket.until_event(lambda event: event["number"] == 122)
        assert [event["number"] for event in socket.events()] == list(range(1, 123))
        assert max(len(frame["events"]) for frame in socket.seen if frame["type"] == "events") == 100
    page = player.state(limit=50)
    assert (len(page["events"]), page["more"]) == (50, True)


def test_an_ended_conversation_takes_no_messages_but_a_rating(address: str) -> None:
    player = Player(address)
    player.say("wypłata", "before-the-end")
    player.until_said("bot")
    player.http.post("/conversations/current/end")
    refused = player.say("jeszcze jedno")
    assert (refused.status_code, refused.json()["code"]) == (409, "conversation_closed")
    assert player.say("wypłata", "before-the-end").status_code == 200
    assert player.http.post("/conversations/current/rating", json={"score": 5}).status_code == 200
    state = player.state()["conversation"]
    assert (state["status"], state["is_rated"]) == ("closed", True)
    assert "comment" not in player.events()[-1]


def test_helpful_or_not_is_said_of_the_bots_messages_only(address: str) -> None:
    player = Player(address)
    player.say("wypłata")
    player.until_said("bot")
    assert (
        player.http.post("/conversations/current/feedback", json={"about": 2, "is_helpful": False}).status_code == 200
    )
    wrong = player.http.post("/conversations/current/feedback", json={"about": 1, "is_helpful": False})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "message_not_found")


def test_while_typing_the_bot_waits_and_says_that_it_is_there(tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path, turn_wait_seconds=0.3)) as address:
        player = Player(address)
        with player.socket() as socket:
            socket.send(type="message", client_id="first-half", text="wypłata")
            assert socket.until("typing") == {"type": "typing", "author": "bot", "is_typing": True}
            socket.send(type="typing", is_typing=True)
            socket.send(type="ping")
            socket.until("pong")
            socket.until_event(is_message("bot"))
            socket.until("typing", lambda frame: not frame["is_typing"])


def test_articles_appear_while_typing(address: str) -> None:
    found = httpx.get(f"{address}/api/v1/search", params={"q": "kiedy", "lang": "pl"}).json()["articles"]
    assert [article["title"] for article in found] == ["Ile trwa wypłata"]
    assert found[0]["excerpt"].startswith("Wypłata składa się z dwóch etapów")
    assert httpx.get(f"{address}/api/v1/search", params={"q": "ki"}).json() == {"articles": []}


def test_a_token_opens_its_own_conversation_and_no_other(address: str) -> None:
    one, other = Player(address), Player(address)
    one.say("wypłata")
    assert other.events() == []
    wrong = Player(address, token="x" * 43)
    assert wrong.http.get("/conversations/current").json()["code"] == "unauthorized"
    assert httpx.get(f"{address}/api/v1/conversations/current").status_code == 401


def test_what_happens_is_counted_without_a_word_of_it(address: str) -> None:
    Player(address).say("bardzo tajne pytanie")
    counted = httpx.get(f"{address}/metrics").text
    assert 'krupier_chat_events_total{author="player",kind="message"}' in counted
    assert "tajne" not in counted


def test_files_are_refused_with_the_reason(address: str) -> None:
    refused = Player(address).http.post("/conversations/current/files", content=b"picture")
    assert (refused.status_code, refused.json()["code"]) == (415, "files_refused")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("no json", "malformed"),
        ("[]", "malformed"),
        ('{"type": "dance"}', "malformed"),
        ('{"type": "message", "client_id": "short", "text": "a"}', "malformed"),
        ('{"type": "message", "client_id": "long-enough", "text": 5}', "malformed"),
        ('{"type": "rating", "score": 6}', "malformed"),
        ('{"type": "hello", "token": "t"}', "hello_expected"),
        ('{"type": "message", "client_id": "long-enough", "text": " \\u200b "}', "message_empty"),
        ('{"type": "message", "client_id": "long-enough", "text": "' + "a" * 4_001 + '"}', "message_too_long"),
        ('{"type": "message", "client_id": "long-enough", "text": "' + "a" * 33_000 + '"}', "too_large"),
        ("[" * 20_000, "malformed"),
    ],
)
def test_a_wrong_frame_gets_an_error_and_the_socket_lives_on(address: str, sent: str, code: str) -> None:
    with Player(address).socket() as socket:
        socket.connection.send(sent)
        assert socket.until("error")["code"] == code
        socket.send(type="ping")
        assert socket.until("pong")


def test_an_error_names_the_message_it_is_about(address: str) -> None:
    with Player(address).socket() as socket:
        socket.send(type="message", client_id="empty-message", text="   ")
        assert socket.until("error")["client_id"] == "empty-message"


def test_half_a_surrogate_pair_is_no_reason_to_fail(address: str) -> None:
    with Player(address).socket() as socket:
        socket.connection.send('{"type": "message", "client_id": "surrogate", "text": "\\ud800 kiedy\\u0000"}')
        assert socket.until("ack")["client_id"] == "surrogate"


def test_who_does_not_say_hello_is_shown_out(address: str) -> None:
    with frames(f"{address}/api/v1/conversations/socket") as socket:
        socket.send(type="ping")
        assert socket.until("error")["code"] == "hello_expected"
        with pytest.raises(ConnectionClosed) as closed:
            socket.next()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400


def test_a_wrong_token_closes_the_socket(address: str) -> None:
    with frames(f"{address}/api/v1/conversations/socket") as socket:
        socket.send(type="hello", token="wrong")
        assert socket.until("error")["code"] == "unauthorized"
        with pytest.raises(ConnectionClosed) as closed:
            socket.next()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


def test_too_many_messages_are_refused_with_a_time_to_wait(address: str) -> None:
    with Player(address).socket() as socket:
        for i in range(30):
            socket.send(type="message", client_id=f"flood-{i:04}", text="wypłata")
        error = socket.until("error")
    assert error["code"] == "rate_limited"
    assert error["retry_after"] > 0
    assert error["client_id"].startswith("flood-")


def test_endless_nonsense_closes_the_socket(address: str) -> None:
    with Player(address).socket() as socket:
        for _ in range(20):
            socket.connection.send("nonsense")
        with pytest.raises(ConnectionClosed):
            socket.until("never")
    assert len([frame for frame in socket.seen if frame["type"] == "error"]) == 20


def test_another_sites_page_cannot_open_a_socket(address: str) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        frames(f"{address}/api/v1/conversations/socket", origin="https://evil.example"),
    ):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["https://casino.example", None])
def test_our_pages_and_those_that_are_set_can(address: str, origin: str | None) -> None:
    with frames(f"{address}/api/v1/conversations/socket", origin=origin or address) as socket:
        socket.send(type="hello", token=Player(address).token)
        assert socket.until("ready")


def test_the_widgets_endpoints_are_open_to_the_set_origins_only(address: str) -> None:
    def allowed(origin: str, path: str) -> str | None:
        return httpx.get(f"{address}{path}", headers={"Origin": origin}).headers.get("access-control-allow-origin")

    assert allowed("https://casino.example", "/api/v1/search?q=a") == "https://casino.example"
    assert allowed("https://evil.example", "/api/v1/search?q=a") is None
    assert allowed("https://casino.example", "/readyz") is None


def test_an_address_holds_so_many_sockets_and_starts_so_many_conversations(tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path, sockets_per_address=1, conversations_per_minute=1)) as address:
        player = Player(address)
        refused = httpx.post(f"{address}/api/v1/conversations", json={})
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert int(refused.headers["retry-after"]) > 0
        with player.socket(), frames(f"{address}/api/v1/conversations/socket") as second:
            assert second.until("error")["code"] == "rate_limited"
            with pytest.raises(ConnectionClosed):
                second.next()


def test_an_address_sends_so_many_messages_whatever_it_sends_them_by(tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path, messages_per_minute=2)) as address:
        player = Player(address)
        assert [player.say("wypłata").status_code for _ in range(3)] == [201, 201, 429]
        with player.socket() as socket:
            socket.send(type="message", client_id="by-the-socket", text="wypłata")
            assert socket.until("error")["code"] == "rate_limited"


def test_a_turn_left_by_a_dead_process_is_taken_up_by_the_next(tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path, turn_wait_seconds=20)) as address:
        player = Player(address)
        player.say("kiedy przyjdą pieniądze", "asked-once")
    with serving(quick_settings(tmp_path)) as address:
        again = Player(address, token=player.token)
        assert again.say("kiedy przyjdą pieniądze", "asked-once").status_code == 200
        events = again.until_said("bot")
    assert [event["author"] for event in events] == ["player", "bot"]
