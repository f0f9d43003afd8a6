"""The server is killed and started again while people talk: nothing is lost and nothing is doubled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.processes import server as started_server
from tests.browser.test_desk import history, reply, signed_in, taken, waiting_player
from tests.processes import Process
from tests.serving import messages


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Process]:
    """The demonstration in a process of its own."""
    started = started_server(tmp_path)
    yield started
    started.kill()


def test_what_the_player_writes_while_the_server_is_down_goes_out_once(open_page: Opener, server: Process) -> None:
    page = open_page(f"{server.address}/?lang=pl")
    page.get_by_role("button", name="Otwórz czat pomocy").click()
    field = page.get_by_label("Twoja wiadomość")
    field.fill("jesteś tam")
    field.press("Enter")
    expect(page.get_by_text("Dzień dobry, jestem asystentem.")).to_be_visible()
    server.kill()
    expect(page.get_by_text("Brak połączenia")).to_be_visible()
    for text in ("raz", "dwa", "kiedy przyjdą pieniądze"):
        field.fill(text)
        field.press("Enter")
    expect(page.get_by_text("czeka na wysłanie")).to_have_count(3)
    server.start()

    expect(page.get_by_text("Brak połączenia")).to_be_hidden()
    expect(page.get_by_text("czeka na wysłanie")).to_have_count(0)
    said = ["jesteś tam", "raz", "dwa", "kiedy przyjdą pieniądze"]
    expect(page.locator(".message--player .bubble")).to_have_text(said)
    page.reload()
    expect(page.locator(".message--player .bubble")).to_have_text(said)


def test_the_desk_comes_back_by_itself_and_both_sides_have_every_message_once(
    open_page: Opener, server: Process
) -> None:
    player = waiting_player(server.address, "przed przerwą")
    desk = taken(signed_in(open_page(f"{server.address}/desk?lang=pl"), "Anna"), "przed przerwą")
    reply(desk).fill("Już patrzę.")
    desk.keyboard.press("Enter")
    expect(history(desk).get_by_text("Już patrzę.")).to_be_visible()
    server.kill()
    expect(desk.get_by_text("Brak połączenia z serwerem")).to_be_visible()
    reply(desk).fill("Jeszcze chwila.")
    desk.keyboard.press("Enter")
    expect(desk.locator(".message--pending").get_by_text("Jeszcze chwila.")).to_be_visible()
    server.start()
    expect(desk.get_by_text("Brak połączenia z serwerem")).to_be_hidden()
    expect(desk.locator(".message--pending")).to_have_count(0)
    expect(history(desk).get_by_text("Jeszcze chwila.")).to_be_visible()
    player.say("po przerwie")

    expect(history(desk).get_by_text("po przerwie")).to_be_visible()
    assert [event["text"] for event in messages(player.events(), "consultant")] == ["Już patrzę.", "Jeszcze chwila."]
