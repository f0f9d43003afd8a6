"""What players ask in vain, in a real browser: from the desk's key and from a group to a draft; the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import problems
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.test_desk import taken, waiting_player
from tests.learning_fakes import word_engine
from tests.serving import Consultant, quick_settings, serving

LOOKS = [
    {"color_scheme": scheme, "viewport": size, "reduced_motion": "reduce"}
    for scheme, size in (("light", DESKTOP), ("dark", PHONE))
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(quick_settings(tmp_path_factory.mktemp("asked"), demo=True), word_engine()) as started:
        yield started


def in_as(open_page: Opener, address: str, name: str, path: str, **options: Any) -> Page:
    """A page of the room, as somebody who has signed in before."""
    kept = Consultant(address, name).http.cookies
    cookies = [{"name": key, "value": value, "domain": "127.0.0.1", "path": "/"} for key, value in kept.items()]
    return open_page(f"{address}{path}", storage_state={"cookies": cookies, "origins": []}, **options)


def test_one_key_tells_the_editors_and_words_may_follow(open_page: Opener, address: str) -> None:
    waiting_player(address, "czy macie kręgle")
    page = in_as(open_page, address, "Anna", "/desk?lang=pl")
    taken(page, "czy macie kręgle")
    page.locator("#history").focus()
    page.keyboard.press("x")
    page.get_by_label("Czego brakuje albo co jest źle?").fill("Brak artykułu o kręglach")
    assert problems(page) == []
    page.get_by_role("button", name="Dopisz").click()
    expect(page.get_by_text("Redakcja zobaczy zgłoszenie.")).to_be_visible()

    editor = in_as(open_page, address, "Zofia", "/editor/questions?tab=flags&lang=pl")
    expect(editor.get_by_role("heading", name="Brak artykułu o kręglach")).to_be_visible()
    expect(editor.get_by_text("czy macie kręgle")).to_be_visible()


def test_a_group_becomes_phrasings_of_the_article_that_is_chosen(open_page: Opener, address: str) -> None:
    for _ in range(2):
        waiting_player(address, "gdzie jest moja skarbonka")
    page = in_as(open_page, address, "Zofia", "/editor/questions?lang=pl")
    group = page.get_by_role("region", name="gdzie jest moja skarbonka")
    expect(group.get_by_role("checkbox")).to_have_count(2)
    group.get_by_role("radio", name="Ile trwa wypłata").check()
    group.get_by_role("button", name="Dodaj jako sformułowania").click()

    expect(page.get_by_text("czekają jako szkic w artykule")).to_be_visible()
    expect(page.get_by_role("region", name="gdzie jest moja skarbonka")).to_have_count(0)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look['color_scheme']}-{look['viewport']['width']}")
def test_no_page_has_a_problem(open_page: Opener, address: str, look: dict[str, Any]) -> None:
    waiting_player(address, f"o czym nikt nie pisze {look['color_scheme']}")
    page = in_as(open_page, address, "Jan", "/editor/questions?lang=pl", **look)
    expect(page.get_by_role("button", name="Odłóż, to nie nasze").first).to_be_visible()
    assert problems(page) == []
    for path in ("/editor/questions?tab=phrasings&lang=en", "/editor/questions?tab=flags&lang=pl", "/insights?lang=pl"):
        page.goto(f"{address}{path}")
        assert problems(page) == [], path
    page.goto(f"{address}/editor/questions?lang=pl")
    page.get_by_role("button", name="Zacznij nowy artykuł").first.click()
    expect(page.get_by_label("Treść")).to_be_visible()
    assert problems(page) == []
