"""A manager connects another system, in a browser: an address of no use is explained, a good one is tried at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.staff.demonstration import DEMONSTRATION_STAFF
from tests.browser.accessibility import problems
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.receiving import receiving
from tests.serving import quick_settings, serving


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_a_webhook_is_added_and_tried(open_page: Opener, tmp_path: Path, size: dict[str, int], scheme: str) -> None:
    settings = quick_settings(tmp_path, demo=True, webhook_networks="127.0.0.0/8")
    jan = next(account for account in DEMONSTRATION_STAFF if account.name == "Jan")
    with receiving() as receiver, serving(settings) as address:
        page = open_page(f"{address}/desk/sign-in?lang=pl", viewport=size, color_scheme=scheme)
        page.get_by_label("Adres e-mail").fill(jan.email)
        page.get_by_label("Hasło").fill(jan.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Biurko", exact=True)).to_be_visible()
        page.goto(f"{address}/desk/webhooks?lang=pl")
        page.get_by_label("Adres, pod który wysyłać").fill("https://192.168.1.7/hook")
        page.get_by_label("ocena gracza").uncheck()
        page.get_by_role("button", name="Dodaj").click()
        expect(page.get_by_role("alert")).to_contain_text("prowadzi do sieci prywatnej")
        expect(page.get_by_label("Adres, pod który wysyłać")).to_have_value("https://192.168.1.7/hook")
        expect(page.get_by_label("ocena gracza")).not_to_be_checked()
        assert problems(page) == []
        page.get_by_label("Adres, pod który wysyłać").fill(f"{receiver.address}/hook")
        page.get_by_role("button", name="Dodaj").click()
        expect(page.get_by_role("status")).to_contain_text("Dodano.")
        page.get_by_role("button", name="Wyślij próbę").click()
        for _ in range(100):
            if page.get_by_text("dostarczone", exact=True).count() > 1:  # one is the link that filters
                break
            page.reload()
        assert problems(page) == []
        page.get_by_text("Pokaż sekret").click()
        expect(page.get_by_text("whsec_")).to_be_visible()
        assert receiver.received[0].json["type"] == "webhook.test"
