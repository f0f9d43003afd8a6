"""How facts read in sentences; every expected text is written by hand."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.article import Language
from knowledge_base.formatting import INFLECTED_UNITS, format_number, format_value, hyphenated

PL, EN = Language.PL, Language.EN


def plain(text: str) -> str:
    """With plain spaces, so that expected texts can be read."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("case", "number", "expected"),
    [
        ("nom", 0, "0 godzin"),
        ("nom", 1, "1 godzina"),
        ("nom", 2, "2 godziny"),
        ("nom", 5, "5 godzin"),
        ("nom", 12, "12 godzin"),
        ("nom", 21, "21 godzin"),
        ("nom", 22, "22 godziny"),
        ("nom", 112, "112 godzin"),
        ("nom", 1.5, "1,5 godziny"),
        ("gen", 1, "1 godziny"),
        ("gen", 2, "2 godzin"),
        ("gen", 5, "5 godzin"),
        ("gen", 12, "12 godzin"),
        ("gen", 22, "22 godzin"),
        ("gen", 0.5, "0,5 godziny"),
        ("loc", 1, "1 godzinie"),
        ("loc", 2, "2 godzinach"),
        ("loc", 5, "5 godzinach"),
        ("loc", 12, "12 godzinach"),
        ("loc", 22, "22 godzinach"),
        ("loc", 2.5, "2,5 godziny"),
    ],
)
def test_polish_hours_agree_with_their_number(case: str, number: float, expected: str) -> None:
    assert plain(format_value(number, "hour", PL, case)) == expected


@pytest.mark.parametrize(
    ("unit", "number", "nominative", "genitive", "locative"),
    [
        ("year", 1, "1 rok", "1 roku", "1 roku"),
        ("year", 3, "3 lata", "3 lat", "3 latach"),
        ("year", 18, "18 lat", "18 lat", "18 latach"),
        ("business_day", 1, "1 dzień roboczy", "1 dnia roboczego", "1 dniu roboczym"),
        ("business_day", 4, "4 dni robocze", "4 dni roboczych", "4 dniach roboczych"),
        ("business_day", 14, "14 dni roboczych", "14 dni roboczych", "14 dniach roboczych"),
        ("spin", 50, "50 darmowych spinów", "50 darmowych spinów", "50 darmowych spinach"),
        ("week", 6, "6 tygodni", "6 tygodni", "6 tygodniach"),
    ],
)
def test_polish_units_of_several_kinds_are_inflected(
    unit: str, number: int, nominative: str, genitive: str, locative: str
) -> None:
    shown = [plain(format_value(number, unit, PL, case)) for case in ("nom", "gen", "loc")]
    assert shown == [nominative, genitive, locative]


@pytest.mark.parametrize(
    ("number", "expected"), [(1, "1 hour"), (2, "2 hours"), (1.5, "1.5 hours"), (0, "0 hours"), (1000, "1,000 hours")]
)
def test_english_has_one_and_other_in_every_case(number: float, expected: str) -> None:
    assert {plain(format_value(number, "hour", EN, case)) for case in ("nom", "gen", "loc")} == {expected}


def test_a_whole_number_written_with_a_decimal_point_counts_as_whole() -> None:
    assert plain(format_value(1.0, "hour", PL)) == "1 godzina"
    assert plain(format_value(5.0, "hour", PL)) == "5 godzin"
    assert plain(format_value(1.0, "hour", EN)) == "1 hour"


@pytest.mark.parametrize(
    ("value", "polish", "english"),
    [
        (0, "0 zł", "PLN 0"),
        (20, "20 zł", "PLN 20"),
        (0.4, "0,40 zł", "PLN 0.40"),
        (49.99, "49,99 zł", "PLN 49.99"),
        (1000, "1 000 zł", "PLN 1,000"),
        (1234567.5, "1 234 567,50 zł", "PLN 1,234,567.50"),
        ([20, 5000], "20–5 000 zł", "PLN 20–5,000"),
    ],
)
def test_money_has_two_decimals_or_none(value: object, polish: str, english: str) -> None:
    assert (plain(format_value(value, "pln", PL)), plain(format_value(value, "pln", EN))) == (polish, english)


@pytest.mark.parametrize(
    ("value", "unit", "polish", "english"),
    [
        (96.5, "percent", "96,5%", "96.5%"),
        (35, "multiplier", "35×", "35×"),
        (10, "megabyte", "10 MB", "10 MB"),
        (10000, "count", "10 000", "10,000"),
        ("12:00", "clock", "12:00", "12:00"),
        (["8:00", "24:00"], "clock", "8:00–24:00", "8:00–24:00"),
        ("116 123", "phone", "116 123", "116 123"),
        (date(2026, 11, 3), "date", "3 listopada 2026", "3 November 2026"),
        ({"pl": "od razu", "en": "at once"}, "text", "od razu", "at once"),
    ],
)
def test_plain_units_read_the_same_in_every_case(value: object, unit: str, polish: str, english: str) -> None:
    for language, expected in ((PL, polish), (EN, english)):
        assert {plain(format_value(value, unit, language, case)) for case in ("nom", "gen", "loc")} == {expected}


def test_a_range_agrees_with_its_higher_end() -> None:
    assert plain(format_value([1, 3], "business_day", PL)) == "1–3 dni robocze"
    assert plain(format_value([1, 5], "business_day", PL)) == "1–5 dni roboczych"
    assert plain(format_value([1, 3], "business_day", PL, "loc")) == "1–3 dniach roboczych"
    assert plain(format_value([0, 1], "day", EN)) == "0–1 day"
    assert plain(format_value([1, 2], "day", EN)) == "1–2 days"


def test_a_number_never_parts_from_its_unit_at_the_end_of_a_line() -> None:
    shown = [format_value(12000, unit, language) for unit in ("hour", "pln", "megabyte") for language in Language]
    assert [text for text in shown if any(c.isspace() and c != "\N{NO-BREAK SPACE}" for c in text)] == []


def test_numbers_keep_the_decimals_they_have() -> None:
    assert [format_number(n, EN) for n in (3, 3.0, 3.25, 0.125)] == ["3", "3", "3.25", "0.125"]
    assert [format_number(n, PL) for n in (3, 3.0, 3.25, 0.125)] == ["3", "3", "3,25", "0,125"]


def test_the_english_attributive_form_is_hyphenated_and_singular() -> None:
    assert hyphenated(24, "hour") == "24-hour"
    assert hyphenated(3, "business_day") == "3-business-day"


@pytest.mark.parametrize("unit", sorted(INFLECTED_UNITS))
def test_every_unit_has_all_its_forms(unit: str) -> None:
    forms = INFLECTED_UNITS[unit]
    assert set(forms) == {"pl", "en"}
    assert set(forms["en"]) == {"one", "other"}
    assert set(forms["pl"]) == {"nom", "gen", "loc"}
    assert all(set(forms["pl"][case]) == {"one", "few", "many", "other"} for case in forms["pl"])
    words = [*forms["en"].values(), *(word for case in forms["pl"].values() for word in case.values())]
    assert [word for word in words if not isinstance(word, str) or not word.strip()] == []
