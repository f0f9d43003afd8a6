"""The one line on somebody else's page: another origin, a strict policy, nothing left behind, little to load."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import Opener
from tests.fakes import fake_engine
from tests.serving import quick_settings, serving

SIZE_MAX = 40_000  # bytes over the wire, styles and one language included


class CasinoPage:
    """A page of its own origin that allows only what the chat needs."""

    def __init__(self) -> None:
        self.chat = ""
        self.tag = ""
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                socket = page.chat.replace("http", "ws", 1)
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header(
                    "Content-Security-Policy",
                    f"default-src 'none'; script-src {page.chat}; connect-src {page.chat} {socket}; "
                    "require-trusted-types-for 'script'; trusted-types krupier",
                )
                self.end_headers()
                self.wfile.write(f"<!doctype html><html lang=pl><title>Kasyno</title>{page.tag}<h1>Gry</h1>".encode())

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture(scope="module")
def casino(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CasinoPage]:
    """The casino's page, and the chat's server that knows its origin."""
    casino = CasinoPage()
    thread = threading.Thread(target=casino.server.serve_forever)
    thread.start()
    with serving(quick_settings(tmp_path_factory.mktemp("embedded"), origins=casino.address), fake_engine()) as chat:
        casino.chat = chat
        yield casino
    casino.server.shutdown()
    thread.join()
    casino.server.server_close()


def embedded(casino: CasinoPage, open_page: Opener, settings: str = "") -> Page:
    casino.tag = f'<script src="{casino.chat}/widget.js" data-lang="pl" {settings} async></script>'
    page = open_page(casino.address)
    page.get_by_role("button", name="Otwórz czat pomocy").click()
    return page


def test_a_strict_page_of_another_origin_gets_answers_with_their_sources(casino: CasinoPage, open_page: Opener) -> None:
    page = embedded(casino, open_page)
    page.get_by_label("Twoja wiadomość").fill("kiedy przyjdą pieniądze")
    page.keyboard.press("Enter")
    page.get_by_role("log").get_by_role("button", name="Ile trwa wypłata").click()

    expect(page.get_by_role("heading", name="Ile trwa wypłata")).to_be_visible()


def test_name_and_colours_are_settings_and_the_text_on_the_colour_can_be_read(
    casino: CasinoPage, open_page: Opener
) -> None:
    page = embedded(casino, open_page, 'data-name="Pomoc Lwa" data-color="#1b4d2e" data-theme="dark"')
    send = page.get_by_role("button", name="Wyślij")

    expect(page.get_by_role("dialog", name="Pomoc Lwa")).to_be_visible()
    expect(send).to_have_css("background-color", "rgb(27, 77, 46)")
    expect(send).to_have_css("color", "rgb(255, 255, 255)")
    expect(page.get_by_role("dialog")).to_have_css("color", "rgb(244, 239, 231)")


def test_nothing_is_left_on_the_page_but_one_element(casino: CasinoPage, open_page: Opener) -> None:
    casino.tag = ""
    before = set(open_page(casino.address).evaluate("Object.getOwnPropertyNames(window)"))
    page = embedded(casino, open_page)

    assert set(page.evaluate("Object.getOwnPropertyNames(window)")) == before
    assert page.evaluate("document.body.lastElementChild.matches('[data-krupier-chat]')")


def test_the_chat_is_small(casino: CasinoPage, open_page: Opener) -> None:
    casino.tag = ""
    page = open_page(casino.address)
    loaded: list[Response] = []

    def keep(response: Response) -> None:
        loaded.append(response)

    page.on("response", keep)
    casino.tag = f'<script src="{casino.chat}/widget.js" data-lang="pl" async></script>'
    page.reload()
    page.get_by_role("button", name="Otwórz czat pomocy").click()

    ours = [response for response in loaded if response.url.startswith(casino.chat)]
    assert len(ours) > 10
    assert sum(response.request.sizes()["responseBodySize"] for response in ours) < SIZE_MAX


def test_a_page_whose_origin_is_not_known_gets_no_conversation(open_page: Opener, tmp_path: object) -> None:
    casino = CasinoPage()
    thread = threading.Thread(target=casino.server.serve_forever)
    thread.start()
    with serving(quick_settings(tmp_path), fake_engine()) as chat:  # type: ignore[arg-type]
        casino.chat = chat
        page = embedded(casino, open_page)
        page.get_by_label("Twoja wiadomość").fill("kiedy przyjdą pieniądze")
        page.keyboard.press("Enter")

        expect(page.get_by_text("Brak połączenia")).to_be_visible()
        expect(page.get_by_text("czeka na wysłanie")).to_be_visible()
    casino.server.shutdown()
    thread.join()
    casino.server.server_close()
