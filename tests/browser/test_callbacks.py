"""A call booked in the chat and made at the desk, in a real browser; and a manager's hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from api.opening.wall_clock import WARSAW
from tests.browser.accessibility import problems
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.browser.test_desk import signed_in
from tests.browser.test_widget import field, log, opened, say
from tests.fakes import fake_engine
from tests.serving import Player, quick_settings, serving

MORNING = datetime(2026, 11, 26, 12, tzinfo=WARSAW)
LOOKS = [
    {"color_scheme": "light", "viewport": DESKTOP, "reduced_motion": "reduce"},
    {"color_scheme": "dark", "viewport": PHONE, "reduced_motion": "reduce"},
]


class Clock:
    """Shows what it is set to."""

    at = MORNING

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def address(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(quick_settings(tmp_path_factory.mktemp("calls"), demo=True), fake_engine(), clock) as started:
        yield started


def booking(page: Page, text: str) -> Page:
    """The form in the chat, after the bot has handed over and nobody was there."""
    opened(page)
    say(page, text)
    log(page).get_by_role("button", name="Zamów telefon").click()
    expect(page.get_by_role("heading", name="Zamów telefon")).to_be_visible()
    return page


def test_what_was_written_is_carried_over_the_number_is_confirmed_and_the_call_stands_in_the_chat(
    open_page: Opener, address: str
) -> None:
    page = booking(open_page(f"{address}/?lang=pl"), "pytanie o przelew")
    expect(log(page)).to_contain_text("kończą dziś o 24:00, ale w tej chwili nikogo nie ma")
    expect(page.get_by_label("Czego dotyczy sprawa")).to_have_value("pytanie o przelew")
    number = page.get_by_label("Numer telefonu")
    number.fill("512 345")
    page.get_by_role("button", name="Dalej").click()
    expect(page.get_by_text("Brakuje cyfr")).to_be_visible()
    expect(number).to_be_focused()
    number.fill("512 345 678")
    page.get_by_label("Dzień").select_option(label="jutro")
    page.get_by_label("Godzina").select_option(label="10:00–10:30")
    number.press("Enter")
    expect(page.get_by_text("Zadzwonimy na numer +48 512 345 678: jutro, 10:00–10:30")).to_be_visible()
    page.get_by_role("button", name="Tak, zamawiam").click()
    expect(page.get_by_role("heading", name="Telefon zamówiony")).to_be_visible()
    expect(page.get_by_role("link", name="Dodaj do kalendarza")).to_be_visible()
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    expect(log(page)).to_contain_text("Zamówiony telefon: piątek, 27 listopada, 10:00–10:30, numer z końcówką 678")


def test_a_time_taken_meanwhile_is_told_and_what_was_typed_stays(open_page: Opener, address: str) -> None:
    page = booking(open_page(f"{address}/?lang=pl"), "druga sprawa")
    page.get_by_label("Numer telefonu").fill("512 345 680")
    page.get_by_label("Dzień").select_option(label="w poniedziałek")
    page.get_by_label("Godzina").select_option(label="9:00–9:30")
    for last in (1, 2):
        other = Player(address)
        body = {"slot_at": "2026-11-30T08:00:00Z", "number": f"512 345 00{last}"}
        assert other.http.post("/conversations/current/callbacks", json=body).status_code == 201
    page.get_by_role("button", name="Dalej").click()
    page.get_by_role("button", name="Tak, zamawiam").click()
    expect(page.get_by_text("Ten termin przed chwilą ktoś zajął")).to_be_visible()
    expect(page.get_by_label("Numer telefonu")).to_have_value("512 345 680")
    expect(page.get_by_label("Czego dotyczy sprawa")).to_have_value("druga sprawa")


def test_a_call_is_made_with_help_at_hand(open_page: Opener, address: str, clock: Clock) -> None:
    player = Player(address, lang="pl")
    body = {"slot_at": "2026-11-26T11:30:00Z", "number": "512 345 690", "topic": "gdzie moja wypłata"}
    assert player.http.post("/conversations/current/callbacks", json=body).status_code == 201
    clock.at = MORNING + timedelta(minutes=40)
    page = signed_in(open_page(f"{address}/desk?lang=pl"), "Anna")
    expect(page.locator("[data-due-calls]")).to_contain_text("1")
    page.get_by_role("link", name="Telefony").click()
    overdue = page.get_by_role("link").filter(has_text="gdzie moja wypłata")
    expect(overdue).to_contain_text("spóźnione 10 min")
    overdue.click()
    expect(page.get_by_role("link", name="+48 512 345 690").first).to_have_attribute("href", "tel:+48512345690")
    page.get_by_role("button", name="Dzwonię").click()
    expect(page.get_by_role("button", name="Jednak nie dzwonię")).to_be_visible()
    page.wait_for_load_state("load")  # the page of the call that is being made, with its scripts
    page.keyboard.press("/")
    expect(page.locator("#assist-field")).to_be_focused()
    page.keyboard.type("ile na kartę")
    expect(page.locator(".assisted__say").first).to_contain_text("Karta: 2-5 dni roboczych.")
    page.get_by_label("Nie odebrano").check()
    page.get_by_label("Notatka").fill("poczta głosowa")
    page.get_by_role("button", name="Zapisz wynik").click()
    expect(page.get_by_text("następna próba dziś o 13:10")).to_be_visible()
    clock.at = MORNING


def test_a_manager_changes_hours_and_the_next_player_hears_it(open_page: Opener, address: str, clock: Clock) -> None:
    page = signed_in(open_page(f"{address}/desk?lang=pl"), "Jan")
    page.get_by_role("link", name="Godziny").click()
    card = page.get_by_role("region", name="Czat, po polsku")
    card.get_by_label("czwartek").fill("22-6")
    card.get_by_role("button", name="Zapisz").click()
    expect(card.get_by_text("Koniec jest przed początkiem")).to_be_visible()
    card.get_by_label("czwartek").fill("18-22")
    card.get_by_role("button", name="Zapisz").click()
    expect(card.get_by_text("Zapisane. Obowiązuje od tej chwili.")).to_be_visible()
    player = opened(open_page(f"{address}/?lang=pl"))
    say(player, "pytanie po zmianie")
    expect(log(player)).to_contain_text("wracają dziś o 18:00")
    card.get_by_label("czwartek").fill("8-24")
    card.get_by_role("button", name="Zapisz").click()
    expect(card.get_by_text("Zapisane. Obowiązuje od tej chwili.")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=["light-desktop", "dark-phone"])
def test_the_pages_have_no_problem_in_any_look(open_page: Opener, address: str, look: dict[str, object]) -> None:
    page = booking(open_page(f"{address}/?lang=pl", **look), f"sprawa {look['color_scheme']}")
    page.get_by_label("Numer telefonu").fill("112")
    page.get_by_role("button", name="Dalej").click()
    expect(page.get_by_text("Brakuje cyfr")).to_be_visible()
    assert problems(page) == []
    player = Player(address, lang="pl")
    body = {"slot_at": "2026-12-01T11:30:00Z", "number": "512 345 695", "topic": "o"}
    link = player.http.post("/conversations/current/callbacks", json=body).json()["url"]
    call = next(event["callback"] for event in player.events() if event["kind"] == "callback_booked")
    for path in ("/call-back?lang=pl", link):
        page.goto(f"{address}{path}")
        assert problems(page) == []
    page.goto(f"{address}/desk?lang=pl")
    signed_in(page, "Jan")
    for path in ("/desk/hours", "/desk/callbacks", f"/desk/callbacks/{call}"):
        page.goto(f"{address}{path}?lang=pl")
        assert problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert player.http.get(f"{address}{link}").status_code == 200
    assert player.http.post(f"{address}{link.partition('?')[0]}/cancel").status_code == 303
