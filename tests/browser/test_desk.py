"""A consultant's shift at the desk, in a real browser with a real server, with players on the other side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from api.staff.demonstration import DEMONSTRATION_STAFF
from tests.browser.conftest import PHONE, Opener
from tests.fakes import fake_engine
from tests.serving import Player, is_message, quick_settings, serving

MANY = 100_000
PASSWORDS = {account.name: (account.email, account.password) for account in DEMONSTRATION_STAFF}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration with a bot that answers from a table."""
    settings = quick_settings(
        tmp_path_factory.mktemp("desk"), demo=True, conversations_per_minute=MANY, messages_per_minute=MANY
    )
    with serving(settings, fake_engine()) as started:
        yield started


@pytest.fixture(scope="module")
def sessions() -> dict[str, Any]:
    """Cookies by name: everybody signs in once, as at the beginning of a shift."""
    return {}


Desks = Callable[..., Page]


@pytest.fixture
def desk_of(open_page: Opener, address: str, sessions: dict[str, Any]) -> Desks:
    """Opens somebody's desk."""

    def opener(name: str, view: str = "unassigned", **options: object) -> Page:
        if name in sessions:
            return open_page(f"{address}/desk?lang=pl&view={view}", storage_state=sessions[name], **options)
        page = signed_in(open_page(f"{address}/desk?lang=pl&view={view}", **options), name)
        sessions[name] = page.context.storage_state()
        return page

    return opener


@pytest.fixture
def desk(desk_of: Desks) -> Page:
    """Anna's desk."""
    return desk_of("Anna")


def signed_in(page: Page, name: str) -> Page:
    email, password = PASSWORDS[name]
    page.get_by_label("Adres e-mail").fill(email)
    page.get_by_label("Hasło").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Biurko", exact=True)).to_be_visible()
    expect(page.locator("[inert]")).to_have_count(0)
    return page


def waiting_player(address: str, *texts: str) -> Player:
    """A player who has said these things and waits for a person; the last text is theirs alone."""
    player = Player(address, lang="pl")
    for text in texts:
        player.say(text)
    player.until(lambda events: any(event["kind"] == "escalated" for event in events))
    return player


def row(page: Page, text: str) -> Locator:
    return page.locator("#rows").get_by_role("link").filter(has_text=text)


def taken(desk: Page, text: str) -> Page:
    row(desk, text).click()
    desk.get_by_role("button", name="Przejmij").click()
    expect(desk.get_by_role("button", name="Oddaj botowi")).to_be_visible()
    return desk


def history(page: Page) -> Locator:
    return page.get_by_role("log", name="Przebieg rozmowy")


def reply(page: Page) -> Locator:
    return page.get_by_label("Odpowiedź do gracza")


