"""Figures of an edited draft against the figures of its facts."""

from __future__ import annotations

import pytest

from api.suggestions.figures import figures_in, strange_figures

FACTS = "Wypłata trwa do 24 godzin, karta 2–5 dni roboczych, od 20 zł do 10 000 zł, zwrot 12,5%."


@pytest.mark.parametrize(
    "text",
    [
        FACTS,
        "To potrwa 24 godziny.",
        "Od 20 zł do 10000 zł.",
        "2-5 dni roboczych",
        "Zwrot to 12,50 %.",
        "Bez liczb.",
        "1. Wejdź na konto.\n2. Kliknij Wypłata.\n3. Poczekaj 24 godziny.",
        "Pana 24 w pytaniu",
    ],
)
def test_what_the_facts_say_is_not_flagged_however_it_is_written(text: str) -> None:
    assert strange_figures(text, [FACTS]) == []


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("To potrwa 48 godzin.", ["48 godzin"]),
        ("To potrwa 24 dni.", ["24 dni"]),
        ("Karta: 2–7 dni roboczych.", ["7 dni roboczych"]),
        ("Najmniej 20 godzin.", ["20 godzin"]),
        ("Do 100 000 zł.", ["100 000 zł"]),
        ("Zwrot 12%.", ["12 %"]),
        ("48 godzin i jeszcze raz 48 godzin", ["48 godzin"]),
    ],
)
def test_a_figure_that_is_no_facts_figure_is_flagged(text: str, flagged: list[str]) -> None:
    assert strange_figures(text, [FACTS]) == flagged


def test_english_money_and_thousands() -> None:
    facts = "From PLN 20 to PLN 10,000 within 24 hours."
    assert strange_figures("PLN 10,000 in 24 hours", [facts]) == []
    assert strange_figures("PLN 10,500", [facts]) == ["10,500 PLN"]


def test_the_players_own_figures_may_be_repeated() -> None:
    assert strange_figures("Te 350 zł wróci w 24 godziny.", [FACTS, "gdzie moje 350 zł"]) == []


def test_a_range_has_two_figures_of_one_unit() -> None:
    assert [(f.number, f.unit) for f in figures_in("2–5 dni roboczych")] == [
        ("2", "business_day"),
        ("5", "business_day"),
    ]
