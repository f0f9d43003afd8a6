"""A player's way through the ask page, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.fakes import FakeBot, fake_engine
from tests.serving import quick_settings, serving

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture(scope="module")
def address(bot: FakeBot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a free port, in a thread."""
    with serving(quick_settings(tmp_path_factory.mktemp("ask")), fake_engine(bot)) as started:
        yield started


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test when anything is blocked or breaks in it."""
    context = browser.new_context(base_url=address, viewport=DESKTOP, locale="pl-PL")
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    yield opened
    context.close()
    assert problems == []


def test_typing_a_question_and_enter_shows_the_answer_and_its_source(page: Page) -> None:
    page.goto("/ask")
    page.get_by_label("Twoje pytanie").fill("kiedy przyjdą pieniądze")
    page.keyboard.press("Enter")

    answer = page.get_by_role("region", name="Odpowiedź")
    expect(answer.get_by_role("heading", name="Odpowiedź")).to_be_visible()
    expect(answer.get_by_text("Moje konto > Historia")).to_be_visible()
    answer.get_by_role("link", name="Ile trwa wypłata").click()
    expect(page.get_by_role("heading", level=1, name="Ile trwa wypłata")).to_be_visible()
    page.get_by_role("link", name="statusy wypłat", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Statusy wypłat")).to_be_visible()


def test_shift_and_enter_starts_a_new_line(page: Page) -> None:
    page.goto("/ask")
    page.get_by_label("Twoje pytanie").press_sequentially("raz")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("dwa")

    expect(page.get_by_label("Twoje pytanie")).to_have_value("raz\ndwa")


def test_switching_the_language_takes_the_asked_question_along(page: Page) -> None:
    page.goto("/ask")
    page.get_by_label("Twoje pytanie").fill("kiedy przyjdą pieniądze")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Odpowiedź", exact=True)).to_be_visible()
    page.get_by_role("link", name="English").click()

    expect(page.get_by_role("heading", name="How can we help?")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value("kiedy przyjdą pieniądze")
    expect(page.get_by_text("The assistant is 93% sure")).to_be_visible()


def test_switching_the_language_keeps_what_was_not_asked_yet_and_asks_nothing(page: Page, bot: FakeBot) -> None:
    page.goto("/ask")
    page.get_by_label("Twoje pytanie").fill("niedokończ")
    page.get_by_role("link", name="English").click()

    expect(page.get_by_label("Your question")).to_have_value("niedokończ")
    assert "niedokończ" not in [text for text, _ in bot.asked]


def test_a_choice_asks_again_by_keyboard_alone(page: Page) -> None:
    page.goto("/ask")
    page.get_by_label("Twoje pytanie").fill("wypłata")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ile trwa wypłata").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("sprawdzone 23 listopada 2026")).to_be_visible()
    expect(page.get_by_label("Twoje pytanie")).to_have_value("Ile trwa wypłata")
    expect(page.locator("#answer")).to_be_focused()


def test_something_else_leads_back_to_the_field(page: Page) -> None:
    page.goto("/ask")
    page.get_by_label("Twoje pytanie").fill("wypłata")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Coś innego").click()
    page.keyboard.type("!")

    expect(page.get_by_label("Twoje pytanie")).to_have_value("wypłata!")


def test_an_example_is_asked_with_a_click(page: Page) -> None:
    page.goto("/ask")
    page.get_by_role("button", name="chce rozmawiac z czlowiekiem").click()

    expect(page.get_by_role("heading", name="Sprawa dla człowieka")).to_be_visible()
    expect(page.get_by_label("Twoje pytanie")).to_have_value("chce rozmawiac z czlowiekiem")


def test_while_waiting_the_page_says_so(page: Page, bot: FakeBot) -> None:
    let_go = threading.Event()
    bot.before_reply = lambda: let_go.wait(5)
    page.goto("/ask")
    page.get_by_label("Twoje pytanie").fill("kiedy przyjdą pieniądze")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Szukam w artykułach")).to_be_visible()
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "true")
    let_go.set()

    expect(page.get_by_role("heading", name="Odpowiedź", exact=True)).to_be_visible()
    expect(page.locator("#answer")).not_to_have_attribute("aria-busy", "true")


def test_only_the_newest_question_is_answered(page: Page, bot: FakeBot) -> None:
    let_go = threading.Event()
    bot.before_reply = lambda: let_go.wait(5)
    page.goto("/ask")
    for text in ("wypłata", "kiedy przyjdą pieniądze"):
        page.get_by_label("Twoje pytanie").fill(text)
        page.keyboard.press("Enter")
    let_go.set()

    expect(page.get_by_role("heading", name="Odpowiedź", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Dopytuję")).to_have_count(0)


def test_an_unreachable_server_is_told_plainly_and_the_text_is_kept(page: Page) -> None:
    page.route("**/answer?*", lambda route: route.abort())
    page.goto("/ask")
    page.get_by_label("Twoje pytanie").fill("kiedy przyjdą pieniądze")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Serwer nie odpowiada")
    expect(page.get_by_label("Twoje pytanie")).to_have_value("kiedy przyjdą pieniądze")
    page.unroute("**/answer?*")
    page.get_by_role("button", name="Spróbuj ponownie").click()

    expect(page.get_by_role("heading", name="Odpowiedź", exact=True)).to_be_visible()


def test_a_question_with_html_runs_nothing(page: Page) -> None:
    page.goto("/ask")
    page.get_by_label("Twoje pytanie").fill("<img src=x onerror=\"document.title='zło'\"> jan@example.com")
    page.keyboard.press("Enter")

    expect(page.locator(".answer__masked")).to_contain_text("<img src=x")
    assert page.title() != "zło"


@pytest.mark.parametrize("question", ["", "kiedy przyjdą pieniądze", "wypłata", "x" * 300])
@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_phone_needs_no_sideways_scrolling(page: Page, question: str, language: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"/ask?lang={language}")
    if question:
        page.locator("#question").fill(question)
        page.keyboard.press("Enter")
        expect(page.locator(".answer .prose")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_targets_on_a_phone_are_large_enough(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/ask")

    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_without_scripts_the_same_answer_comes_as_a_page(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/ask")
    page.get_by_label("Your question").fill("wypłata")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("button", name="Ile trwa wypłata").click()

    expect(page.get_by_role("heading", name="Answer", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Ile trwa wypłata")).to_be_visible()
    context.close()
