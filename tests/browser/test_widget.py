"""A player's way through the chat on a casino's page, in a real browser with a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Opener
from tests.fakes import FakeBot, fake_engine
from tests.serving import quick_settings, serving

MANY = 100_000


@pytest.fixture(scope="module")
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture(scope="module")
def address(bot: FakeBot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration with a bot that answers from a table."""
    settings = quick_settings(
        tmp_path_factory.mktemp("widget"), demo=True, conversations_per_minute=MANY, messages_per_minute=MANY
    )
    with serving(settings, fake_engine(bot)) as started:
        yield started


@pytest.fixture
def chat(open_page: Opener, address: str, bot: FakeBot) -> Page:
    """The casino's page with the chat open."""
    bot.before_reply = lambda: None
    return opened(open_page(f"{address}/?lang=pl"))


def opened(page: Page) -> Page:
    page.get_by_role("button", name="Otwórz czat pomocy").click()
    expect(field(page)).to_be_focused()
    return page


def field(page: Page) -> Locator:
    return page.get_by_label("Twoja wiadomość")


def log(page: Page) -> Locator:
    return page.get_by_role("log", name="Rozmowa")


def say(page: Page, text: str) -> None:
    field(page).fill(text)
    page.keyboard.press("Enter")


def test_the_first_line_says_that_it_is_an_automatic_assistant_and_that_messages_are_screened(chat: Page) -> None:
    expect(log(chat)).to_contain_text("Odpowiada automatyczny asystent")
    expect(log(chat)).to_contain_text("sprawdzane pod kątem bezpieczeństwa")


def test_an_answer_is_marked_as_automatic_and_names_its_source_with_its_date(chat: Page) -> None:
    say(chat, "kiedy przyjdą pieniądze")

    expect(log(chat)).to_contain_text("Asystent automat")
    expect(log(chat).get_by_role("listitem")).to_have_count(3)
    expect(log(chat).get_by_role("button", name="Ile trwa wypłata")).to_contain_text("sprawdzone 23 listopada 2026")
    expect(log(chat).get_by_text("*Źródło")).to_have_count(0)


def test_the_source_is_read_inside_the_chat_and_escape_leads_back_to_the_field(chat: Page) -> None:
    say(chat, "kiedy przyjdą pieniądze")
    log(chat).get_by_role("button", name="Ile trwa wypłata").click()
    expect(chat.get_by_role("heading", name="Ile trwa wypłata")).to_be_visible()
    chat.get_by_role("link", name="statusy wypłat").click()
    expect(chat.get_by_role("heading", name="Statusy wypłat")).to_be_visible()
    chat.keyboard.press("Escape")

    expect(field(chat)).to_be_focused()
    expect(chat.get_by_role("heading", name="Statusy wypłat")).to_be_hidden()


def test_a_choice_is_a_button_and_pressing_it_is_a_message(chat: Page) -> None:
    say(chat, "wypłata")
    chat.get_by_role("button", name="Statusy wypłat").wait_for()
    chat.get_by_role("group", name="Wybierz sprawę").get_by_role("button", name="Ile trwa wypłata").click()

    expect(log(chat).get_by_text("Moje konto > Historia")).to_be_visible()
    expect(chat.get_by_role("group", name="Wybierz sprawę")).to_have_count(0)


def test_something_else_leads_back_to_the_field(chat: Page) -> None:
    say(chat, "wypłata")
    chat.get_by_role("button", name="Coś innego").click()

    expect(field(chat)).to_be_focused()


def test_articles_match_what_is_typed_and_opening_one_does_not_lose_the_text(chat: Page) -> None:
    field(chat).press_sequentially("kiedy przyjdą", delay=5)
    matching = chat.get_by_text("Może to pomoże:").locator("..")
    matching.get_by_role("button", name="Ile trwa wypłata").click()
    expect(chat.get_by_role("heading", name="Ile trwa wypłata")).to_be_visible()
    chat.get_by_role("button", name="Wróć do rozmowy").click()

    expect(field(chat)).to_have_value("kiedy przyjdą")
    say(chat, "kiedy przyjdą pieniądze")
    field(chat).press_sequentially("a potem", delay=5)
    expect(log(chat).get_by_text("Moje konto > Historia")).to_be_visible()
    expect(chat.get_by_text("Może to pomoże:")).to_be_hidden()


def test_an_answer_that_did_not_help_offers_a_person(chat: Page) -> None:
    say(chat, "kiedy przyjdą pieniądze")
    chat.get_by_role("group", name="Czy to pomogło?").get_by_role("button", name="Nie").click()
    log(chat).get_by_role("button", name="Porozmawiaj z człowiekiem").click()

    expect(log(chat)).to_contain_text("czeka na konsultanta")
    expect(chat.get_by_role("button", name="Rozmowa jest w kolejce")).to_be_disabled()


def test_a_person_can_be_asked_for_before_anything_is_said(chat: Page) -> None:
    chat.get_by_role("button", name="Porozmawiaj z człowiekiem").click()

    expect(log(chat)).to_contain_text("czeka na konsultanta")
    expect(chat.get_by_text("Czekasz na konsultanta")).to_be_visible()


def test_quick_messages_all_arrive_once_and_in_order(chat: Page) -> None:
    said = [f"wiadomość {number}" for number in range(8)]
    for text in said:
        say(chat, text)

    expect(chat.locator(".message--player .bubble")).to_have_text(said)
    expect(chat.get_by_text("czeka na wysłanie")).to_have_count(0)


