"""Moments and weeks in words, and typed words as hours."""

from __future__ import annotations

from datetime import datetime

import pytest

from api.opening.hours import Hours, Span
from api.opening.typed import BadHoursError, read_spans
from api.opening.wall_clock import WARSAW
from api.opening.wording import spans_text, until, week_lines, when
from knowledge_base.article import Language

NOW = datetime(2026, 11, 26, 22, 30, tzinfo=WARSAW)  # a Thursday
PL, EN = Language.PL, Language.EN


@pytest.mark.parametrize(
    ("at", "polish", "english"),
    [
        ((2026, 11, 26, 23, 15), "dziś o 23:15", "today at 23:15"),
        ((2026, 11, 27, 8), "jutro o 8:00", "tomorrow at 8:00"),
        ((2026, 11, 30, 8), "w poniedziałek o 8:00", "on Monday at 8:00"),
        ((2026, 12, 1, 8), "we wtorek o 8:00", "on Tuesday at 8:00"),
        ((2026, 12, 2, 9, 30), "w środę o 9:30", "on Wednesday at 9:30"),
        ((2026, 11, 28, 0), "w sobotę o 0:00", "on Saturday at 0:00"),
        ((2026, 12, 3, 8), "3 grudnia o 8:00", "on 3 December at 8:00"),
        ((2026, 12, 24, 10), "24 grudnia o 10:00", "on 24 December at 10:00"),
        ((2027, 11, 2, 10), "2 listopada 2027 o 10:00", "on 2 November 2027 at 10:00"),
    ],
)
def test_a_moment_is_told_as_people_tell_it(at: tuple[int, ...], polish: str, english: str) -> None:
    moment = datetime(*at, tzinfo=WARSAW)  # type: ignore[arg-type,misc]
    assert when(moment, NOW, PL) == polish
    assert when(moment, NOW, EN) == english


def test_after_midnight_the_morning_is_today() -> None:
    night = datetime(2026, 11, 27, 0, 5, tzinfo=WARSAW)
    assert when(datetime(2026, 11, 27, 8, tzinfo=WARSAW), night, PL) == "dziś o 8:00"


def test_the_end_of_a_day_is_told_as_its_end() -> None:
    assert until(datetime(2026, 11, 27, 0, tzinfo=WARSAW), NOW, PL) == "dziś o 24:00"
    assert until(datetime(2026, 11, 29, 0, tzinfo=WARSAW), NOW, EN) == "on Saturday at 24:00"
    assert until(datetime(2026, 11, 27, 20, tzinfo=WARSAW), NOW, PL) == "jutro o 20:00"


def test_a_week_groups_days_with_the_same_hours() -> None:
    office = Hours((((Span(540, 1200)),),) * 5 + ((Span(600, 840),),) + ((),), on_holidays=())
    assert week_lines(office, PL) == [
        "poniedziałek–piątek 9:00–20:00", "sobota 10:00–14:00", "niedziela nieczynne", "święta nieczynne",
    ]  # fmt: skip
    assert week_lines(Hours(((Span(480, 1440),),) * 7, None), EN) == ["every day 8:00–24:00"]
    weekend = Hours(((),) * 5 + ((Span(0, 1440),),) * 2, None)
    assert week_lines(weekend, PL)[1] == "sobota, niedziela całą dobę"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("8-16", "8:00–16:00"),
        ("8:00–24:00", "8:00–24:00"),
        (" 8 - 12 , 13.00-16.30 ", "8:00–12:00, 13:00–16:30"),
        ("13-16; 8-12", "8:00–12:00, 13:00–16:00"),
        ("8-12, 12-16", "8:00–16:00"),
        ("9 do 17", "9:00–17:00"),
        ("", "nieczynne"),
        ("zamknięte", "nieczynne"),
        ("całą dobę", "całą dobę"),
        ("0-24", "całą dobę"),
    ],
)
def test_hours_are_read_as_they_are_typed_and_shown_ones_can_be_typed(typed: str, shown: str) -> None:
    spans = read_spans(typed)
    assert spans_text(spans, PL) == shown
    assert read_spans(shown) == spans


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("rano", "unreadable"),
        ("8-25", "impossible"),
        ("8:61-9", "impossible"),
        ("8-8", "empty"),
        ("22-6", "overnight"),
        ("8-12, 11-13", "overlapping"),
        ("1-2,3-4,5-6,7-8,9-10", "too_many"),
        ("8-16-20", "unreadable"),
    ],
)
def test_what_is_no_hours_is_refused_with_what_is_wrong(typed: str, code: str) -> None:
    with pytest.raises(BadHoursError) as refusal:
        read_spans(typed)
    assert refusal.value.code == code
