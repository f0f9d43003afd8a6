"""The help centre in a real browser: searched as one types, without scripts, with nothing that moves, for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.decision import Proposal
from knowledge_base.article import RiskClass
from tests.browser.accessibility import problems
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.fakes import ARTICLES, FakeBot, article, fake_engine
from tests.serving import quick_settings, serving

PROTECT = article("rg-break", ("Krótka przerwa", "Trwa dobę."), ("A short break", "A day."), risk=RiskClass.PROTECT)
FOUND = [Proposal("withdrawal-time", 0.9), Proposal("withdrawal-pending", 0.5)]
LOOKS = [
    {"color_scheme": scheme, "viewport": size, "reduced_motion": "reduce"}
    for scheme, size in (("light", DESKTOP), ("dark", PHONE))
]
PAGES = (
    "/help/pl", "/help/en/withdrawals", "/help/pl/withdrawals/withdrawal-time", "/help/pl/withdrawals/rg-break",
    "/help/pl/withdrawals/withdrawal-time?thanks=no", "/help/pl/nothing",
)  # fmt: skip
SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 0)));
})"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bot = FakeBot(articles=ARTICLES | {"rg-break": PROTECT}, proposals=FOUND)
    with serving(quick_settings(tmp_path_factory.mktemp("help")), fake_engine(bot)) as started:
        yield started


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look['color_scheme']}-{look['viewport']['width']}")
def test_no_page_has_a_problem_or_moves_while_it_loads(open_page: Opener, address: str, look: dict[str, Any]) -> None:
    page = open_page(f"{address}{PAGES[0]}", **look)
    for path in PAGES:
        page.goto(f"{address}{path}")
        expect(page.get_by_role("button", name=re.compile("Otwórz czat pomocy|Open the help chat"))).to_be_visible()
        assert problems(page) == [], path
        assert page.evaluate(SHIFTS) == 0, path


def test_what_fits_appears_while_one_types_and_is_reached_by_arrows(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/help/pl")
    field = page.get_by_role("searchbox", name="Szukaj w pomocy")
    field.fill("kiedy pieniądze")
    expect(page.locator("#found").get_by_text("Ile trwa wypłata")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Artykuły: 2")).to_have_count(1)
    assert problems(page) == []

    field.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    field.fill("kiedy pieniądze?")
    expect(page.locator("#found").get_by_text("Ile trwa wypłata")).to_be_visible()
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ile trwa wypłata", level=1)).to_be_visible()


def test_everything_works_without_scripts(open_page: Opener, address: str) -> None:
    page: Page = open_page(f"{address}/help/pl", java_script_enabled=False)
    page.get_by_role("searchbox", name="Szukaj w pomocy").fill("kiedy pieniądze")
    page.get_by_role("button", name="Szukaj").click()
    page.get_by_role("link", name="Ile trwa wypłata").click()
    page.get_by_role("button", name="Nie", exact=True).click()
    page.get_by_label("Napisz, czego szukasz").fill("a w święta?")
    page.get_by_role("button", name="Wyślij redakcji").click()
    expect(page.get_by_text("Dziękujemy za odpowiedź.")).to_be_visible()
    page.get_by_role("navigation", name="Gdzie jesteś").get_by_role("link", name="Wypłaty").click()
    expect(page.get_by_role("heading", name="Wypłaty", level=1)).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Withdrawals", level=1)).to_be_visible()


def test_the_chat_opens_from_an_article(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/help/pl/withdrawals/withdrawal-time")
    expect(page.get_by_role("button", name="Otwórz czat pomocy")).to_be_visible()
    page.get_by_role("link", name="Zapytaj na czacie").click()

    expect(page.get_by_label("Twoja wiadomość")).to_be_focused()
    expect(page).to_have_url(f"{address}/help/pl/withdrawals/withdrawal-time")


def test_on_paper_there_is_the_article_and_nothing_to_click(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/help/pl/withdrawals/withdrawal-time")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Ile trwa wypłata", level=1)).to_be_visible()
    expect(page.get_by_text("23 listopada 2026")).to_be_visible()
    expect(page.get_by_role("button", name="Szukaj")).to_be_hidden()
    expect(page.get_by_role("button", name="Tak, pomogło")).to_be_hidden()
