"""When it is open: over a whole year, with any hours, both changes of the clock and every holiday."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.opening.hours import DayOut, Hours, Span
from api.opening.polish_holidays import holiday_name
from api.opening.schedule import closing, is_open, is_open_throughout, next_opening, open_spans
from api.opening.wall_clock import WARSAW, local, moments
from knowledge_base.article import Language

MINUTE = timedelta(minutes=1)
YEAR = datetime(2027, 1, 1, tzinfo=UTC)
OFFICE = Hours((((Span(540, 1200)),),) * 5 + ((),) * 2, on_holidays=())
DAILY = Hours(((Span(480, 1440),),) * 7, on_holidays=None)

edges = st.lists(st.integers(0, 96), min_size=2, max_size=4, unique=True).map(sorted)
spans = st.one_of(
    st.just(()),
    st.just((Span(0, 1440),)),
    edges.map(lambda e: tuple(Span(15 * e[i], 15 * e[i + 1]) for i in range(0, len(e) - 1, 2))),
)
days = st.dates(date(2027, 1, 1), date(2027, 12, 31))
any_hours = st.builds(
    Hours,
    st.tuples(*[spans] * 7),
    st.none() | spans,
    st.dictionaries(days, st.builds(DayOut, spans), max_size=3),
)
CLOCK_CHANGES = [datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)]
near_changes = st.tuples(st.sampled_from(CLOCK_CHANGES), st.integers(-300, 300)).map(lambda p: p[0] + p[1] * MINUTE)
any_moment = st.integers(0, 365 * 24 * 60 - 1).map(lambda minutes: YEAR + minutes * MINUTE) | near_changes


def warsaw(*wall: int, fold: int = 0) -> datetime:
    return datetime(*wall, tzinfo=WARSAW, fold=fold)  # type: ignore[arg-type,misc]


@settings(max_examples=150, deadline=None)
@given(any_hours, any_moment)
@example(Hours(((Span(135, 165),),) * 7, None), datetime(2027, 3, 28, 0, tzinfo=UTC))  # hours that this night has not
@example(
    Hours(((Span(135, 165),),) * 7, None), datetime(2027, 10, 31, 0, 50, tzinfo=UTC)
)  # and that this one has twice
def test_at_every_moment_the_state_and_the_next_opening_agree(hours: Hours, at: datetime) -> None:
    opens = next_opening(hours, at)
    if is_open(hours, at):
        assert opens == at
        closes = closing(hours, at)
        assert closes is None or (closes > at and not is_open(hours, closes) and is_open(hours, closes - MINUTE))
    elif opens is not None:
        assert opens > at
        assert is_open(hours, opens)
        assert not is_open(hours, opens - MINUTE)
        assert closing(hours, at) == at


@settings(max_examples=25, deadline=None)
@given(any_hours, any_moment)
def test_the_next_opening_is_the_first_open_minute_that_one_finds_by_looking_at_each(
    hours: Hours, at: datetime
) -> None:
    looked = next((at + m * MINUTE for m in range(36 * 60) if is_open(hours, at + m * MINUTE)), None)
    opens = next_opening(hours, at)
    assert looked == (opens if opens is not None and opens < at + 36 * 60 * MINUTE else None)


@settings(max_examples=60, deadline=None)
@given(any_hours, days | st.sampled_from([change.date() for change in CLOCK_CHANGES]))
def test_a_days_open_spans_are_exactly_its_open_minutes(hours: Hours, day: date) -> None:
    found = list(open_spans(hours, day))
    [begin], [end] = moments(day, 0), moments(day + timedelta(days=1), 0)
    for quarter in range(int((end - begin) / timedelta(minutes=15))):
        at = begin + quarter * timedelta(minutes=15)
        assert is_open(hours, at) == any(opens <= at < closes for opens, closes in found)


def test_every_public_holiday_of_a_year_closes_the_phone_and_no_chat() -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    holidays = [day for day in year if holiday_name(day)]
    assert len(holidays) == 14  # with Christmas Eve, a holiday since 2025
    for day in holidays:
        noon = warsaw(day.year, day.month, day.day, 12)
        assert not is_open(OFFICE, noon)
        assert is_open(DAILY, noon)
        opens = next_opening(OFFICE, noon)
        assert opens is not None
        assert not holiday_name(local(opens).date())
        assert local(opens).weekday() < 5


def test_a_holiday_has_its_name_in_both_languages() -> None:
    assert holiday_name(date(2026, 12, 24)) == "Wigilia Bożego Narodzenia"
    assert holiday_name(date(2026, 12, 24), Language.EN) == "Christmas Eve"
    assert holiday_name(date(2026, 12, 23)) is None


def test_an_exception_wins_over_holiday_and_weekday() -> None:
    eve = OFFICE.with_exception(date(2026, 12, 24), DayOut((Span(600, 840),), "dyżur"))
    assert next_opening(eve, warsaw(2026, 12, 23, 21)) == warsaw(2026, 12, 24, 10)
    assert closing(eve, warsaw(2026, 12, 24, 11)) == warsaw(2026, 12, 24, 14)
    assert next_opening(eve, warsaw(2026, 12, 24, 15)) == warsaw(2026, 12, 28, 9)  # over Christmas and a weekend
    assert next_opening(eve.with_exception(date(2026, 12, 24), None), warsaw(2026, 12, 23, 21)) == warsaw(
        2026, 12, 28, 9
    )


def test_the_same_wall_clock_is_another_moment_in_summer() -> None:
    assert next_opening(DAILY, warsaw(2027, 3, 27, 3)) == datetime(2027, 3, 27, 7, tzinfo=UTC)
    assert next_opening(DAILY, warsaw(2027, 3, 28, 0, 30)) == datetime(2027, 3, 28, 6, tzinfo=UTC)
    assert next_opening(DAILY, warsaw(2027, 10, 31, 0, 30)) == datetime(2027, 10, 31, 7, tzinfo=UTC)


def test_what_opens_in_the_hour_that_a_march_night_lacks_opens_when_the_clock_jumps() -> None:
    night = Hours(((Span(150, 360),),) * 7, None)  # 2:30 to 6:00
    assert next_opening(night, warsaw(2027, 3, 28, 1)) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_open_day_and_night_never_closes_and_without_hours_it_never_opens() -> None:
    always, never = Hours(((Span(0, 1440),),) * 7, None), Hours(((),) * 7, None)
    assert closing(always, YEAR) is None
    assert next_opening(never, YEAR) is None
    assert list(open_spans(never, date(2027, 5, 4))) == []


def test_open_throughout_means_without_a_break() -> None:
    assert is_open_throughout(OFFICE, warsaw(2026, 11, 26, 10), warsaw(2026, 11, 26, 19))
    assert not is_open_throughout(OFFICE, warsaw(2026, 11, 26, 19), warsaw(2026, 11, 27, 10))


@pytest.mark.parametrize("hours", [OFFICE, DAILY, OFFICE.with_exception(date(2026, 12, 24), DayOut((), "święto"))])
def test_hours_come_back_as_they_were_stored(hours: Hours) -> None:
    assert Hours.from_json(hours.to_json()) == hours


@settings(max_examples=100, deadline=None)
@given(any_hours, any_moment, st.integers(0, 20 * 60))
def test_open_throughout_is_open_at_every_minute_in_between(hours: Hours, begin: datetime, minutes: int) -> None:
    is_always = all(is_open(hours, begin + m * MINUTE) for m in range(max(1, minutes)))
    assert is_open_throughout(hours, begin, begin + minutes * MINUTE) == is_always