def test_a_wrong_password_is_told_and_a_right_one_opens_the_desk(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/desk?lang=pl")
    page.get_by_label("Adres e-mail").fill(PASSWORDS["Marek"][0])
    page.get_by_label("Hasło").fill("nie to hasło")
    page.get_by_role("button", name="Zaloguj się").click()
    expect(page.get_by_role("alert")).to_have_text("Adres albo hasło się nie zgadza.")
    signed_in(page, "Marek")
    page.get_by_role("button", name="Wyloguj, Marek").click()

    expect(page.get_by_role("heading", name="Biurko konsultanta")).to_be_visible()


def test_a_player_who_needs_a_person_appears_by_themselves_with_reason_language_and_a_running_clock(
    desk: Page, address: str
) -> None:
    waiting_player(address, "sprawa numer sto")

    expect(row(desk, "sprawa numer sto")).to_contain_text("brak pewnej odpowiedzi")
    expect(row(desk, "sprawa numer sto")).to_contain_text("PL")
    clock = row(desk, "sprawa numer sto").locator("[data-since]")
    expect(clock).to_have_text(re.compile(r"^0:\d\d$"))
    expect(clock).not_to_have_text("0:00")


def test_the_queue_is_searched_and_its_views_are_counted(desk: Page, address: str) -> None:
    waiting_player(address, "zaginiony przelew z banku")
    waiting_player(address, "dziwny ekran gry")
    desk.get_by_label("Szukaj w treści").fill("zaginiony")

    expect(row(desk, "zaginiony przelew")).to_be_visible()
    expect(row(desk, "dziwny ekran")).to_have_count(0)
    desk.get_by_label("Szukaj w treści").fill("")
    taken(desk, "dziwny ekran gry")
    desk.get_by_role("link", name=re.compile("^Moje")).click()
    expect(row(desk, "dziwny ekran gry")).to_be_visible()
    expect(row(desk, "zaginiony przelew")).to_have_count(0)


def test_the_bots_decisions_are_explained(desk: Page, address: str) -> None:
    waiting_player(address, "inna rzecz wcale").until_said("bot")
    row(desk, "inna rzecz wcale").click()
    desk.get_by_text("Dlaczego tak: przekazanie").click()

    expect(history(desk).get_by_text("brak pewnej odpowiedzi").first).to_be_visible()
    expect(history(desk)).to_contain_text("Pewność")


def test_a_draft_waits_and_one_key_inserts_it_and_enter_sends_it(desk: Page, address: str) -> None:
    player = waiting_player(address, "moja wypłata się spóźnia")
    taken(desk, "moja wypłata się spóźnia")
    draft = desk.get_by_role("region", name="Propozycje odpowiedzi").get_by_role("listitem").first
    expect(draft).to_contain_text("Ile trwa wypłata")
    expect(draft).to_contain_text("sprawdzone 23 listopada 2026")
    expect(draft).to_contain_text("Pewność 93%")
    desk.locator("#history").focus()
    desk.keyboard.press("1")
    expect(reply(desk)).to_have_value(re.compile("Wypłata składa się z dwóch etapów"))
    desk.keyboard.press("Enter")

    said = player.until_said("consultant")
    assert said[-1]["name"] == "Anna" or any(event.get("name") == "Anna" for event in said)
    expect(history(desk)).to_contain_text("Wysłano propozycję bez zmian")
    expect(desk.locator(".message--pending")).to_have_count(0)


def test_an_edited_draft_whose_figure_is_none_of_the_facts_is_stopped_until_it_is_meant(
    desk: Page, address: str
) -> None:
    player = waiting_player(address, "wypłata nie doszła")
    taken(desk, "wypłata nie doszła")
    desk.get_by_role("button", name="Wstaw").first.click()
    reply(desk).press("End")
    reply(desk).press_sequentially(" Najpóźniej za 96 godzin.")
    expect(desk.get_by_role("alert")).to_contain_text("96")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Wyślij mimo to").click()

    player.until_said("consultant")
    expect(history(desk)).to_contain_text("Wysłano propozycję po poprawkach")
    expect(history(desk)).to_contain_text("liczba inna niż w artykule")


def test_a_draft_is_dismissed_with_a_reason(desk: Page, address: str) -> None:
    waiting_player(address, "coś zupełnie innego niż wypłata")
    taken(desk, "coś zupełnie innego")
    desk.get_by_label("Odrzuć: Ile trwa wypłata").select_option("wrong_article")

    expect(history(desk)).to_contain_text("Odrzucono propozycję: nie ten artykuł")
    expect(desk.get_by_role("region", name="Propozycje odpowiedzi")).to_contain_text("odrzucona")


def test_a_message_that_comes_while_one_looks_is_there_at_once_with_the_player_typing_before(
    desk: Page, address: str
) -> None:
    player = waiting_player(address, "czekam przy oknie")
    taken(desk, "czekam przy oknie")
    with player.socket() as socket:
        socket.send(type="typing", is_typing=True)
        expect(desk.get_by_text("Gracz pisze…")).to_be_visible()
        player.say("<b>jeszcze</b> jedno")

        expect(history(desk).get_by_text("<b>jeszcze</b> jedno")).to_be_visible()
        expect(desk.get_by_text("Gracz pisze…")).to_be_hidden()
        reply(desk).press_sequentially("Ju")
        socket.until("typing", lambda frame: frame["author"] == "consultant" and frame["is_typing"])
        reply(desk).press_sequentially("ż patrzę")
        desk.keyboard.press("Enter")
        said = socket.until_event(is_message("consultant"))
    assert said["text"] == "Już patrzę"


def test_a_note_stays_inside_and_looks_like_none_of_the_messages(desk: Page, address: str) -> None:
    player = waiting_player(address, "notatka o mnie")
    taken(desk, "notatka o mnie")
    desk.locator("#history").focus()
    desk.keyboard.press("n")
    expect(desk.get_by_label("Notatka", exact=True)).to_be_focused()
    desk.keyboard.type("<script>1</script> sprawdzone w panelu")
    desk.keyboard.press("Enter")

    expect(history(desk).get_by_text("<script>1</script> sprawdzone w panelu")).to_be_visible()
    assert all(event["kind"] != "note" for event in player.events())


def test_tags_are_added_and_removed(desk: Page, address: str) -> None:
    waiting_player(address, "do oznaczenia")
    taken(desk, "do oznaczenia")
    desk.get_by_label("Dodaj etykietę").fill("przelew")
    desk.keyboard.press("Enter")
    expect(history(desk)).to_contain_text("Etykiety: przelew")
    desk.get_by_role("button", name="Usuń etykietę przelew").click()

    expect(history(desk)).to_contain_text("Etykiety: –")
    expect(desk.get_by_role("button", name="Usuń etykietę przelew")).to_have_count(0)


def test_a_canned_reply_is_found_by_its_shortcut(desk: Page, address: str) -> None:
    waiting_player(address, "gotowy tekst proszę")
    taken(desk, "gotowy tekst proszę")
    reply(desk).press_sequentially("/")
    options = desk.get_by_role("listbox", name="Gotowe teksty").get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Enter")

    expect(options).to_have_count(0)
    expect(reply(desk)).to_have_value(re.compile(r"\w{3}"))


def test_an_article_is_found_and_its_text_inserted_without_leaving_the_chat(desk: Page, address: str) -> None:
    waiting_player(address, "szukam artykułu")
    taken(desk, "szukam artykułu")
    desk.locator("#history").focus()
    desk.keyboard.press("/")
    expect(desk.get_by_role("searchbox", name="Szukaj w artykułach")).to_be_focused()
    desk.keyboard.type("wypłata")
    expect(desk.locator("#found").get_by_text("Ile trwa wypłata")).to_be_visible()  # the only one, so it is open
    desk.get_by_role("button", name="Wstaw treść").first.click()

    expect(reply(desk)).to_have_value(re.compile("dwóch etapów"))


def test_what_is_half_written_is_there_again_after_looking_at_another_conversation(desk: Page, address: str) -> None:
    waiting_player(address, "pierwsza rozmowa")
    waiting_player(address, "druga rozmowa")
    taken(desk, "pierwsza rozmowa")
    reply(desk).fill("niedokończ")
    desk.get_by_role("link", name=re.compile("^Wszystkie")).click()
    row(desk, "druga rozmowa").click()
    expect(desk.get_by_role("button", name="Przejmij")).to_be_visible()
    desk.go_back()

    expect(reply(desk)).to_have_value("niedokończ")


def test_colleagues_see_who_looks_and_only_one_takes(desk: Page, desk_of: Desks, address: str) -> None:
    waiting_player(address, "kto pierwszy")
    other = desk_of("Marek")
    row(desk, "kto pierwszy").click()
    row(other, "kto pierwszy").click()
    expect(desk.get_by_text("Patrzą też: Marek")).to_be_visible()
    desk.get_by_role("button", name="Przejmij").click()
    expect(desk.get_by_role("button", name="Oddaj botowi")).to_be_visible()

    expect(other.get_by_role("button", name="Przejmij")).to_have_count(0)
    expect(other.get_by_text("Pisać może tylko osoba, która prowadzi rozmowę.")).to_be_visible()


def test_a_conversation_is_transferred_and_handed_back(desk: Page, desk_of: Desks, address: str) -> None:
    player = waiting_player(address, "proszę przekazać")
    other = desk_of("Marek", view="mine")
    taken(desk, "proszę przekazać")
    desk.get_by_role("button", name="Przekaż").click()
    desk.get_by_label("Osoba").select_option(label="Marek (przy biurku)")
    desk.get_by_role("dialog").get_by_role("button", name="Przekaż").click()
    row(other, "proszę przekazać").click()
    expect(history(other)).to_contain_text("Marek prowadzi rozmowę (przekazał(a): Anna)")
    other.get_by_role("button", name="Oddaj botowi").click()

    expect(history(other)).to_contain_text("Znowu odpowiada bot")
    assert player.state()["conversation"]["status"] == "bot"


def test_a_conversation_is_closed_with_its_outcome_and_found_among_the_closed(desk: Page, address: str) -> None:
    waiting_player(address, "można zamknąć")
    taken(desk, "można zamknąć")
    desk.locator("#history").focus()
    desk.keyboard.press("c")
    desk.get_by_label("przekazane dalej").check()
    desk.get_by_role("dialog").get_by_role("button", name="Zamknij").click()

    expect(history(desk)).to_contain_text("Zamknięta: przekazane dalej")
    expect(desk.get_by_text("Rozmowa jest zamknięta.")).to_be_visible()
    desk.locator("#history").focus()
    desk.keyboard.press("Shift+Digit5")
    expect(row(desk, "można zamknąć")).to_be_visible()


def test_the_queue_is_walked_and_a_conversation_opened_and_taken_by_keyboard_alone(desk: Page, address: str) -> None:
    waiting_player(address, "tylko klawiatura")
    desk.get_by_label("Szukaj w treści").fill("tylko klawiatura")
    expect(desk.locator("#rows").get_by_role("link")).to_have_count(1)
    desk.keyboard.press("Escape")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Przejmij")).to_be_visible()
    desk.keyboard.press("t")
    expect(reply(desk)).to_be_focused()
    desk.keyboard.press("Escape")
    desk.keyboard.press("?")

    expect(desk.get_by_role("dialog", name="Skróty klawiszowe")).to_be_visible()


def test_the_desk_is_usable_on_a_phone(desk_of: Desks, address: str) -> None:
    waiting_player(address, "z telefonu")
    page = desk_of("Anna", viewport=PHONE)
    taken(page, "z telefonu")
    reply(page).fill("Dzień dobry")
    page.get_by_role("button", name="Wyślij", exact=True).click()
    expect(history(page).get_by_text("Dzień dobry", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Kolejka").click()

    expect(page.get_by_label("Szukaj w treści")).to_be_visible()


def test_who_is_not_signed_in_sees_only_the_sign_in(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/desk/conversations/c_1?lang=pl")

    expect(page.get_by_role("heading", name="Biurko konsultanta")).to_be_visible()


def test_a_draft_is_put_behind_what_is_already_written_and_can_be_taken_back(desk: Page, address: str) -> None:
    waiting_player(address, "najpierw moje zdanie")
    taken(desk, "najpierw moje zdanie")
    reply(desk).press_sequentially("Moje zdanie.")
    desk.get_by_role("button", name="Wstaw").first.click()
    expect(reply(desk)).to_have_value(re.compile(r"^Moje zdanie\.\n\n.*dwóch etapów", re.DOTALL))
    reply(desk).press("Control+z")

    expect(reply(desk)).to_have_value("Moje zdanie.")


def test_sound_and_notifications_are_off_until_they_are_switched_on(desk: Page) -> None:
    desk.context.grant_permissions(["notifications"])
    for name in ("Dźwięk", "Powiadomienia"):
        switch = desk.get_by_role("button", name=name)
        expect(switch).to_have_attribute("aria-pressed", "false")
        switch.click()
        expect(switch).to_have_attribute("aria-pressed", "true")
    desk.reload()

    expect(desk.get_by_role("button", name="Dźwięk")).to_have_attribute("aria-pressed", "true")


def test_a_draft_chosen_before_taking_is_in_the_field_after_it(desk: Page, address: str) -> None:
    waiting_player(address, "najpierw propozycja")
    row(desk, "najpierw propozycja").click()
    desk.get_by_role("button", name="Wstaw").first.click()
    expect(desk.get_by_text("Pisać może tylko osoba, która prowadzi rozmowę.").first).to_be_visible()
    desk.get_by_role("button", name="Przejmij").click()

    expect(reply(desk)).to_have_value(re.compile("dwóch etapów"))
    expect(desk.get_by_text("Z propozycji: Ile trwa wypłata")).to_be_visible()


def test_the_waiting_clock_follows_the_server_whatever_the_browsers_clock_shows(
    open_page: Opener, desk: Page, sessions: dict[str, Any], address: str
) -> None:
    waiting_player(address, "zegar spóźniony o lata")
    page = open_page("about:blank", storage_state=sessions["Anna"])
    page.clock.install(time="2020-01-01T00:00:00Z")
    page.goto(f"{address}/desk?lang=pl")

    expect(row(page, "zegar spóźniony").locator("[data-since]")).to_have_text(re.compile(r"^0:\d\d$"))


def test_colleagues_see_who_is_typing(desk: Page, desk_of: Desks, address: str) -> None:
    waiting_player(address, "kto pisze")
    other = desk_of("Marek")
    row(other, "kto pisze").click()
    taken(desk, "kto pisze")
    reply(desk).press_sequentially("Dzień dobry")

    expect(other.get_by_text("Anna pisze…")).to_be_visible()


def test_earlier_conversations_of_the_same_player_are_a_click_away(desk: Page, address: str) -> None:
    first = waiting_player(address, "pierwsza sprawa gracza")
    first.http.post("/conversations/current/end")
    second = Player(address, lang="pl", previous=first.token)
    second.say("druga sprawa tego gracza")
    second.until(lambda events: any(event["kind"] == "escalated" for event in events))
    row(desk, "druga sprawa tego gracza").click()
    desk.locator(".earlier").get_by_role("link", name="pierwsza sprawa gracza").click()

    expect(history(desk).get_by_text("pierwsza sprawa gracza")).to_be_visible()
    expect(history(desk)).to_contain_text("Gracz zakończył rozmowę")
