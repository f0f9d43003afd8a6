"""A consultant who speaks only Polish, a player who speaks only English, two browsers and a translator between."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from api.staff.demonstration import DEMONSTRATION_STAFF
from bot.decision import Action, Reason
from tests.browser.accessibility import problems
from tests.browser.conftest import PHONE, Opener
from tests.fakes import FakeBot, decision, fake_engine
from tests.receiving import Answer, Received, Receiver, receiving
from tests.serving import Player, quick_settings, serving

QUESTION = "hello where is my payout of 250 zł"
WORDS = {
    (QUESTION.replace("250 zł", "{0}"), "pl"): "dzień dobry, gdzie jest moja wypłata {0}",
    ("Szukam jej, to potrwa {0} minut.", "en"): "I am looking for it, it will take {0} minutes.",
}


ESCALATE = decision(Action.ESCALATE, Reason.LOW_CONFIDENCE, "I have no sure answer.", language="en")


def dictionary(request: Received) -> Answer:
    """Knows some sentences by heart, and says of others that it does not."""
    asked = request.json
    return Answer(body={"translatedText": WORDS.get((asked["q"], asked["target"]), f"unknown: {asked['q']}")})


@pytest.fixture(scope="module")
def translator() -> Iterator[Receiver]:
    with receiving(dictionary) as server:
        yield server


@pytest.fixture(scope="module")
def address(translator: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("translation")
    settings = quick_settings(data, demo=True, translator_url=translator.address, translator_seconds=20)
    with serving(settings, fake_engine(FakeBot(decisions={QUESTION: ESCALATE}))) as started:
        yield started


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same without a translator."""
    settings = quick_settings(tmp_path_factory.mktemp("plain"), demo=True)
    with serving(settings, fake_engine(FakeBot(decisions={QUESTION: ESCALATE}))) as started:
        yield started


