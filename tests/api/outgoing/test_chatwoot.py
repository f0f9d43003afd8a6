"""A Chatwoot agent bot: their webhook in, replies and hand-overs through their API, against a server that speaks it."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.decision import Action, Reason
from tests.databases import fresh_url
from tests.fakes import DECISIONS, FakeBot, decision, fake_engine
from tests.receiving import Answer, Received, Receiver, receiving
from tests.serving import Consultant, eventually, quick_settings, serving

SECRET, TOKEN = "a-secret-of-the-webhook", "token-of-the-agent-bot"
CRISIS = decision(Action.ESCALATE, Reason.CRISIS, "Zadzwoń: 116 123.", language="pl")
numbers = itertools.count(100)


class ChatwootServer:
    """Keeps conversations as Chatwoot does: messages and a status, by account and id; refuses a wrong token."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        receiver.answer = self.answer
        self.address = receiver.address
        self.failures = 0  # so many of the next requests fail

    def answer(self, request: Received) -> Answer:
        if request.headers.get("api_access_token") != TOKEN:
            return Answer(401, {"error": "Invalid Access Token"})
        if self.failures:
            self.failures -= 1
            return Answer(500)
        parts = request.path.split("/")
        assert parts[:4] == ["", "api", "v1", "accounts"], request.path
        return Answer(200, {"id": next(numbers), **request.json})

    def said(self, conversation: int) -> list[dict[str, Any]]:
        """What has come for a conversation, in order."""
        path = f"/api/v1/accounts/3/conversations/{conversation}/"
        taken = [each for each in self.receiver.received if each.path.startswith(path)]
        return [{"to": each.path.removeprefix(path), **each.json} for each in taken]


@pytest.fixture(scope="module")
def chatwoot() -> Iterator[ChatwootServer]:
    with receiving() as receiver:
        yield ChatwootServer(receiver)


