"""One conversation from the first question to the rating, with a browser on each side."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.test_desk import history, reply, row, signed_in
from tests.browser.test_widget import log, opened, say
from tests.fakes import fake_engine
from tests.serving import quick_settings, serving


def test_from_the_first_question_to_the_rating(open_page: Opener, tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path, demo=True), fake_engine()) as address:
        player = opened(open_page(f"{address}/?lang=pl"))
        desk = signed_in(open_page(f"{address}/desk?lang=pl"), "Ewa")

        say(player, "wypłata")
        player.get_by_role("button", name="Ile trwa wypłata").click()
        expect(log(player).get_by_text("Moje konto > Historia")).to_be_visible()
        say(player, "u mnie to nie działa")
        expect(player.get_by_text("Czekasz na konsultanta")).to_be_visible()

        row(desk, "u mnie to nie działa").click()
        expect(history(desk).get_by_text("Chcę dobrze trafić.")).to_be_visible()  # all that was said to the bot
        desk.get_by_role("button", name="Przejmij").click()
        expect(player.get_by_text("Rozmawiasz z: Ewa")).to_be_visible()
        expect(log(player).get_by_text("Ewa dołącza do rozmowy")).to_be_visible()

        desk.get_by_role("button", name="Wstaw").click()
        reply(desk).press("Control+End")
        reply(desk).press_sequentially(" Sprawdzam też z bankiem.")
        expect(player.locator(".typing")).to_be_visible()
        desk.keyboard.press("Enter")
        expect(log(player).get_by_text("Sprawdzam też z bankiem.")).to_be_visible()
        expect(history(desk)).to_contain_text("Wysłano propozycję po poprawkach")

        player.get_by_label("Twoja wiadomość").press_sequentially("dzię")
        expect(desk.get_by_text("Gracz pisze…")).to_be_visible()
        say(player, "dziękuję")
        expect(history(desk).get_by_text("dziękuję")).to_be_visible()
        desk.get_by_role("button", name=re.compile("^Zamknij")).click()
        desk.get_by_role("dialog").get_by_role("button", name="Zamknij").click()

        expect(log(player).get_by_text("Konsultant zakończył rozmowę")).to_be_visible()
        player.get_by_text("5", exact=True).click()
        player.get_by_role("button", name="Oceń").click()
        expect(log(player).get_by_text("Dziękujemy za ocenę.")).to_be_visible()
        expect(history(desk)).to_contain_text("Ocena gracza: 5 z 5")
