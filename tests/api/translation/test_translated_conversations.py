"""A Polish consultant and an English player, over real HTTP, with a translation server on loopback that may fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.receiving import Answer, Received, Receiver, receiving
from tests.serving import Consultant, Player, eventually, messages, quick_settings, serving


def echo(request: Received) -> Answer:
    return Answer(body={"translatedText": f"<{request.json['target']}> {request.json['q']}"})


@pytest.fixture(scope="module")
def translator() -> Iterator[Receiver]:
    with receiving(echo) as server:
        yield server


@pytest.fixture(scope="module")
def address(translator: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("translated")
    with serving(quick_settings(data, demo=True, translator_url=translator.address, translator_seconds=20)) as address:
        yield address


@pytest.fixture(scope="module")
def anna(address: str) -> Consultant:
    return Consultant(address)


def held(address: str, consultant: Consultant, text: str = "hello where is my payout of 250 zł") -> tuple[Player, str]:
    player = Player(address, lang="en")
    player.say(text)
    player.until_said("bot")
    player.http.post("/conversations/current/person")
    conversation = player.state()["conversation"]["id"]
    assert consultant.do(conversation, "take").status_code == 200
    return player, conversation


def switch(consultant: Consultant, conversation: str, *, is_on: bool = True) -> dict[str, Any]:
    body = {"is_on": is_on, "desk_language": "pl"}
    answer = consultant.http.put(f"/api/v1/desk/conversations/{conversation}/translation", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def translated(consultant: Consultant, conversation: str, count: int) -> list[dict[str, Any]]:
    """The translations that have come, once there are so many."""

    def found() -> list[dict[str, Any]]:
        events = consultant.get(f"conversations/{conversation}/events", limit=200)["events"]
        return [event for event in events if event["kind"] == "translated"]

    eventually(lambda: len(found()) >= count)
    return found()


def test_switched_on_what_the_player_said_and_says_is_translated(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    assert switch(anna, conversation) == {
        "is_on": True, "player_language": "en", "desk_language": "pl", "is_available": True,
    }  # fmt: skip
    first = translated(anna, conversation, 1)[0]
    assert first["text"] == "<pl> hello where is my payout of 250 zł"
    assert (first["from"], first["to"], first["differences"]) == ("en", "pl", [])
    number = player.say("is the card OK").json()["number"]
    assert [each["about"] for each in translated(anna, conversation, 2)][-1] == number
    page = anna.http.get(f"/desk/parts/conversations/{conversation}/events", params={"lang": "pl"}).text
    assert "&lt;pl&gt; is the card OK" in page
    assert "Oryginał" in page


def test_both_sides_are_told_and_the_original_is_there(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    switch(anna, conversation)
    sent = anna.say(conversation, "Wypłata trwa 24 godziny.", written_in="pl")
    assert sent.status_code == 201
    events = player.events()
    said = messages(events, "consultant")[-1]
    assert said["text"] == "<en> Wypłata trwa 24 godziny."
    assert said["translation"]["original"] == "Wypłata trwa 24 godziny."
    notice = next(event for event in events if event["kind"] == "translation_switched")
    assert (notice["is_on"], notice["author"]) == (True, "consultant")


def test_a_conversation_is_found_by_words_of_either_language(
    address: str, anna: Consultant, translator: Receiver
) -> None:
    translator.answer = lambda request: Answer(
        body={"translatedText": "gdzie jest parasol" if request.json["target"] == "pl" else "your umbrella is here"}
    )
    try:
        _, conversation = held(address, anna, "hello where is my brolly")
        switch(anna, conversation)
        translated(anna, conversation, 1)
        anna.say(conversation, "Oto Pana ząbek", written_in="pl")
    finally:
        translator.answer = echo
    for words in ("brolly", "PARASOL", "umbrella", "zabek"):
        assert [row["id"] for row in anna.get("queue", view="mine", q=words)["conversations"]] == [conversation]


def test_what_is_written_in_the_players_language_is_left_as_it_is(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    switch(anna, conversation)
    anna.say(conversation, "It takes a day.", written_in="en")
    said = messages(player.events(), "consultant")[-1]
    assert said["text"] == "It takes a day."
    assert "translation" not in said


def test_switched_off_nothing_is_translated_any_more(address: str, anna: Consultant) -> None:
    player, conversation = held(address, anna)
    switch(anna, conversation)
    translated(anna, conversation, 1)
    switch(anna, conversation, is_on=False)
    anna.say(conversation, "Dzień dobry", written_in="pl")
    assert messages(player.events(), "consultant")[-1]["text"] == "Dzień dobry"
    assert [e["is_on"] for e in player.events() if e["kind"] == "translation_switched"] == [True, False]


def test_a_preview_shows_what_the_player_will_read_and_back_again(address: str, anna: Consultant) -> None:
    _, conversation = held(address, anna)
    switch(anna, conversation)
    theirs = anna.do(conversation, "preview", text="Za 5 minut", written_in="pl").json()
    assert theirs == {"text": "<en> Za 5 minut", "language": "en", "by": "LibreTranslate", "differences": []}
    assert anna.do(conversation, "preview", text="In a minute", written_in="en").json()["language"] == "pl"


def test_a_translator_that_fails_loses_nothing_and_the_original_is_shown(tmp_path: Path) -> None:
    with (
        receiving(echo) as translator,
        serving(quick_settings(tmp_path, demo=True, translator_url=translator.address)) as address,
    ):
        anna = Consultant(address)
        player, conversation = held(address, anna)
        switch(anna, conversation)
        translated(anna, conversation, 1)
        translator.answer = lambda _: Answer(500)
        number = player.say("is my money lost").json()["number"]
        failed = translated(anna, conversation, 2)[-1]
        assert (failed["about"], failed["text"]) == (number, None)
        assert anna.do(conversation, "preview", text="Szukam go", written_in="pl").status_code == 503
        assert anna.say(conversation, "Szukam go", written_in="pl").status_code == 201
        said = messages(player.events(), "consultant")[-1]
        assert (said["text"], said["untranslated"]) == ("Szukam go", {"from": "pl", "to": "en"})
        page = anna.http.get(f"/desk/parts/conversations/{conversation}/events", params={"lang": "pl"}).text
        assert "is my money lost" in page
        assert "data-translate-again" in page


def test_a_message_can_be_translated_again(address: str, anna: Consultant) -> None:
    _, conversation = held(address, anna)
    again = anna.do(conversation, "translations", number=1, language="pl")
    assert again.status_code == 201
    assert translated(anna, conversation, 1)[0]["about"] == 1
    assert anna.do(conversation, "translations", number=999, language="pl").status_code == 404


def test_figures_that_a_translation_changes_are_asked_about_before_it_goes_out(
    address: str, anna: Consultant, translator: Receiver
) -> None:
    player, conversation = held(address, anna)
    switch(anna, conversation)
    translator.answer = lambda _: Answer(body={"translatedText": "It takes 42 hours."})
    try:
        refused = anna.say(conversation, "To trwa 24 godziny, na pewno.", written_in="pl")
        assert (refused.status_code, refused.json()["code"]) == (409, "figures_differ")
        assert refused.json()["figures"] == ["24 godziny", "42 hours"]
        meant = {"written_in": "pl", "is_figure_change_meant": True}
        assert anna.say(conversation, "To trwa 24 godziny, na pewno.", **meant).status_code == 201
    finally:
        translator.answer = echo
    assert messages(player.events(), "consultant")[-1]["text"] == "It takes 42 hours."


@pytest.mark.parametrize(
    "body", [{"is_on": True}, {"is_on": True, "desk_language": "<x>"}, {"is_on": 1, "desk_language": "pl"}]
)
def test_a_switch_that_makes_no_sense_is_refused(address: str, anna: Consultant, body: dict[str, Any]) -> None:
    _, conversation = held(address, anna)
    refused = anna.http.put(f"/api/v1/desk/conversations/{conversation}/translation", json=body)
    assert refused.status_code == 422


def test_without_a_translator_drafts_stand_in_both_languages_side_by_side(tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path, demo=True)) as address:
        anna = Consultant(address)
        player, conversation = held(address, anna)
        refused = anna.http.put(
            f"/api/v1/desk/conversations/{conversation}/translation", json={"is_on": True, "desk_language": "pl"}
        )
        assert (refused.status_code, refused.json()["code"]) == (409, "no_translator")
        eventually(lambda: anna.get(f"conversations/{conversation}/suggestions")["is_ready"])
        draft = anna.get(f"conversations/{conversation}/suggestions")["suggestions"][0]
        assert draft["lang"] != draft["other"]["lang"]
        assert draft["other"]["title"] in {"Ile trwa wypłata", "How long a withdrawal takes"}
        foreign = draft["other"]["lang"]
        page = anna.http.get(f"/desk/parts/conversations/{conversation}/suggestions", params={"lang": foreign}).text
        assert draft["text"].split("\n")[0] in page
        assert draft["other"]["text"].split("\n")[0] in page
        anna.say(conversation, draft["text"], suggestion_id=draft["id"])
        assert messages(player.events(), "consultant")[-1]["text"] == draft["text"]
