"""Numbers, slots, spoken texts and calendar entries: no server needed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from api.callbacks.calendar_entry import calendar_entry
from api.callbacks.letters import entry, letter
from api.callbacks.numbers import callable_number
from api.callbacks.problems import NumberRefusedError
from api.callbacks.slots import LEAD, last_day, next_try, rules_of, slots
from api.callbacks.spoken import WORDS_MAX, spoken
from api.callbacks.values import Callback, CallStatus, Rules
from api.conversations.values import Urgency
from api.opening.hours import DayOut, Hours, Span
from api.opening.schedule import is_open_throughout
from api.opening.wall_clock import WARSAW, local
from knowledge_base.article import Language
from knowledge_base.facts import read_facts
from knowledge_base.reading import SHIPPED
from tests.fakes import WITHDRAWAL_PL

OFFICE = Hours((((Span(540, 1200)),),) * 5 + ((),) * 2, on_holidays=())
RULES = Rules(slot_minutes=30, attempts_max=2, days_ahead=5)
HALF_HOUR = timedelta(minutes=30)
FACTS = read_facts(SHIPPED / "facts.yaml")[0]
any_moment = st.integers(0, 365 * 24 * 60).map(lambda m: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
spans = st.lists(st.integers(0, 96), min_size=2, max_size=2, unique=True).map(
    lambda e: (Span(15 * min(e), 15 * max(e)),)
)


def callback(**more: object) -> Callback:
    values: dict[str, object] = {
        "id": 7, "conversation": "c_1", "lang": Language.PL, "number": "+48512345678", "email": "ala@example.com",
        "topic": "wypłata", "slot_at": datetime(2026, 11, 27, 9, tzinfo=UTC), "slot_minutes": 30,
        "due_at": datetime(2026, 11, 27, 9, tzinfo=UTC), "status": CallStatus.BOOKED, "attempts": 0, "sequence": 0,
        "urgency": Urgency.NORMAL, "staff_id": None, "caller": None,
        "created_at": datetime(2026, 11, 26, 12, tzinfo=UTC), "is_protected": False,
    }  # fmt: skip
    return Callback(**values | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("512 345 678", "+48512345678"),
        ("(+48) 512-345-678", "+48512345678"),
        ("0048512345678", "+48512345678"),
        ("22 555 01 00", "+48225550100"),
        ("+44 7911 123456", "+447911123456"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, dialled: str) -> None:
    assert callable_number(typed).dialled == dialled


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "unreadable"),
        ("zadzwońcie", "unreadable"),
        ("1" * 400, "unreadable"),
        ("112", "too_short"),
        ("512 345 67", "too_short"),
        ("512 345 678 90", "too_long"),
        ("000 000 000", "no_such_number"),
        ("512 345 678 wew. 5", "too_long"),
        ("700 123 456", "not_callable"),
        ("800 70 2222", "not_callable"),
        ("801 889 880", "not_callable"),
        ("+1 212 555 0100", "abroad"),
        ("+53 5 2345678", "abroad"),
    ],
)
def test_a_number_that_cannot_be_called_is_refused_with_why(typed: str, why: str) -> None:
    with pytest.raises(NumberRefusedError) as refusal:
        callable_number(typed)
    assert refusal.value.why == why


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_a_number_is_read_or_refused(typed: str) -> None:
    try:
        assert callable_number(typed).dialled.startswith("+")
    except NumberRefusedError:
        return


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[spans] * 7), any_moment)
def test_every_slot_is_whole_within_the_hours_soon_enough_and_not_too_far(
    week: tuple[object, ...], now: datetime
) -> None:
    hours = Hours(week, on_holidays=())  # type: ignore[arg-type]
    found = list(slots(hours, RULES, now))
    assert found == sorted(set(found))
    for at in found:
        assert at >= now + LEAD
        assert is_open_throughout(hours, at, at + HALF_HOUR)
        assert local(at).date() <= last_day(local(now).date(), RULES.days_ahead)
    following = next_try(hours, RULES, now)
    assert following is None or (following >= now + HALF_HOUR and is_open_throughout(hours, following, following))


def test_business_days_skip_weekends_and_holidays() -> None:
    assert last_day(date(2026, 12, 22), 5) == date(2026, 12, 31)  # over Christmas Eve, Christmas and a weekend
    assert last_day(date(2026, 11, 23), 5) == date(2026, 11, 30)


def test_a_day_has_its_slots_and_an_exception_its_own() -> None:
    eve = OFFICE.with_exception(date(2026, 12, 24), DayOut((Span(600, 675),)))
    found = list(slots(eve, RULES, datetime(2026, 12, 23, 22, tzinfo=WARSAW)))
    on_eve = [local(at).strftime("%H:%M") for at in found if local(at).day == 24]
    assert on_eve == ["10:00", "10:30"]  # what is left until 11:15 is no whole slot


def test_without_the_facts_nothing_is_promised() -> None:
    assert rules_of({}) is None
    assert rules_of(FACTS) == Rules(30, 2, 5)


def test_nobody_answers_in_the_evening_so_the_next_try_is_in_the_morning() -> None:
    friday = datetime(2026, 11, 27, 19, 50, tzinfo=WARSAW)
    assert next_try(OFFICE, RULES, friday) == datetime(2026, 11, 30, 9, tzinfo=WARSAW)
    assert next_try(OFFICE, RULES, friday.replace(hour=12)) == friday.replace(hour=12) + HALF_HOUR


@pytest.mark.parametrize(
    ("question", "said"),
    [("ile na kartę", "Karta: 2-5 dni roboczych."), ("skrill", "Skrill, Neteller, PayPal: do 24"), ("", "Wypłata")],
)
def test_the_spoken_text_has_the_line_that_was_asked_about_in_few_words_without_marks(question: str, said: str) -> None:
    text = spoken(WITHDRAWAL_PL, question, Language.PL)
    assert said in text
    assert len(text.split()) <= WORDS_MAX
    assert "**" not in text
    assert ">" not in text


def test_a_menu_path_and_a_link_are_words() -> None:
    body = "See **My account > History** and [statuses](article:withdrawal-pending)."
    assert spoken(body, "history", Language.EN) == "See My account, then History and statuses."
    assert spoken("", "history", Language.EN) == ""


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=30))
def test_any_text_can_be_spoken(body: str, question: str) -> None:
    spoken(body, question, Language.PL)


def test_the_calendar_entry_is_read_back_as_it_was_meant() -> None:
    long = "Zażółć gęślą jaźń; przecinek, średnik\nnowa linia " * 4
    raw = calendar_entry(callback(), long, long, "pomoc@example.com", "https://a.example/b?c=d", datetime.now(UTC))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(raw)
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", 0)
    assert event.decoded("DTSTART") == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    assert str(event["SUMMARY"]) == long
    assert event["ORGANIZER"] == "mailto:pomoc@example.com"


def test_a_cancelled_entry_replaces_the_one_that_it_cancels() -> None:
    at = datetime.now(UTC)
    booked = Calendar.from_ical(entry(callback(), FACTS, None, at)).walk("VEVENT")[0]
    gone = Calendar.from_ical(entry(callback(status=CallStatus.CANCELLED, sequence=1), FACTS, None, at))
    [event] = gone.walk("VEVENT")
    assert (gone["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert event["UID"] == booked["UID"]


@pytest.mark.parametrize("kind", ["booked", "changed", "cancelled", "unreachable", "wrong_number"])
@pytest.mark.parametrize("language", list(Language))
def test_every_letter_is_whole_in_both_languages(kind: str, language: Language) -> None:
    written = letter(kind, callback(lang=language), FACTS, "https://a.example/x", datetime.now(UTC))
    assert "{" not in written.subject + written.text
    assert len(written.attachments) == (kind in {"booked", "changed", "cancelled"})
    if kind == "booked":
        assert "+48 512 345 678" in written.text
        assert ("piątek, 27 listopada" if language is Language.PL else "Friday, 27 November") in written.text
        assert "https://a.example/x" in written.text
