"""A manager adds a webhook in the desk, it is told what happens, and its log shows what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from bot.decision import Action, Reason
from tests.fakes import FakeBot, decision, fake_engine
from tests.receiving import Answer, Receiver, receiving
from tests.serving import Consultant, Player, eventually, quick_settings, serving

ALL = ["conversation.created", "conversation.escalated", "conversation.closed", "conversation.rated"]


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = quick_settings(tmp_path_factory.mktemp("webhooks"), demo=True, webhook_networks="127.0.0.0/8")
    with serving(settings) as address:
        yield address


@pytest.fixture(scope="module")
def jan(address: str) -> Consultant:
    return Consultant(address, "Jan")


def added(jan: Consultant, url: str, kinds: list[str]) -> str:
    """The page of a new webhook."""
    answer = jan.http.post("/desk/webhooks?lang=en", data={"url": url, "kinds": kinds})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def test_webhooks_are_for_managers(address: str) -> None:
    assert httpx.get(f"{address}/desk/webhooks").headers["location"].startswith("/desk/sign-in")
    anna = Consultant(address, "Anna")
    assert anna.http.get("/desk/webhooks").status_code == 403
    assert anna.http.post("/desk/webhooks", data={"url": "https://a.example"}).status_code == 403
    assert "/desk/webhooks" not in anna.http.get("/desk/hours").text


def test_another_sites_page_adds_no_webhook(jan: Consultant) -> None:
    form = {"url": "https://evil.example", "kinds": ALL}
    refused = jan.http.post("/desk/webhooks", data=form, headers={"Origin": "https://evil.example"})
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")


def test_what_happens_is_told_and_stands_in_the_log(address: str, jan: Consultant, receiver: Receiver) -> None:
    page = added(jan, f"{receiver.address}/hook", ALL)
    player = Player(address)
    player.say("kiedy przyjdą pieniądze")
    player.http.post("/conversations/current/person")
    player.http.post("/conversations/current/rating", json={"score": 2, "comment": "wolno"})
    player.http.post("/conversations/current/end")
    eventually(lambda: {request.json["type"] for request in receiver.received} == set(ALL))
    conversation = player.state()["conversation"]["id"]
    assert {request.json["data"]["conversation"]["id"] for request in receiver.received} == {conversation}
    rated = next(request.json for request in receiver.received if request.json["type"] == "conversation.rated")
    assert rated["data"]["score"] == 2
    assert "wolno" not in str(rated)
    eventually(lambda: jan.http.get(page, params={"lang": "en"}).text.count(">delivered</span>") == len(ALL))
    assert f"/desk/conversations/{conversation}" in jan.http.get(page).text


def test_a_test_can_be_sent_and_what_failed_sent_again(jan: Consultant) -> None:
    with receiving(lambda _: Answer(410)) as gone:
        page = added(jan, gone.address, ALL)
        jan.http.post(f"{page}/test")
        eventually(lambda: "<td>410" in jan.http.get(page).text)
        assert "is paused" in jan.http.get(page, params={"lang": "en"}).text
        gone.answer = lambda _: Answer(200)
        jan.http.post(f"{page}/resume")
        again = re.search(r'action="(/desk/webhooks/\d+/deliveries/msg_\w+/again)', jan.http.get(page).text)
        assert again is not None
        assert jan.http.post(again[1]).status_code == 303
        eventually(lambda: ">delivered</span>" in jan.http.get(page, params={"lang": "en"}).text)
        first, second = (request.headers["webhook-id"] for request in gone.received)
        assert first == second
        assert "failed" in jan.http.get(page, params={"status": "failed", "lang": "en"}).text


@pytest.mark.parametrize(
    ("url", "kinds", "said"),
    [
        ("", ALL, "Type an address"),
        ("https://10.0.0.7/hook", ALL, "private network"),
        ("https://169.254.169.254/latest/meta-data", ALL, "private network"),
        ("javascript:alert(1)", ALL, "no whole address"),
        ("http://127.0.0.1:9/<b>", [], "at least one event"),
    ],
)
def test_bad_input_is_explained_and_what_was_typed_stays(
    jan: Consultant, url: str, kinds: list[str], said: str
) -> None:
    page = jan.http.post("/desk/webhooks?lang=en", data={"url": url, "kinds": kinds})
    assert page.status_code == 422
    assert said in page.text
    assert f'value="{url.replace("<", "&lt;").replace(">", "&gt;")}"' in page.text
    assert page.text.count("checked") == len(kinds)


def test_a_webhook_is_changed_paused_given_another_secret_and_removed(jan: Consultant, receiver: Receiver) -> None:
    page = added(jan, f"{receiver.address}/a", ALL)
    secret = re.search(r"whsec_[\w+/=]+", jan.http.get(page).text)
    assert secret is not None
    change = {"url": f"{receiver.address}/b", "kinds": ALL[:1]}
    assert jan.http.post(page, data=change).status_code == 303
    assert f"{receiver.address}/b" in jan.http.get(page).text
    assert jan.http.post(page, data={"url": "https://192.168.0.1", "kinds": ALL}).status_code == 422
    jan.http.post(f"{page}/pause")
    assert "paused" in jan.http.get("/desk/webhooks", params={"lang": "en"}).text
    jan.http.post(f"{page}/secret")
    assert secret[0] not in jan.http.get(page).text
    assert jan.http.post(f"{page}/remove").status_code == 303
    assert jan.http.get(page).status_code == 404
    assert jan.http.post(f"{page}/deliveries/msg_0/again").status_code == 404


def test_a_protection_hit_is_told_with_its_reason_and_no_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    crisis = decision(Action.ESCALATE, Reason.CRISIS, "Zadzwoń: 116 123.", language="pl")
    engine = fake_engine(FakeBot(decisions={"nie chcę żyć": crisis}))
    settings = quick_settings(tmp_path_factory.mktemp("protected"), demo=True, webhook_networks="127.0.0.0/8")
    with receiving() as receiver, serving(settings, engine) as address:
        added(Consultant(address, "Jan"), receiver.address, ["conversation.protected"])
        Player(address).say("nie chcę żyć")
        eventually(lambda: bool(receiver.received))
        told = receiver.received[0].json
        assert (told["type"], told["data"]["reason"]) == ("conversation.protected", "crisis")
        assert told["data"]["conversation"]["is_protected"]
        assert "nie chc" not in receiver.received[0].body.decode()