def opened(open_page: Opener, address: str, **options: object) -> tuple[Page, Player]:
    """Anna's desk with a conversation that she has taken."""
    player = Player(address, lang="en")
    player.say(QUESTION)
    player.until(lambda events: any(event["kind"] == "escalated" for event in events))
    conversation = player.state()["conversation"]["id"]
    anna = next(account for account in DEMONSTRATION_STAFF if account.name == "Anna")
    page = open_page(f"{address}/desk/sign-in?lang=pl", **options)
    page.get_by_label("Adres e-mail").fill(anna.email)
    page.get_by_label("Hasło").fill(anna.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Biurko", exact=True)).to_be_visible()
    page.goto(f"{address}/desk/conversations/{conversation}?lang=pl")
    expect(page.locator("[inert]")).to_have_count(0)
    page.get_by_role("button", name="Przejmij").click()
    expect(page.get_by_role("button", name="Odłóż")).to_be_visible()
    return page, player


def switched_on(page: Page) -> None:
    page.get_by_role("button", name="Tłumacz: angielski ⇄ polski").click()
    expect(page.locator("[data-write]")).to_have_count(2)


def test_a_conversation_is_read_and_answered_in_the_own_language(open_page: Opener, address: str) -> None:
    page, player = opened(open_page, address)
    switched_on(page)
    history = page.get_by_role("log")
    expect(history.get_by_text("dzień dobry, gdzie jest moja wypłata 250 zł")).to_be_visible()
    expect(history.get_by_text(QUESTION)).to_be_hidden()
    history.get_by_text("Przetłumaczone automatycznie. Oryginał po angielsku").first.click()
    expect(history.get_by_text(QUESTION)).to_be_visible()

    page.get_by_role("textbox", name="Odpowiedź do gracza").fill("Szukam jej, to potrwa 5 minut.")
    expect(page.locator("#other")).to_contain_text("I am looking for it, it will take 5 minutes.")
    assert problems(page) == []
    page.keyboard.press("Enter")
    expect(history.get_by_text("Szukam jej, to potrwa 5 minut.")).to_be_visible()
    events = player.until_said("consultant")
    assert events[-1]["text"] == "I am looking for it, it will take 5 minutes."
    expect(history.get_by_text("Przetłumaczone automatycznie. Gracz czyta po angielsku")).to_be_visible()


def test_the_player_sees_that_it_is_translated_and_the_original(open_page: Opener, address: str) -> None:
    page, player = opened(open_page, address)
    switched_on(page)
    expect(page.get_by_role("log").get_by_text("gdzie jest moja wypłata")).to_be_visible()
    page.get_by_role("textbox", name="Odpowiedź do gracza").fill("Szukam jej, to potrwa 5 minut.")
    page.keyboard.press("Enter")
    player.until_said("consultant")
    theirs = open_page(f"{address}/?lang=en", locale="en-GB")
    theirs.evaluate(
        "token => localStorage.setItem('krupier-chat', JSON.stringify({ token, isOpen: true }))", player.token
    )
    theirs.reload()
    expect(theirs.get_by_text("I am looking for it, it will take 5 minutes.")).to_be_visible()
    expect(theirs.get_by_text("reads and writes through machine translation")).to_be_visible()
    theirs.get_by_text("Translated by a machine. Show the original").click()
    expect(theirs.get_by_text("Szukam jej, to potrwa 5 minut.")).to_be_visible()


def test_without_a_translator_an_article_carries_both_languages(open_page: Opener, plain: str) -> None:
    page, player = opened(open_page, plain)
    expect(page.get_by_role("button", name="Tłumacz")).to_have_count(0)
    draft = page.locator(".draft").first
    expect(draft.locator(".draft__other")).to_contain_text("Wypłata składa się z dwóch etapów")
    expect(draft.locator(".draft__text")).to_contain_text("First we check the order")
    draft.get_by_role("button", name="Wstaw").click()
    expect(page.locator("#other")).to_contain_text("To znaczy:")
    expect(page.locator("#other")).to_contain_text("Wypłata składa się z dwóch etapów")
    assert problems(page) == []
    page.get_by_role("textbox", name="Odpowiedź do gracza").press("Enter")
    assert "First we check the order" in player.until_said("consultant")[-1]["text"]
    expect(page.locator("#other")).to_be_hidden()


def test_an_edited_draft_says_that_the_other_language_is_the_articles(open_page: Opener, plain: str) -> None:
    page, _ = opened(open_page, plain, viewport=PHONE)
    page.locator(".draft").first.get_by_role("button", name="Wstaw").click()
    page.get_by_role("textbox", name="Odpowiedź do gracza").press("End")
    page.keyboard.type(" Thanks!")
    expect(page.locator("#other")).to_contain_text("To samo z artykułu (bez Twoich zmian):")
    assert problems(page) == []


def test_a_language_that_was_told_wrong_is_set_right(open_page: Opener, address: str) -> None:
    page, _ = opened(open_page, address)
    page.get_by_label("Język gracza").select_option("de")
    expect(page.get_by_role("button", name="Tłumacz: niemiecki ⇄ polski")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-write]")).to_have_text(["po polsku", "po niemiecku"])


def test_an_article_goes_in_as_the_player_reads_it(open_page: Opener, plain: str) -> None:
    page, _ = opened(open_page, plain)
    page.get_by_role("searchbox", name="Szukaj w artykułach").fill("wypłata")
    page.get_by_role("button", name="Wstaw treść").first.click()
    expect(page.get_by_role("textbox", name="Odpowiedź do gracza")).to_have_value(
        re.compile("First we check the order")
    )
    expect(page.locator("#other")).to_contain_text("Wypłata składa się z dwóch etapów")


def test_for_who_reads_neither_of_our_languages_a_draft_goes_in_as_the_consultant_reads_it(
    open_page: Opener, address: str
) -> None:
    page, _ = opened(open_page, address)
    page.get_by_label("Język gracza").select_option("uk")
    expect(page.locator("[data-write]")).to_have_text(["po polsku", "po ukraińsku"])
    page.locator(".draft").first.get_by_role("button", name="Wstaw").click()
    expect(page.get_by_role("textbox", name="Odpowiedź do gracza")).to_have_value(re.compile("Wypłata składa się"))
    expect(page.get_by_role("button", name="po polsku")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#other")).to_contain_text("unknown: ")
