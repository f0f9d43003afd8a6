"""A consultant's way, over real HTTP and real sockets, with a player on the other side."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.conversations.service import utc_now
from api.database.connection import Database, database_url
from api.settings import Settings
from api.staff.demonstration import DemonstrationAccount
from api.staff.service import StaffAccounts
from api.staff.values import Role
from bot.decision import Action, Reason
from tests.fakes import FakeBot, decision, fake_engine
from tests.serving import Consultant, Player, eventually, frames, is_message, messages, quick_settings, serving

CRISIS = decision(Action.ESCALATE, Reason.CRISIS, "Zadzwoń: 116 123.", language="pl")


@pytest.fixture(scope="module")
def bot() -> FakeBot:
    return FakeBot(decisions=dict(FakeBot().decisions) | {"nie chcę żyć": CRISIS})


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return quick_settings(tmp_path_factory.mktemp("desk"), demo=True)


@pytest.fixture(scope="module")
def address(bot: FakeBot, settings: Settings) -> Iterator[str]:
    with serving(settings, fake_engine(bot)) as address:
        yield address


@pytest.fixture(scope="module")
def anna(address: str) -> Consultant:
    return Consultant(address, "Anna")


@pytest.fixture(scope="module")
def marek(address: str) -> Consultant:
    return Consultant(address, "Marek")


def waiting(address: str, text: str = "kiedy przyjdą pieniądze") -> tuple[Player, str]:
    """A player who has said something and asked for a person."""
    player = Player(address)
    player.say(text)
    player.until_said("bot")
    player.http.post("/conversations/current/person")
    return player, player.state()["conversation"]["id"]


def held(address: str, consultant: Consultant, text: str = "kiedy przyjdą pieniądze") -> tuple[Player, str]:
    """The same, and a consultant has taken over."""
    player, conversation = waiting(address, text)
    assert consultant.do(conversation, "take").status_code == 200
    return player, conversation


def test_the_desk_is_closed_to_who_is_not_signed_in(address: str) -> None:
    for path in ("me", "queue", "staff", "conversations/c_1", "articles", "canned", "figures"):
        refused = httpx.get(f"{address}/api/v1/desk/{path}")
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
    with frames(f"{address}/api/v1/desk/socket", origin=address) as socket, pytest.raises(ConnectionClosed) as closed:
        socket.next()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


@pytest.mark.parametrize("origin", ["https://evil.example", None])
def test_another_sites_page_cannot_open_the_desks_socket(address: str, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused, frames(f"{address}/api/v1/desk/socket", origin=origin):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_sites_page_cannot_change_anything(anna: Consultant, headers: dict[str, str]) -> None:
    refused = anna.http.post("/api/v1/desk/conversations/c_1/take", json={}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")


def test_a_wrong_password_is_refused_and_signing_out_ends_the_session(address: str) -> None:
    wrong = httpx.post(f"{address}/desk/sign-in", data={"email": "ewa@bursztyn.example", "password": "wrong"})
    assert wrong.status_code == 401
    ewa = Consultant(address, "Ewa")
    copied = dict(ewa.http.cookies)
    ewa.http.post("/desk/sign-out")
    assert httpx.get(f"{address}/api/v1/desk/me", cookies=copied).status_code == 401


def test_who_waits_stands_in_the_queue_crisis_first(address: str, anna: Consultant) -> None:
    _, ordinary = waiting(address)
    pressing = Player(address)
    pressing.say("nie chcę żyć")
    pressing.until_said("bot")
    queue = anna.get("queue", view="unassigned")
    assert queue["conversations"][0]["urgency"] == "crisis"
    assert queue["conversations"][0]["is_protected"]
    row = next(each for each in queue["conversations"] if each["id"] == ordinary)
    assert (row["status"], row["reason"], row["unread"]) == ("waiting", "human_requested", 1)
    assert queue["counts"]["crisis"] >= 1


def test_of_two_who_take_at_once_one_gets_it(address: str, anna: Consultant, marek: Consultant) -> None:
    player, conversation = waiting(address)
    answers: dict[str, httpx.Response] = {}

    def take(consultant: Consultant) -> None:
        answers[consultant.me["name"]] = consultant.do(conversation, "take")

    threads = [threading.Thread(target=take, args=(each,)) for each in (anna, marek)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers.values()) == [200, 409]
    winner = next(name for name, answer in answers.items() if answer.status_code == 200)
    loser = next(answer for answer in answers.values() if answer.status_code == 409)
    assert loser.json()["code"] == "already_held"
    assert loser.json()["consultant"]["name"] == winner
    assert [event["name"] for event in player.events() if event["kind"] == "joined"] == [winner]


def test_drafts_wait_in_the_panel_when_one_takes_over(address: str, anna: Consultant) -> None:
    _, conversation = held(address, anna)
    with anna.socket() as socket:
        socket.send(type="look", conversation=conversation, after=0)
        shown = socket.until("suggestions")
    draft = shown["suggestions"][0]
    assert draft["article"]["id"] == "withdrawal-time"
    assert draft["text"].startswith("Dzień dobry, tu Anna z obsługi graczy.")
    assert draft["text"].endswith("Pozdrawiam,\nAnna")
    assert draft["why"] == "line of withdrawal-time"
    assert "24 godzin" in draft["facts"]
    assert anna.get(f"conversations/{conversation}/suggestions")["suggestions"] == shown["suggestions"]


def test_a_draft_is_there_for_each_new_message_and_the_player_sees_none(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    with anna.socket() as socket:
        socket.send(type="look", conversation=conversation)
        before = len(socket.seen)
        number = player.say("a na kartę?").json()["number"]
        shown = socket.until("suggestions", lambda frame: frame["answers"] == number)
        is_told = any(frame.get("alert") == "message" for frame in socket.seen[before:])  # either may come first
        assert is_told or socket.until("changed", lambda frame: frame.get("alert") == "message")
    assert shown["suggestions"] or shown["nearest"]
    assert {event["kind"] for event in player.events()} <= {"message", "escalated", "joined"}


def test_a_draft_sent_as_it_is_counts_as_accepted(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    draft = drafts(anna, conversation)[0]
    sent = anna.say(conversation, draft["text"], suggestion_id=draft["id"])
    assert sent.status_code == 201
    said = messages(player.events(), "consultant")[0]
    assert (said["name"], said["text"]) == ("Anna", draft["text"])
    assert "suggestion_id" not in said
    assert anna.kinds(conversation)[-1] == "suggestion_accepted"
    assert anna.get(f"conversations/{conversation}/suggestions")["suggestions"][0]["status"] == "accepted"


def test_an_edited_draft_records_how_much_was_changed(address: str, anna: Consultant) -> None:
    _, conversation = held(address, anna)
    draft = drafts(anna, conversation)[0]
    anna.say(conversation, draft["text"] + "!!!", suggestion_id=draft["id"])
    event = anna.get(f"conversations/{conversation}/events")["events"][-1]
    assert (event["kind"], event["edit_distance"], event["is_figure_changed"]) == ("suggestion_edited", 3, False)


def test_a_changed_figure_is_flagged_before_it_is_sent(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    draft = drafts(anna, conversation)[0]
    changed = draft["text"].replace("24\N{NO-BREAK SPACE}godzin", "48 godzin")
    assert anna.do(conversation, "figures", text=changed, suggestion_id=draft["id"]).json() == {
        "figures": ["48 godzin"]
    }
    refused = anna.say(conversation, changed, suggestion_id=draft["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "figures_differ")
    assert refused.json()["figures"] == ["48 godzin"]
    assert messages(player.events(), "consultant") == []
    meant = anna.say(conversation, changed, suggestion_id=draft["id"], is_figure_change_meant=True)
    assert meant.status_code == 201
    assert anna.get(f"conversations/{conversation}/events")["events"][-1]["is_figure_changed"]


def test_a_dismissed_draft_keeps_the_reason(address: str, anna: Consultant) -> None:
    _, conversation = held(address, anna)
    draft = drafts(anna, conversation)[0]
    for _ in range(2):
        assert anna.do(conversation, f"suggestions/{draft['id']}/dismiss", reason="wrong_tone").status_code == 200
    assert anna.kinds(conversation).count("suggestion_dismissed") == 1


def test_without_a_confident_match_there_are_titles_to_look_into(address: str, anna: Consultant, bot: FakeBot) -> None:
    player, conversation = held(address, anna)
    sure, bot.proposals = bot.proposals, [type(bot.proposals[0])("withdrawal-pending", 0.05)]
    try:
        number = player.say("coś zupełnie innego").json()["number"]
        shown = until_suggested(anna, conversation, number)
    finally:
        bot.proposals = sure
    assert shown["suggestions"] == []
    assert shown["nearest"] == [{"id": "withdrawal-pending", "title": "Statusy wypłat"}]


def test_only_the_holder_writes(address: str, anna: Consultant, marek: Consultant) -> None:
    _, conversation = held(address, anna)
    for what, body in (
        ("messages", {"client_id": "not-mine", "text": "a"}),
        ("release", {}),
        ("hand-back", {}),
        ("close", {"outcome": "solved"}),
        ("transfer", {"to": marek.me["id"]}),
    ):
        refused = marek.do(conversation, what, **body)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_held_by_you")


def test_an_editor_reads_but_holds_nothing(address: str, settings: Settings) -> None:
    account = DemonstrationAccount("ola@bursztyn.example", "Ola", Role.EDITOR, "bursztyn-ola-demo")

    async def add() -> None:  # as the command line does it: another connection, while the server runs
        database = Database(database_url("", settings.data, settings.database_file))
        await StaffAccounts(database, utc_now).add(account.email, account.name, account.role, account.password)
        await database.close()

    asyncio.run(add())
    ola = Consultant(address, account=account)
    _, conversation = waiting(address)
    assert ola.get(f"conversations/{conversation}")["status"] == "waiting"
    refused = ola.do(conversation, "take")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_a_history_of_hundreds_reaches_the_desk_in_pages_and_whole(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    for _ in range(250):
        player.http.post("/conversations/current/feedback", json={"about": 2, "is_helpful": True})
    with anna.socket() as socket:
        socket.send(type="look", conversation=conversation, after=0)
        socket.until_event(lambda event: event["number"] >= 255)
        assert [event["number"] for event in socket.events()][:255] == list(range(1, 256))
    newest = anna.get(f"conversations/{conversation}/events", limit=100)
    first = newest["events"][0]["number"]
    before = anna.get(f"conversations/{conversation}/events", limit=100, before=first)
    assert (newest["more"], before["events"][-1]["number"]) == (True, first - 1)


def test_a_repeated_message_of_a_consultant_is_the_same_message(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    first, again = (anna.do(conversation, "messages", client_id="twice-sent", text="Już sprawdzam.") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(messages(player.events(), "consultant")) == 1


def test_a_conversation_goes_to_a_colleague_back_to_the_queue_to_the_bot_and_ends(
    address: str, anna: Consultant, marek: Consultant
) -> None:
    player, conversation = held(address, anna)
    assert anna.do(conversation, "transfer", to=marek.me["id"]).json()["consultant"]["name"] == "Marek"
    assert anna.do(conversation, "transfer", to=marek.me["id"]).status_code == 409
    assert marek.do(conversation, "release").json()["status"] == "waiting"
    assert marek.do(conversation, "take").json()["status"] == "held"
    assert marek.do(conversation, "hand-back").json()["status"] == "bot"
    player.say("jesteś tam")
    assert messages(player.until_said("bot", 3), "bot")[2]["action"] == "smalltalk"
    assert anna.do(conversation, "take").status_code == 200
    assert anna.do(conversation, "close", outcome="solved").json()["outcome"] == "solved"
    assert anna.do(conversation, "take").json()["code"] == "conversation_closed"
    seen = [event["kind"] for event in player.events() if event["kind"] != "message"]
    assert seen == ["escalated", "joined", "joined", "released", "joined", "handed_back", "joined", "closed"]
    assert player.say("jeszcze").json()["code"] == "conversation_closed"
    assert conversation in [each["id"] for each in anna.get("queue", view="closed")["conversations"]]


def test_a_bots_late_reply_is_dropped_when_a_person_has_taken_over(tmp_path: Path) -> None:
    thinking, let_go = threading.Event(), threading.Event()

    def think() -> None:
        thinking.set()
        let_go.wait(30)

    bot = FakeBot(before_reply=think)
    with serving(quick_settings(tmp_path, demo=True), fake_engine(bot)) as address:
        anna, player = Consultant(address), Player(address)
        player.say("kiedy przyjdą pieniądze")
        assert thinking.wait(30)
        conversation = player.state()["conversation"]["id"]
        anna.do(conversation, "take")
        let_go.set()
        with anna.socket() as socket:
            socket.send(type="look", conversation=conversation, after=0)
            dropped = socket.until_event(lambda event: event["kind"] == "reply_dropped")
            socket.until("suggestions")
        assert (dropped["answers"], dropped["action"]) == (1, "answer")
        assert messages(player.events(), "bot") == []


def test_notes_and_tags_are_the_desks_alone(address: str, anna: Consultant, marek: Consultant) -> None:
    player, conversation = held(address, anna)
    assert marek.do(conversation, "notes", text="<b>uwaga</b>\nna kwotę").status_code == 201
    tagged = anna.http.put(f"/api/v1/desk/conversations/{conversation}/tags", json={"tags": ["vip", "vip", "kyc"]})
    assert tagged.json()["tags"] == ["vip", "kyc"]
    assert "note" not in [event["kind"] for event in player.events()]
    note = next(e for e in anna.get(f"conversations/{conversation}/events")["events"] if e["kind"] == "note")
    assert (note["name"], note["text"]) == ("Marek", "<b>uwaga</b>\nna kwotę")


def test_the_search_finds_words_without_diacritics_and_takes_signs_literally(address: str, anna: Consultant) -> None:
    _, conversation = held(address, anna, "zażółć gęślą jaźń 100%")
    found = anna.get("queue", view="all", q="GESLA zazolc")["conversations"]
    assert [each["id"] for each in found] == [conversation]
    assert [each["id"] for each in anna.get("queue", view="all", q="100%")["conversations"]] == [conversation]
    assert anna.get("queue", view="all", q="%_%")["conversations"] == []


def test_the_bots_decision_is_explained_at_the_desk(address: str, anna: Consultant) -> None:
    _, conversation = waiting(address)
    said = messages(anna.get(f"conversations/{conversation}/events")["events"], "bot")[0]
    assert said["decision"]["candidates"][0] == {
        "id": "withdrawal-time", "title": "Ile trwa wypłata", "confidence": 0.93,
    }  # fmt: skip
    assert said["decision"]["reason"] == "confident"


def test_the_same_players_earlier_conversations_are_listed(address: str, anna: Consultant) -> None:
    first, earlier = held(address, anna)
    again = Player(address, previous=first.token)
    again.say("wypłata")
    later = again.state()["conversation"]["id"]
    assert [each["id"] for each in anna.get(f"conversations/{later}")["earlier"]] == [earlier]


def test_colleagues_see_who_looks_and_types(address: str, anna: Consultant, marek: Consultant) -> None:
    player, conversation = held(address, anna)
    with anna.socket() as mine, marek.socket() as his, player.socket() as browser:
        mine.send(type="look", conversation=conversation)
        his.send(type="look", conversation=conversation)
        mine.until("presence", lambda frame: {v["name"] for v in frame["viewers"]} == {"Anna", "Marek"})
        mine.send(type="typing", conversation=conversation, is_typing=True)
        his.until("presence", lambda frame: any(v["name"] == "Anna" and v["is_typing"] for v in frame["viewers"]))
        assert browser.until("typing", lambda frame: frame["author"] == "consultant")["name"] == "Anna"
        browser.send(type="typing", is_typing=True)
        mine.until("typing", lambda frame: frame["author"] == "player" and frame["is_typing"])
        online = {each["name"]: each["is_online"] for each in anna.get("staff")["staff"]}
        assert (online["Anna"], online["Marek"], online["Ewa"]) == (True, True, False)
        his.send(type="look", conversation=None)
        mine.until("presence", lambda frame: [v["name"] for v in frame["viewers"]] == ["Anna"])
    eventually(lambda: anna.get(f"conversations/{conversation}")["viewers"] == [])


def test_who_did_not_take_over_is_not_shown_typing(address: str, anna: Consultant, marek: Consultant) -> None:
    player, conversation = held(address, anna)
    with marek.socket() as his, player.socket() as browser:
        his.send(type="look", conversation=conversation)
        his.send(type="typing", conversation=conversation, is_typing=True)
        his.send(type="ping")
        his.until("pong")
        anna.say(conversation, "Już sprawdzam.")
        browser.until_event(is_message("consultant"))
        assert [frame for frame in browser.seen if frame["type"] == "typing"] == []


def test_what_a_consultant_has_read_is_told_to_the_player(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    number = player.say("a na kartę?").json()["number"]
    with player.socket() as browser:
        assert anna.do(conversation, "read", number=number).json()["unread"] == 0
        browser.until("conversation", lambda f: f["conversation"]["read_by_consultant"] == number)


def test_articles_and_ready_words_are_at_hand(address: str, anna: Consultant) -> None:
    _, conversation = waiting(address)
    found = anna.get("articles", q="wypłata", lang="pl", conversation=conversation)["articles"]
    assert found[0]["html"].startswith("<p>Wypłata składa się")
    canned = {each["shortcut"]: each["text"] for each in anna.get("canned", lang="pl")["canned"]}
    assert canned["hej"].startswith("Dzień dobry, tu Anna")
    assert "@" in canned["reklamacja"]
    assert set(anna.get("canned", lang="en")["canned"][0]) == {"shortcut", "title", "text"}


def test_the_long_pause_becomes_a_number_that_managers_see(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    draft = drafts(anna, conversation)[0]
    anna.say(conversation, draft["text"], suggestion_id=draft["id"])
    player.say("dziękuję")
    anna.say(conversation, "Proszę.")
    assert anna.get("figures")["code"] == "forbidden"
    figures = Consultant(address, "Jan").get("figures", days=1)
    row = next(each for each in figures["waiting"]["by_consultant"] if each["name"] == "Anna")
    assert row["replies"] >= 2
    assert row["first_reply_ms"] >= 0
    assert row["gap_ms"] >= 0
    by_article = {each["article"]: each for each in figures["suggestions"]["by_article"]}
    assert by_article["withdrawal-time"]["accepted"] >= 1


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("messages", {"client_id": "long-enough", "text": "   "}),
        ("messages", {"client_id": "x", "text": "a"}),
        ("messages", {"client_id": "long-enough", "text": "a" * 10_001}),
        ("notes", {"text": ""}),
        ("close", {"outcome": "won"}),
        ("transfer", {"to": -1}),
    ],
)
def test_a_bad_request_is_refused_in_the_one_shape(address: str, anna: Consultant, what: str, body: dict) -> None:
    refused = anna.do("c_1", what, **body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


def test_a_conversation_that_is_not_there_is_a_problem_not_a_failure(anna: Consultant) -> None:
    for answer in (
        anna.do("c_nowhere", "take"),
        anna.http.get("/api/v1/desk/conversations/c_nowhere"),
        anna.http.get("/api/v1/desk/conversations/c_nowhere/events"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "conversation_not_found")
    with anna.socket() as socket:
        socket.send(type="look", conversation="c_nowhere")
        assert socket.until("error")["code"] == "conversation_not_found"


def drafts(consultant: Consultant, conversation: str) -> list[dict]:
    """The drafts, once they are there."""
    return until_suggested(consultant, conversation, 1)["suggestions"]


def until_suggested(consultant: Consultant, conversation: str, number: int) -> dict:
    """What is suggested, once it is about this message."""
    with consultant.socket() as socket:
        socket.send(type="look", conversation=conversation, after=0)
        return socket.until("suggestions", lambda frame: frame["answers"] >= number)
