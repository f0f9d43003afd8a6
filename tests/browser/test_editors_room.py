"""An editor's work in a real browser: written, seen, tried, published, answered by; stopped by the gate; taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.engine import open_engine
from api.staff.demonstration import DEMONSTRATION_STAFF
from tests.browser.accessibility import problems
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.built_base import copied_base
from tests.fakes import fake_engine
from tests.knowledge_base.samples import BODY, write_article, write_sound_base
from tests.serving import PATIENCE_SECONDS, quick_settings, serving

PASSWORDS = {account.name: (account.email, account.password) for account in DEMONSTRATION_STAFF}
ARTICLES = ("kept", "seen", "phrased", "fought", "offline", "looked-1", "looked-2")
LOOKS = [
    {"color_scheme": scheme, "viewport": size, "reduced_motion": "reduce"}
    for scheme, size in (("light", DESKTOP), ("dark", PHONE))
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration with an article for each test, and a bot that does not matter."""
    home = tmp_path_factory.mktemp("room")
    folder = write_sound_base(home / "kb")
    for article in ARTICLES:
        for language in ("pl", "en"):
            write_article(folder, article, language)
    with serving(quick_settings(home / "data", demo=True, knowledge_base=folder), fake_engine()) as started:
        yield started


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration with a real index of forty articles, made by a tiny model, that can be published anew."""
    settings = quick_settings(demo=True, **copied_base(tmp_path_factory.mktemp("published")))
    with serving(settings, open_engine(settings, lambda _: None)) as started:
        yield started


def entered(open_page: Opener, address: str, name: str, path: str = "", **look: Any) -> Page:
    """Somebody in the room, in Polish."""
    page = open_page(f"{address}/desk/sign-in?lang=pl", **look)
    email, password = PASSWORDS[name]
    page.get_by_label("Adres e-mail").fill(email)
    page.get_by_label("Hasło").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{address}/editor{path}?lang=pl")
    return page


def polish(page: Page, field: str) -> Any:
    """A field of the Polish side."""
    return page.locator(f"#pl-{field}")


def test_what_is_typed_is_saved_seen_and_kept(open_page: Opener, address: str) -> None:
    page = entered(open_page, address, "Zofia", "/articles/kept")
    seen = page.get_by_role("tabpanel").first
    expect(seen).to_contain_text("do 24\N{NO-BREAK SPACE}godzin")
    polish(page, "body").fill(f"{BODY['pl']} Nowe zdanie <b>tutaj</b>.")
    expect(seen).to_contain_text("Nowe zdanie <b>tutaj</b>.")
    expect(page.locator("[data-faults='pl.body']")).to_contain_text("wiersz 1: Surowy HTML")
    expect(page.locator("#saved")).to_contain_text("zapisano")
    page.reload()
    expect(polish(page, "body")).to_have_value(f"{BODY['pl']} Nowe zdanie <b>tutaj</b>.")
    polish(page, "body").fill(f"{BODY['pl']} Nowe zdanie.")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Zapisano wersję 2.")).to_be_visible()


def test_a_fact_is_put_in_by_name_and_shown_with_its_value_in_every_channel(open_page: Opener, address: str) -> None:
    page = entered(open_page, address, "Zofia", "/articles/seen")
    body = polish(page, "body")
    body.fill("Trwa to ")
    body.press("End")
    page.keyboard.press("Control+j")
    page.get_by_role("searchbox", name="Szukaj faktu").fill("24 godz")
    page.keyboard.press("Enter")
    expect(body).to_have_value("Trwa to {{ fact.payout_time }}")
    for tab in ("Strona", "Czat", "E-mail"):
        page.get_by_role("tab", name=tab).first.click()
        expect(page.get_by_role("tabpanel").first).to_contain_text("Trwa to 24\N{NO-BREAK SPACE}godziny")
    expect(page.get_by_role("link", name="payout_time: 24")).not_to_have_count(0)


def test_phrasings_are_a_list_that_warns_while_one_types(open_page: Opener, address: str) -> None:
    page = entered(open_page, address, "Zofia", "/articles/phrased")
    rows = page.locator("#text-pl .phrasing input")
    expect(rows).to_have_count(12)
    rows.last.press("Enter")
    page.keyboard.type("jaki jest status")
    expect(page.get_by_text("Bardzo podobne do „status mojej wypłaty”")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("pl phrased 0")
    expect(page.get_by_text("Prawie to samo co „pl phrased 0”").first).to_be_visible()
    page.locator("#text-pl").get_by_role("button", name="Usuń: pl phrased 1").first.click()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Zapisano wersję 2.")).to_be_visible()
    expect(rows.filter(visible=True)).to_have_count(12)


def test_two_editors_of_one_article_see_each_other_and_both_texts_stay(open_page: Opener, address: str) -> None:
    zofia = entered(open_page, address, "Zofia", "/articles/fought")
    olek = entered(open_page, address, "Olek", "/articles/fought")
    polish(zofia, "title").fill("Tytuł Zofii")
    expect(zofia.locator("#saved")).to_contain_text("zapisano")
    polish(olek, "title").fill("Tytuł Olka")
    expect(olek.get_by_text("Piszą tu teraz także: Zofia.")).to_be_visible()
    zofia.keyboard.press("Control+s")
    expect(zofia.get_by_text("Zapisano wersję 2.")).to_be_visible()
    polish(olek, "title").fill("Tytuł Olka!")
    expect(olek.get_by_text("Zofia zapisał(a) w tym czasie wersję 2.")).to_be_visible()
    olek.keyboard.press("Control+s")
    expect(olek.get_by_role("heading", name="Zofia zapisał(a) wersję 2")).to_be_visible()
    expect(polish(olek, "title")).to_have_value("Tytuł Olka!")
    olek.get_by_role("button", name="Weź ten tekst").click()
    expect(polish(olek, "title")).to_have_value("Tytuł Zofii")
    polish(olek, "title").fill("Tytuł obojga")
    olek.keyboard.press("Control+s")
    expect(olek.get_by_text("Zapisano wersję 3.")).to_be_visible()


def test_without_the_server_the_text_stays_in_the_browser_and_comes_back(open_page: Opener, address: str) -> None:
    page = entered(open_page, address, "Zofia", "/articles/offline")
    page.context.set_offline(True)
    polish(page, "title").fill("Tytuł z pociągu")
    expect(page.locator("#saved")).to_contain_text("tekst jest w tej przeglądarce")
    page.context.set_offline(False)
    page.reload()
    expect(polish(page, "title")).to_have_value("Tytuł z pociągu")
    expect(page.locator("#saved")).to_contain_text("zapisano")


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look['color_scheme']}-{look['viewport']['width']}")
def test_the_room_has_no_problem_on_any_page(open_page: Opener, address: str, look: dict[str, Any]) -> None:
    article = f"looked-{LOOKS.index(look) + 1}"
    page = entered(open_page, address, "Jan", f"/articles/{article}", **look)
    expect(page.get_by_role("tabpanel").first).to_contain_text("godzin")
    polish(page, "title").fill("Inny tytuł")
    page.locator("#keep").click()
    expect(page.get_by_text("Zapisano wersję 2.")).to_be_visible()
    every = (
        "", f"/articles/{article}", "/facts/payout_time", "/publish", f"/articles/{article}/versions/2", "/try",
        "/facts", "/articles/new", f"/articles/{article}/versions", "/facts/new", "/releases", "/releases/1", "/import",
        "/articles/none",
    )  # fmt: skip
    for path in every if look["color_scheme"] == "light" else every[:5]:
        page.goto(f"{address}/editor{path}?lang=pl")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert problems(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def asked(address: str, text: str) -> dict[str, Any]:
    """What the bot does with a question."""
    answer = httpx.post(f"{address}/api/v1/answers", json={"text": text}, timeout=PATIENCE_SECONDS)
    found: dict[str, Any] = answer.json()
    return found


def test_edited_tried_published_answered_by_and_taken_back(open_page: Opener, real: str) -> None:
    page = entered(open_page, real, "Zofia", "/articles/a-3")
    polish(page, "title").fill("Zupełnie nowy tytuł")
    page.locator("#text-pl .phrasing input").last.press("Enter")
    page.keyboard.type("zebra galopuje fioletowo")
    page.get_by_role("button", name="Wypróbuj").click()
    page.get_by_label("Pytanie").fill("zebra galopuje fioletowo")
    page.get_by_role("button", name="Zapytaj").click()
    sight = page.locator(".sight").last
    expect(sight).to_contain_text("Najbliższe sformułowanie: zebra galopuje fioletowo", timeout=60_000)
    expect(sight).to_contain_text("Wspólne słowa: zebra, galopuje, fioletowo")
    page.goto(f"{real}/editor/publish?lang=pl&article=a-3")
    page.get_by_role("button", name="Opublikuj zaznaczone").click()
    expect(page.get_by_role("heading", name="Opublikowane")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Treść jest bez błędów.")).to_be_visible()
    assert asked(real, "zebra galopuje fioletowo")["candidates"][0]["id"] == "a-3"
    article = f"{real}/api/v1/articles/a-3?lang=pl"
    assert httpx.get(article).json()["title"] == "Zupełnie nowy tytuł"
    page.goto(f"{real}/editor/releases/1?lang=pl")
    page.get_by_role("button", name="Wróć do tego wydania").click()
    expect(page.get_by_role("heading", name="Opublikowane")).to_be_visible(timeout=60_000)
    assert httpx.get(article).json()["title"] != "Zupełnie nowy tytuł"
    page.goto(f"{real}/editor?lang=pl&state=draft")
    expect(page.get_by_role("link", name="Zupełnie nowy tytuł")).to_be_visible()


def test_the_gate_stops_a_bad_text_until_a_manager_says_why(open_page: Opener, real: str) -> None:
    page = entered(open_page, real, "Zofia", "/articles/a-5")
    body = polish(page, "body")
    body.fill(f"{body.input_value()} <b>24</b>")
    page.get_by_role("button", name="Do publikacji").click()
    page.get_by_role("button", name="Opublikuj zaznaczone").click()
    expect(page.get_by_role("heading", name="Zatrzymane")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Surowy HTML")).to_be_visible()
    expect(page.get_by_text("Mimo to może opublikować tylko kierownik.")).to_be_visible()
    jan = entered(open_page, real, "Jan")
    jan.goto(page.url)
    jan.get_by_label("Kierownik może opublikować mimo to. Dlaczego?").fill("poprawka jutro")
    jan.get_by_role("button", name="Opublikuj mimo to").click()
    expect(jan.get_by_role("heading", name="Opublikowane")).to_be_visible(timeout=60_000)
    jan.goto(f"{real}/editor/releases?lang=pl")
    expect(jan.get_by_text("Opublikowano mimo zastrzeżeń: poprawka jutro")).to_be_visible()


def test_an_archived_article_is_never_seen_again(open_page: Opener, real: str) -> None:
    page = entered(open_page, real, "Zofia", "/articles/a-7")
    page.get_by_placeholder("Dlaczego do archiwum").fill("nieaktualne")
    page.get_by_role("button", name="Do archiwum").click()
    page.goto(f"{real}/editor/publish?lang=pl&article=a-7")
    page.get_by_role("button", name="Opublikuj zaznaczone").click()
    expect(page.get_by_role("heading", name="Opublikowane")).to_be_visible(timeout=60_000)
    assert httpx.get(f"{real}/api/v1/articles/a-7?lang=pl").status_code == 404
