"""A manager changes the hours on the desk's page; it holds at once, and whoever looks is told the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from api.hours.pages import VIEWS
from api.html.views import FRAMES, Views
from api.opening.wall_clock import WARSAW
from knowledge_base.article import Language
from tests.serving import Consultant, quick_settings, serving

NOON = datetime(2026, 11, 26, 12, tzinfo=WARSAW)
WEEK = {f"day{day}": "8-16" for day in range(7)} | {"holidays": "", "capacity": "2"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(quick_settings(tmp_path_factory.mktemp("hours"), demo=True), now=lambda: NOON.astimezone(UTC)) as it:
        yield it


@pytest.fixture(scope="module")
def jan(address: str) -> httpx.Client:
    return Consultant(address, "Jan").http


def contact(address: str, lang: str = "pl") -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = httpx.get(f"{address}/api/v1/contact?lang={lang}").json()
    return found


def version(page: str, card: str) -> str:
    found = re.search(rf'action="/desk/hours/{card}\?.*?name="version" value="(\d+)"', page, re.DOTALL)
    assert found is not None
    return found[1]


def post(client: httpx.Client, card: str, **typed: str) -> httpx.Response:
    page = client.get("/desk/hours?lang=pl").text
    return client.post(f"/desk/hours/{card}?lang=pl", data=WEEK | {"version": version(page, card)} | typed)


def test_the_phone_is_shown_with_its_hours_and_not_as_open_when_it_is_closed(address: str) -> None:
    phone = contact(address)["phone"]
    assert (phone["number"], phone["dialled"], phone["is_open"]) == ("22 555 01 00", "+48225550100", True)
    assert phone["changes"] == "dziś o 20:00"
    assert phone["lines"] == ["poniedziałek–piątek 9:00–20:00", "sobota, niedziela nieczynne", "święta nieczynne"]


def test_a_change_holds_at_once_for_its_language_and_says_who_made_it(address: str, jan: httpx.Client) -> None:
    answer = post(jan, "phone/en", day3="13-14")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/hours?lang=pl&saved=phone-en#phone-en")
    phone = contact(address, "en")["phone"]
    assert (phone["is_open"], phone["changes"]) == (False, "today at 13:00")
    assert contact(address, "pl")["phone"]["is_open"] is True
    page = jan.get("/desk/hours?lang=pl&saved=phone-en").text
    assert "Zapisane. Obowiązuje od tej chwili." in page
    assert "<strong>Jan</strong>, 26 listopada 2026 12:00: Telefon, po angielsku" in page
    assert "czwartek: 9:00–20:00 → 13:00–14:00" in page
    assert "Artykuły pomocy podają co innego" in page


def test_wrong_hours_are_told_beside_the_field_and_nothing_typed_is_lost(jan: httpx.Client, address: str) -> None:
    before = contact(address)["chat"]["lines"]
    answer = post(jan, "chat/pl", day0="22-6", day1="od rana", day2="7-15", capacity="2")
    assert answer.status_code == 422
    assert "Koniec jest przed początkiem" in answer.text
    assert "Nie rozumiem tych godzin" in answer.text
    for typed in ("22-6", "od rana", "7-15"):
        assert f'value="{typed}"' in answer.text
    assert contact(address)["chat"]["lines"] == before
    for capacity in ("0", "-1", "99", "1e3", "²", ""):
        assert "liczbę od 1 do 50" in post(jan, "phone/pl", capacity=capacity).text


def test_who_saves_over_a_colleagues_change_is_told(jan: httpx.Client) -> None:
    old = version(jan.get("/desk/hours").text, "chat/en")
    assert post(jan, "chat/en", day0="9-17").status_code == 303
    answer = jan.post("/desk/hours/chat/en?lang=pl", data=WEEK | {"version": old, "day0": "11-12"})
    assert answer.status_code == 409
    assert "Ktoś zmienił te godziny" in answer.text
    assert 'value="11-12"' in answer.text
    assert jan.post("/desk/hours/chat/en", data=WEEK | {"version": "x", "day0": "1-2"}).status_code == 409


def test_a_day_of_its_own_is_added_for_both_languages_and_taken_back(jan: httpx.Client, address: str) -> None:
    day = {"date": "26.11.2026", "hours": "10-11", "channel": "phone", "language": "both", "note": "<b>szkolenie</b>"}
    assert jan.post("/desk/hours/days?lang=pl", data=day).status_code == 303
    assert contact(address)["phone"]["is_open"] is False
    page = jan.get("/desk/hours?lang=pl").text
    assert "&lt;b&gt;szkolenie&lt;/b&gt;" in page
    gone = {"date": "2026-11-26", "channel": "phone", "language": "pl"}
    assert jan.post("/desk/hours/days/remove?lang=pl", data=gone).status_code == 303
    assert contact(address)["phone"]["is_open"] is True


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"date": "2027-02-30"}, "Takiej daty nie ma"),
        ({"date": "jutro"}, "Takiej daty nie ma"),
        ({"date": "2026-11-25"}, "już minęła"),
        ({"date": "2036-11-25"}, "dalej niż za dwa lata"),
        ({"date": "2026-12-24", "hours": "8-25"}, "Takiej godziny nie ma"),
        ({"date": "2026-12-24", "note": "x" * 81}, "80 znaków"),
        ({"date": "2026-12-24", "channel": "fax"}, "Wybierz kanał"),
    ],
)
def test_an_impossible_day_is_refused_with_what_is_wrong(jan: httpx.Client, typed: dict[str, str], said: str) -> None:
    answer = jan.post("/desk/hours/days?lang=pl", data={"channel": "chat", "language": "pl", "hours": ""} | typed)
    assert answer.status_code == 422
    assert said in answer.text


def test_others_read_and_only_a_manager_changes(address: str) -> None:
    anna = Consultant(address, "Anna").http
    page = anna.get("/desk/hours?lang=pl").text
    assert "Godziny zmienia kierownik" in page
    assert '<form method="post" action="/desk/hours' not in page
    assert anna.post("/desk/hours/chat/pl", data=WEEK).status_code == 403
    nobody = httpx.Client(base_url=address)
    assert nobody.get("/desk/hours").headers["location"] == "/desk/sign-in?lang=pl"
    assert nobody.post("/desk/hours/chat/pl", data=WEEK).status_code == 401


@pytest.mark.parametrize("views", [VIEWS, Views(FRAMES)])
def test_both_languages_say_the_same_things(views: Views) -> None:
    def keys(texts: object) -> object:
        return {name: keys(value) for name, value in texts.items()} if isinstance(texts, dict) else None

    assert keys(views.texts(Language.PL)) == keys(views.texts(Language.EN))