@pytest.fixture(scope="module")
def address(chatwoot: ChatwootServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    engine = fake_engine(FakeBot(decisions=dict(DECISIONS) | {"nie chcę żyć": CRISIS}))
    settings = quick_settings(
        tmp_path_factory.mktemp("chatwoot"), demo=True, chatwoot_url=chatwoot.address, chatwoot_token=TOKEN,
        chatwoot_secret=SECRET,
    )  # fmt: skip
    with serving(settings, engine) as address:
        yield address


def message(conversation: int, content: str | None, **more: Any) -> dict[str, Any]:
    """A message_created as Chatwoot sends it to agent bots."""
    return {
        "event": "message_created", "id": next(numbers), "content": content, "message_type": "incoming",
        "content_type": "text", "content_attributes": {}, "created_at": "2026-11-26T12:00:00.000Z", "private": False,
        "source_id": None, "sender": {"id": 500 + conversation, "name": "Jan Nowak", "type": "contact"},
        "inbox": {"id": 4, "name": "Website"}, "account": {"id": 3, "name": "Casino"},
        "conversation": {
            "id": conversation, "inbox_id": 4, "status": "pending", "channel": "Channel::WebWidget",
            "additional_attributes": {"browser": {"browser_name": "Firefox"}}, "can_reply": True,
        },
    } | more  # fmt: skip


def post(address: str, payload: object, **headers: str) -> httpx.Response:
    """Signed as a new Chatwoot does it."""
    body, at = json.dumps(payload).encode(), str(int(time.time()))
    signature = hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    signed = {"X-Chatwoot-Timestamp": at, "X-Chatwoot-Signature": f"sha256={signature}"} | headers
    return httpx.post(f"{address}/api/v1/chatwoot", content=body, headers=signed, timeout=30)


def test_the_bots_answer_is_said_over_there(address: str, chatwoot: ChatwootServer) -> None:
    assert post(address, message(1, "kiedy przyjdą pieniądze")).status_code == 200
    eventually(lambda: len(chatwoot.said(1)) == 1)
    (said,) = chatwoot.said(1)
    assert (said["to"], said["message_type"], said["private"]) == ("messages", "outgoing", False)
    assert said["content"].startswith("Wypłata składa się z dwóch etapów")


def test_choices_are_listed_and_the_conversation_goes_on(address: str, chatwoot: ChatwootServer) -> None:
    first = post(address, message(2, "wypłata")).json()
    eventually(lambda: len(chatwoot.said(2)) == 1)
    assert chatwoot.said(2)[0]["content"].endswith("- Ile trwa wypłata\n- Statusy wypłat")
    assert post(address, message(2, "Ile trwa wypłata")).json() == first
    eventually(lambda: len(chatwoot.said(2)) == 2)


def test_a_hand_over_opens_it_for_people_with_a_note_and_ends_it_here(address: str, chatwoot: ChatwootServer) -> None:
    ours = post(address, message(3, "coś dziwnego")).json()["conversation"]
    eventually(lambda: len(chatwoot.said(3)) == 3)
    words, note, status = chatwoot.said(3)
    assert not words["private"]
    assert note["private"]
    assert "brak pewnej odpowiedzi" in note["content"]
    assert status == {"to": "toggle_status", "status": "open"}
    anna = Consultant(address, "Anna")
    assert anna.get(f"conversations/{ours}")["status"] == "closed"
    assert ours not in [each["id"] for each in anna.get("queue", view="unassigned")["conversations"]]


def test_what_is_not_a_players_or_not_the_bots_is_left_alone(address: str, chatwoot: ChatwootServer) -> None:
    theirs = message(4, "kiedy przyjdą pieniądze")
    theirs["conversation"]["status"] = "open"
    for payload in (
        theirs, message(4, "reply", message_type="outgoing"), message(4, "note", private=True),
        {"event": "webwidget_triggered", "id": 4}, {"event": "message_updated", "id": 1},
    ):  # fmt: skip
        answer = post(address, payload)
        assert answer.status_code == 200
        assert "ignored" in answer.json()
    assert chatwoot.said(4) == []


def test_a_webhook_that_comes_twice_is_answered_once(address: str, chatwoot: ChatwootServer) -> None:
    strange, known = message(5, "coś dziwnego"), message(5, "kiedy przyjdą pieniądze")
    first = post(address, strange).json()
    eventually(lambda: len(chatwoot.said(5)) == 3)  # and it is closed here by now
    assert post(address, strange).json() == first
    assert post(address, known).json() != first  # pending again, so it begins anew
    eventually(lambda: len(chatwoot.said(5)) == 4)


def test_their_api_may_fail_nothing_is_lost_and_nothing_said_twice(address: str, chatwoot: ChatwootServer) -> None:
    chatwoot.failures = 1
    post(address, message(6, "coś dziwnego"))
    eventually(lambda: chatwoot.said(6)[-1:] == [{"to": "toggle_status", "status": "open"}])
    said = [each.get("content") for each in chatwoot.said(6)]
    assert len(said) == 4  # the first one failed and came again
    assert said[0] == said[1]


def test_a_manager_sees_what_went_there(address: str, chatwoot: ChatwootServer) -> None:
    ours = post(address, message(12, "kiedy przyjdą pieniądze")).json()["conversation"]
    eventually(lambda: len(chatwoot.said(12)) == 1)
    jan = Consultant(address, "Jan")
    assert "/desk/webhooks/chatwoot" in jan.http.get("/desk/webhooks").text
    eventually(lambda: ours in jan.http.get("/desk/webhooks/chatwoot", params={"status": "delivered"}).text)
    again = re.search(
        r'action="(/desk/webhooks/chatwoot/deliveries/\w+/again)', jan.http.get("/desk/webhooks/chatwoot").text
    )
    assert again is not None
    assert jan.http.post(again[1]).status_code == 303
    assert Consultant(address, "Anna").http.get("/desk/webhooks/chatwoot").status_code == 403


def test_a_person_who_takes_it_over_there_silences_the_bot(address: str, chatwoot: ChatwootServer) -> None:
    ours = post(address, message(7, "kiedy przyjdą pieniądze")).json()["conversation"]
    eventually(lambda: len(chatwoot.said(7)) == 1)
    opened = {"event": "conversation_opened", "id": 7, "status": "open", "inbox_id": 4, "account": {"id": 3}}
    assert post(address, opened).status_code == 200
    assert Consultant(address, "Anna").get(f"conversations/{ours}")["outcome"] == "referred"


def test_protection_stays_with_the_person_in_later_conversations(address: str, chatwoot: ChatwootServer) -> None:
    contact = {"id": 77, "type": "contact"}
    first = post(address, message(8, "nie chcę żyć", sender=contact)).json()["conversation"]
    eventually(lambda: len(chatwoot.said(8)) == 3)
    assert "Bez promocji" in chatwoot.said(8)[1]["content"]
    later = post(address, message(9, "kiedy przyjdą pieniądze", sender=contact)).json()["conversation"]
    assert later != first
    assert Consultant(address, "Ewa").get(f"conversations/{later}")["is_protected"]


def test_a_file_without_words_goes_to_people(address: str, chatwoot: ChatwootServer) -> None:
    assert post(address, message(10, None, attachments=[{"file_type": "image"}])).status_code == 200
    eventually(lambda: chatwoot.said(10)[-1:] == [{"to": "toggle_status", "status": "open"}])


def test_only_that_chatwoot_is_believed(address: str) -> None:
    payload = message(11, "kiedy przyjdą pieniądze")
    old = str(int(time.time()) - 3600)
    for wrong in (
        {"X-Chatwoot-Signature": "sha256=00"},
        {"X-Chatwoot-Timestamp": old},
        {"X-Chatwoot-Timestamp": "soon"},
    ):
        assert post(address, payload, **wrong).status_code == 401
    assert httpx.post(f"{address}/api/v1/chatwoot/not-the-secret", json=payload).status_code == 401
    assert httpx.post(f"{address}/api/v1/chatwoot/{SECRET}", json=payload).status_code == 200


@pytest.mark.parametrize(
    "payload", [{"event": "message_created"}, {"event": "message_created", "id": -1}, {"event": "conversation_opened"}]
)
def test_a_payload_that_is_not_whole_is_refused(address: str, payload: dict[str, Any]) -> None:
    refused = post(address, payload)
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed")


def test_what_is_no_json_is_refused_and_other_events_are_none_of_ours(address: str) -> None:
    assert httpx.post(f"{address}/api/v1/chatwoot/{SECRET}", content=b"\xff{").status_code == 422
    assert post(address, [1, 2]).json() == {"ignored": "event"}


def test_without_a_desk_set_up_there_is_nothing_to_call(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(quick_settings(tmp_path_factory.mktemp("none"))) as address:
        assert post(address, message(1, "x")).json()["code"] == "chatwoot_not_set_up"


def test_two_first_messages_at_once_begin_one_conversation_on_postgresql_too(tmp_path: Path) -> None:
    url = fresh_url("postgresql", tmp_path).render_as_string(hide_password=False)
    with receiving() as receiver:
        ChatwootServer(receiver)
        settings = quick_settings(  # the bot waits: an answer that hands over would end the conversation between two
            tmp_path, database_url=url, chatwoot_url=receiver.address, chatwoot_token=TOKEN, chatwoot_secret=SECRET,
            turn_wait_seconds=30,
        )  # fmt: skip
        with serving(settings) as address, ThreadPoolExecutor(4) as pool:
            payloads = [message(1, f"wypłata\x00 {number}") for number in range(4)]
            answers = list(pool.map(lambda payload: post(address, payload), payloads))
        assert [answer.status_code for answer in answers] == [200] * 4
        assert len({answer.json()["conversation"] for answer in answers}) == 1
