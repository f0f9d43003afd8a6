"""Letters in a browser: written at /contact and in the chat, answered at the desk, with their clock."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.staff.demonstration import DEMONSTRATION_STAFF
from bot.decision import Action, Reason
from tests.browser.accessibility import problems
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.fakes import ANSWER, DECISIONS, FakeBot, decision, fake_engine
from tests.serving import quick_settings, serving

QUESTION = "kiedy przyjdą pieniądze"
ESCALATE = decision(
    Action.ESCALATE, Reason.ACCOUNT_SPECIFIC, "To sprawdzi człowiek.", candidates=ANSWER.candidates, confidence=0.6
)
SIZES = [DESKTOP, PHONE]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration, which keeps what it sends in a folder."""
    bot = FakeBot(decisions=dict(DECISIONS) | {"gdzie jest moja wypłata": ESCALATE})
    with serving(quick_settings(tmp_path_factory.mktemp("letters"), demo=True), fake_engine(bot)) as started:
        yield started


def write(address: str, subject: str, text: str = "gdzie jest moja wypłata") -> None:
    """A letter by the form, as a program would send it."""
    body = {"client_id": secrets.token_hex(8), "email": "jan@poczta.example", "name": "Jan",
            "subject": subject, "text": text, "lang": "pl"}  # fmt: skip
    assert httpx.post(f"{address}/api/v1/contact/messages", json=body, timeout=30).status_code == 201


def signed_in(open_page: Opener, address: str, name: str, **options: Any) -> Page:
    account = next(each for each in DEMONSTRATION_STAFF if each.name == name)
    page = open_page(f"{address}/desk/sign-in?lang=pl", **options)
    page.get_by_label("Adres e-mail").fill(account.email)
    page.get_by_label("Hasło").fill(account.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Biurko", exact=True)).to_be_visible()
    return page


def letter(open_page: Opener, address: str, subject: str, **options: Any) -> Page:
    """A letter that Anna has taken from the view of letters."""
    write(address, subject)
    page = signed_in(open_page, address, "Anna", **options)
    page.goto(f"{address}/desk?lang=pl&view=mail")
    expect(page.locator("[inert]")).to_have_count(0)
    page.locator("#rows").get_by_role("link").filter(has_text=subject).click()
    page.get_by_role("button", name="Przejmij").click()
    expect(page.get_by_label("Temat")).to_be_visible()
    return page


def is_narrow(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_letter_is_answered_from_a_draft_with_another_subject_by_ctrl_enter(open_page: Opener, address: str) -> None:
    page = letter(open_page, address, "Wypłata z wtorku")
    expect(page.locator("#head .due")).to_contain_text(re.compile(r"2[34] h"))
    page.locator(".draft").first.get_by_role("button", name="Wstaw").click()
    field = page.get_by_role("textbox", name="Odpowiedź do gracza")
    expect(field).to_have_value(re.compile("Wypłata składa się z dwóch etapów"))
    page.get_by_label("Temat").fill("Pana wypłata: 24 godziny")
    field.press("Control+End")
    field.press("Enter")
    page.keyboard.type("Miłego dnia")
    expect(field).to_have_value(re.compile(r"\nMiłego dnia$"))
    field.press("Control+Enter")
    sent = page.locator(".message--consultant")
    expect(sent).to_contain_text("Miłego dnia")
    expect(sent).to_contain_text("Pana wypłata: 24 godziny")
    expect(field).to_have_value("")
    expect(page.locator("#head .due")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
def test_an_open_letter_is_accessible_and_no_wider_than_the_screen(
    open_page: Opener, address: str, size: dict[str, int]
) -> None:
    page = letter(open_page, address, f"Szerokość {size['width']}", viewport=size)
    assert problems(page) == []
    assert is_narrow(page)


@pytest.mark.parametrize("size", SIZES)
def test_the_form_keeps_what_was_typed_when_it_refuses(open_page: Opener, address: str, size: dict[str, int]) -> None:
    page = open_page(f"{address}/contact?lang=pl", viewport=size)
    assert problems(page) == []
    assert is_narrow(page)
    page.get_by_label("Twój adres e-mail").fill("jan@poczta")  # the browser takes it, we do not
    page.get_by_label("Temat").fill("Wypłata")
    page.get_by_label("Wiadomość").fill("Gdzie są moje pieniądze?")
    page.get_by_role("button", name="Wyślij").click()
    expect(page.get_by_role("alert")).to_contain_text("Nic z tego, co wpisano, nie zginęło")
    expect(page.get_by_label("Wiadomość")).to_have_value("Gdzie są moje pieniądze?")
    expect(page.get_by_label("Temat")).to_have_value("Wypłata")
    page.get_by_label("Twój adres e-mail").fill("jan@poczta.example")
    page.get_by_role("button", name="Wyślij").click()
    expect(page.get_by_role("heading", name="Wiadomość dotarła")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("jan@poczta.example")


@pytest.mark.parametrize("size", SIZES)
def test_what_was_said_in_the_chat_is_carried_into_a_letter(
    open_page: Opener, address: str, size: dict[str, int]
) -> None:
    page = open_page(f"{address}/?lang=pl", viewport=size)
    page.get_by_role("button", name="Otwórz czat pomocy").click()
    page.get_by_label("Twoja wiadomość").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log", name="Rozmowa")).to_contain_text("Wypłata składa się z dwóch etapów")
    page.get_by_role("button", name="Napisz e-mail").click()
    expect(page.get_by_role("heading", name="Napisz do nas")).to_be_visible()
    expect(page.get_by_label("Wiadomość", exact=True)).to_have_value(QUESTION)
    assert problems(page) == []
    assert is_narrow(page)
    page.get_by_label("Twój adres e-mail").fill("jan@poczta.example")
    page.locator("form.mail").get_by_role("button", name="Wyślij").click()
    expect(page.get_by_role("heading", name="Wiadomość dotarła")).to_be_visible()
    page.get_by_role("button", name="Wróć do rozmowy").click()
    expect(page.get_by_label("Twoja wiadomość")).to_be_focused()


def test_the_chat_can_be_sent_by_mail_once_it_has_ended(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/?lang=pl")
    page.get_by_role("button", name="Otwórz czat pomocy").click()
    page.get_by_label("Twoja wiadomość").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log", name="Rozmowa")).to_contain_text("Wypłata składa się z dwóch etapów")
    page.get_by_role("button", name="Zakończ rozmowę").click()
    page.get_by_role("button", name="Zakończ", exact=True).click()
    page.get_by_role("button", name="Zapis rozmowy na e-mail").click()
    page.get_by_label("Adres e-mail", exact=True).fill("jan@poczta.example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Zapis rozmowy idzie na jan@poczta.example.")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_the_managers_page_of_letters_is_accessible(open_page: Opener, address: str, size: dict[str, int]) -> None:
    write(address, f"Dla kierownika {size['width']}")
    page = signed_in(open_page, address, "Jan", viewport=size)
    page.goto(f"{address}/desk/letters?lang=pl")
    expect(page.get_by_role("heading", name="Odpowiedzi obiecane i dotrzymane")).to_be_visible()
    assert problems(page) == []
    assert is_narrow(page)
