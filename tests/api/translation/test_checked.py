"""Whatever a translation server does, an answer or an error comes in time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from api.translation.checked import CheckedTranslator
from api.translation.circuit import FAILURES_MAX, REST_SECONDS, Circuit
from api.translation.libretranslate import LibreTranslate
from api.translation.translator import TranslationFailedError
from tests.receiving import Answer, Received, Receiver, receiving

pytestmark = pytest.mark.anyio
GENEROUS_SECONDS = 20.0


def echo(request: Received) -> Answer:
    """The text as it came, its language before it."""
    return Answer(body={"translatedText": f"{request.json['target']}: {request.json['q']}"})


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiving(echo) as server:
        yield server


def translator(server: Receiver, seconds: float = GENEROUS_SECONDS, key: str = "") -> CheckedTranslator:
    return CheckedTranslator(LibreTranslate(server.address, key, seconds), seconds)


async def test_the_server_is_asked_as_its_documentation_says_and_sees_no_figures(server: Receiver) -> None:
    made = await translator(server, key="k-1").translate("Wypłata 500 zł, nick lisek77", "pl", "en")
    assert made.text == "en: Wypłata 500 zł, nick lisek77"
    assert (made.source, made.target, made.differences) == ("pl", "en", ())
    asked = server.received[0]
    assert (asked.method, asked.path) == ("POST", "/translate")
    assert asked.json == {
        "q": "Wypłata {0}, nick {1}", "source": "pl", "target": "en", "format": "text", "api_key": "k-1",
    }  # fmt: skip


async def test_what_was_translated_once_is_not_asked_again(server: Receiver) -> None:
    checked = translator(server)
    assert await checked.translate("Dzień dobry", "pl", "en") == await checked.translate("Dzień dobry", "pl", "en")
    assert len(server.received) == 1


async def test_where_marks_are_lost_it_is_tried_without_and_what_differs_is_named(server: Receiver) -> None:
    server.answer = lambda request: Answer(
        body={"translatedText": "it takes long" if "{" in request.json["q"] else "it takes 25 hours"}
    )
    made = await translator(server).translate("to trwa 24 godziny", "pl", "en")
    assert (made.text, made.differences) == ("it takes 25 hours", ("24 godziny", "25 hours"))


async def test_personal_data_never_leaves_the_house_even_then(server: Receiver) -> None:
    server.answer = lambda _: Answer(body={"translatedText": "without any mark"})
    with pytest.raises(TranslationFailedError):
        await translator(server).translate("mój pesel 44051401359", "pl", "en")
    assert all(b"44051401359" not in request.body for request in server.received)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, {"error": "no memory"}), Answer(200, {"error": "x"}), Answer(200, ["x"]),
        Answer(200, {"translatedText": 5}), Answer(200, {"translatedText": "  "}),
        Answer(302, {}, {"Location": "http://127.0.0.1:1/"}),
    ],
)  # fmt: skip
async def test_any_other_answer_is_an_error(server: Receiver, answer: Answer) -> None:
    server.answer = lambda _: answer
    with pytest.raises(TranslationFailedError):
        await translator(server).translate("Dzień dobry", "pl", "en")


async def test_one_that_hangs_is_given_up_and_after_some_failures_left_alone(server: Receiver) -> None:
    over = threading.Event()

    def hang(_: Received) -> Answer:
        over.wait(60)
        return Answer()

    server.answer = hang
    checked = translator(server, seconds=0.05)
    for number in range(FAILURES_MAX):
        with pytest.raises(TranslationFailedError):
            await checked.translate(f"Tekst {number}", "pl", "en")
    asked = len(server.received)
    server.answer = echo
    with pytest.raises(TranslationFailedError, match="left alone"):
        await checked.translate("Dzień dobry", "pl", "en")
    assert len(server.received) == asked
    over.set()


async def test_a_server_that_is_not_there_is_an_error() -> None:
    with receiving() as gone:
        address = gone
    with pytest.raises(TranslationFailedError):
        await translator(address).translate("Dzień dobry", "pl", "en")


def test_after_a_rest_one_trial_is_allowed_and_decides() -> None:
    now = [0.0]
    circuit = Circuit(lambda: now[0])
    for _ in range(FAILURES_MAX):
        assert not circuit.is_open
        circuit.failed()
    assert circuit.is_open
    now[0] = REST_SECONDS
    assert not circuit.is_open
    circuit.failed()
    assert circuit.is_open
    now[0] = 2 * REST_SECONDS
    circuit.succeeded()
    assert not circuit.is_open
