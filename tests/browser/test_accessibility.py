"""axe-core finds nothing on the casino's page, the chat and the desk, in light on a desktop and in dark on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import problems
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.test_desk import signed_in, taken, waiting_player
from tests.fakes import fake_engine
from tests.serving import quick_settings, serving

LOOKS = [
    {"color_scheme": scheme, "viewport": size, "reduced_motion": "reduce"}
    for scheme, size in (("light", DESKTOP), ("dark", PHONE))
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration."""
    with serving(quick_settings(tmp_path_factory.mktemp("axe"), demo=True), fake_engine()) as started:
        yield started


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look['color_scheme']}-{look['viewport']['width']}")
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A colour scheme and a screen."""
    chosen: dict[str, Any] = request.param
    return chosen


def test_the_chat_has_no_problem_at_any_step(open_page: Opener, address: str, look: dict[str, Any]) -> None:
    page = open_page(f"{address}/?lang=pl", **look)
    assert problems(page) == []
    page.get_by_role("button", name="Otwórz czat pomocy").click()
    field = page.get_by_label("Twoja wiadomość")
    field.fill("wypłata")
    expect(page.get_by_text("Może to pomoże:")).to_be_visible()
    assert problems(page) == []
    field.press("Enter")
    page.get_by_role("button", name="Ile trwa wypłata").click()
    expect(page.get_by_text("Czy to pomogło?")).to_be_visible()
    field.fill("jan@example.com i pytanie bez odpowiedzi")
    field.press("Enter")
    expect(page.get_by_text("czeka na konsultanta").first).to_be_visible()
    assert problems(page) == []
    page.get_by_role("button", name="Zakończ rozmowę").click()
    page.get_by_role("button", name="Zakończ", exact=True).click()
    expect(page.get_by_text("Jak oceniasz tę rozmowę?")).to_be_visible()
    assert problems(page) == []


def test_the_desk_has_no_problem_at_any_step(open_page: Opener, address: str, look: dict[str, Any]) -> None:
    text = f"wypłata {look['color_scheme']} {look['viewport']['width']}"
    waiting_player(address, text)
    page: Page = open_page(f"{address}/desk?lang=pl", **look)
    assert problems(page) == []
    signed_in(page, "Anna")
    assert problems(page) == []
    taken(page, text)
    page.get_by_role("button", name="Wstaw").first.click()
    page.get_by_role("searchbox", name="Szukaj w artykułach").fill("wypłata")
    expect(page.locator("#found").get_by_text("Ile trwa wypłata")).to_be_visible()
    assert problems(page) == []
    page.locator("#field").fill("/")
    expect(page.get_by_role("listbox", name="Gotowe teksty").get_by_role("option").first).to_be_visible()
    assert problems(page) == []
    page.keyboard.press("Escape")
    page.locator("#history").focus()
    page.keyboard.press("?")
    assert problems(page) == []