def test_the_conversation_survives_a_reload_and_is_the_same_in_another_tab(chat: Page, open_page: Opener) -> None:
    say(chat, "kiedy przyjdą pieniądze")
    expect(log(chat).get_by_text("Moje konto > Historia")).to_be_visible()
    chat.reload()
    expect(log(chat).get_by_text("Moje konto > Historia")).to_be_visible()  # open again, as it was
    other = open_page(chat.url, beside=chat)
    expect(log(other).get_by_text("kiedy przyjdą pieniądze", exact=True)).to_be_visible()
    say(other, "wypłata")

    expect(log(chat).get_by_text("O którą z tych spraw chodzi?")).to_be_visible()
    expect(chat.locator(".message--player")).to_have_count(2)


def test_a_reply_that_comes_while_the_chat_is_closed_is_counted_until_it_is_seen(chat: Page, bot: FakeBot) -> None:
    let_go = threading.Event()
    bot.before_reply = lambda: let_go.wait(30)
    say(chat, "kiedy przyjdą pieniądze")
    expect(chat.locator(".typing")).to_be_visible()
    chat.keyboard.press("Escape")
    let_go.set()
    launcher = chat.get_by_role("button", name="Otwórz czat pomocy. Nowe wiadomości: 1")
    launcher.click()
    expect(log(chat).get_by_text("Moje konto > Historia")).to_be_visible()
    chat.keyboard.press("Escape")

    expect(chat.get_by_role("button", name="Otwórz czat pomocy", exact=True)).to_be_focused()


def test_html_and_script_in_a_message_are_shown_as_text(chat: Page) -> None:
    attack = "<img src=x onerror=\"document.title='zło'\"><script>1</script> jan@example.com"
    say(chat, attack)

    expect(log(chat).get_by_text("<script>1</script>")).to_be_visible()
    expect(log(chat)).to_contain_text("Zasłoniliśmy dane osobowe: e-mail.")
    expect(log(chat).get_by_text("jan@example.com")).to_have_count(0)
    assert chat.title() != "zło"


def test_files_are_refused_with_the_reason(chat: Page) -> None:
    chat.get_by_role("dialog", name="Kasyno Bursztyn").evaluate(
        """(element) => {
          const files = new DataTransfer();
          files.items.add(new File(["x"], "dowod.png", { type: "image/png" }));
          element.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
        }"""
    )

    expect(chat.get_by_role("alert")).to_contain_text("Plików tu nie przyjmujemy")


def test_a_conversation_is_ended_rated_and_begun_anew(chat: Page) -> None:
    say(chat, "kiedy przyjdą pieniądze")
    expect(log(chat).get_by_text("Moje konto > Historia")).to_be_visible()
    chat.get_by_role("button", name="Zakończ rozmowę").click()
    chat.get_by_role("button", name="Wróć", exact=True).click()
    expect(field(chat)).to_be_focused()
    chat.get_by_role("button", name="Zakończ rozmowę").click()
    chat.get_by_role("button", name="Zakończ", exact=True).click()
    chat.get_by_text("4", exact=True).click()
    chat.get_by_label("Komentarz (nieobowiązkowy)").fill("w porządku")
    chat.get_by_role("button", name="Oceń").click()
    expect(log(chat)).to_contain_text("Dziękujemy za ocenę.")
    chat.get_by_role("button", name="Nowa rozmowa").click()

    expect(log(chat)).not_to_contain_text("Moje konto")
    say(chat, "wypłata")
    expect(log(chat).get_by_text("O którą z tych spraw chodzi?")).to_be_visible()


def test_sound_is_off_until_it_is_switched_on_and_stays_as_chosen(chat: Page) -> None:
    chat.get_by_role("button", name="Włącz dźwięk").click()
    expect(chat.get_by_role("button", name="Wyłącz dźwięk")).to_be_visible()
    chat.reload()

    expect(chat.get_by_role("button", name="Wyłącz dźwięk")).to_be_visible()


def test_tab_goes_round_inside_and_escape_closes(chat: Page) -> None:
    stops = [_pressed_tab(chat) for _ in range(8)]
    assert stops[0] == stops[4] or len(set(stops)) < len(stops)
    assert "" not in stops
    chat.keyboard.press("Escape")

    expect(chat.get_by_role("button", name="Otwórz czat pomocy")).to_be_focused()


def _pressed_tab(page: Page) -> str:
    page.keyboard.press("Tab")
    inside: str = page.evaluate(
        "document.querySelector('[data-krupier-chat]').shadowRoot.activeElement?.outerHTML.slice(0, 80) ?? ''"
    )
    return inside


def test_on_a_phone_the_chat_fills_the_screen(open_page: Opener, address: str) -> None:
    page = opened(open_page(f"{address}/?lang=pl", viewport=PHONE))
    say(page, "x" * 300)
    expect(page.locator(".message--bot")).to_be_visible()

    assert page.get_by_role("dialog", name="Kasyno Bursztyn").bounding_box() == {"x": 0, "y": 0, **PHONE}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_chat_speaks_english(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/?lang=en", locale="en-GB")
    page.get_by_role("button", name="Open the help chat").click()

    expect(page.get_by_role("log", name="Conversation")).to_contain_text("An automatic assistant answers here.")
    expect(page.get_by_role("button", name="Talk to a person")).to_be_visible()


def test_a_conversation_that_the_server_no_longer_knows_is_forgotten_and_a_new_one_begins(chat: Page) -> None:
    chat.evaluate("localStorage.setItem('krupier-chat', JSON.stringify({ token: 'of-no-conversation', isOpen: true }))")
    chat.reload()
    say(chat, "kiedy przyjdą pieniądze")

    expect(log(chat).get_by_text("Moje konto > Historia")).to_be_visible()
    expect(chat.get_by_text("Brak połączenia")).to_be_hidden()
