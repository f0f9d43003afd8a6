"""A conversation longer than a page: the newest part is shown, and the rest when asked for, on both sides."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.test_desk import MANY, history, row, signed_in, waiting_player
from tests.fakes import fake_engine
from tests.serving import quick_settings, serving

SAID = 230


def test_a_long_history_is_paged_and_nothing_is_missing_or_doubled(open_page: Opener, tmp_path: Path) -> None:
    settings = quick_settings(tmp_path, demo=True, conversations_per_minute=MANY, messages_per_minute=MANY)
    with serving(settings, fake_engine()) as address:
        player = waiting_player(address, "wiadomość 0")
        for number in range(1, SAID):
            player.say(f"wiadomość {number}")
        said = [f"wiadomość {number}" for number in range(SAID)]

        desk = signed_in(open_page(f"{address}/desk?lang=pl"), "Anna")
        row(desk, f"wiadomość {SAID - 1}").click()
        expect(history(desk).get_by_text(said[-1], exact=True)).to_be_visible()
        while desk.get_by_role("button", name="Pokaż wcześniejsze").is_visible():
            before = desk.locator(".message--player").count()
            desk.get_by_role("button", name="Pokaż wcześniejsze").click()
            expect(desk.locator(".message--player").nth(before)).to_be_attached()
        expect(desk.locator(".message--player .bubble")).to_have_text(said)

        page = open_page(f"{address}/?lang=pl")
        page.evaluate(
            "(token) => localStorage.setItem('krupier-chat', JSON.stringify({ token, isOpen: true }))", player.token
        )
        page.reload()
        expect(page.get_by_text(said[-1], exact=True)).to_be_visible()
        while page.get_by_role("button", name="Pokaż wcześniejsze").is_visible():
            before = page.locator(".message--player").count()
            page.get_by_role("button", name="Pokaż wcześniejsze").click()
            expect(page.locator(".message--player").nth(before)).to_be_attached()
        expect(page.locator(".message--player .bubble")).to_have_text(said)
