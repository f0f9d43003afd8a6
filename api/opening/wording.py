"""Moments and weeks in words: "dziś o 8:00", "w poniedziałek o 8:00"; "poniedziałek–piątek 9:00–20:00"."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date

from api.opening.hours import DAY_MINUTES, Hours, Spans
from api.opening.wall_clock import local, minute_of
from knowledge_base.article import Language

_TODAY = {Language.PL: "dziś", Language.EN: "today"}
_TOMORROW = {Language.PL: "jutro", Language.EN: "tomorrow"}
_AT = {Language.PL: "o", Language.EN: "at"}
_DAILY = {Language.PL: "codziennie", Language.EN: "every day"}
_CLOSED = {Language.PL: "nieczynne", Language.EN: "closed"}
_HOLIDAYS = {Language.PL: "święta", Language.EN: "public holidays"}
_DAY_AND_NIGHT = {Language.PL: "całą dobę", Language.EN: "day and night"}


def when(at: datetime, now: datetime, language: Language) -> str:
    """The day, as near as it is, and the time."""
    return f"{on_day(local(at).date(), local(now).date(), language)} {_AT[language]} {clock(minute_of(at))}"


def until(at: datetime, now: datetime, language: Language) -> str:
    """The same of an end: midnight is the end of the day before, "dziś o 24:00"."""
    if minute_of(at) or at <= now:
        return when(at, now, language)
    day = local(at).date() - timedelta(days=1)
    return f"{on_day(day, local(now).date(), language)} {_AT[language]} {clock(DAY_MINUTES)}"


def on_day(day: date, today: date, language: Language) -> str:
    """Today, tomorrow, a weekday within a week, else the date; with its year where that is not soon."""
    ahead = (day - today).days
    if ahead == 0:
        return _TODAY[language]
    if ahead == 1:
        return _TOMORROW[language]
    if 1 < ahead < 7:
        return _on_weekday(day, language)
    pattern = "d MMMM" if 0 <= ahead < 300 else "d MMMM y"
    written = str(format_date(day, pattern, locale=language.value))
    return written if language is Language.PL else f"on {written}"


def weekday(day: int, language: Language) -> str:
    """The name of a weekday; 0 is Monday."""
    return str(format_date(date(2026, 11, 23 + day), "EEEE", locale=language.value))  # the 23rd is a Monday


def clock(minute: int) -> str:
    """E.g. 8:00; the end of a day is 24:00."""
    return f"{minute // 60}:{minute % 60:02}"


def spans_text(spans: Spans, language: Language) -> str:
    """E.g. "8:00–12:00, 13:00–16:00"; a day without hours is closed."""
    if not spans:
        return _CLOSED[language]
    if [(each.opens, each.closes) for each in spans] == [(0, DAY_MINUTES)]:
        return _DAY_AND_NIGHT[language]
    return ", ".join(f"{clock(each.opens)}–{clock(each.closes)}" for each in spans)


def week_lines(hours: Hours, language: Language) -> list[str]:
    """The week, days with the same hours in a row as one; holidays where they differ."""
    groups: list[tuple[int, int, Spans]] = []
    for day, spans in enumerate(hours.week):
        if groups and groups[-1][2] == spans:
            groups[-1] = (groups[-1][0], day, spans)
        else:
            groups.append((day, day, spans))
    lines = [f"{_days(first, last, language)} {spans_text(spans, language)}" for first, last, spans in groups]
    if hours.on_holidays is not None:
        lines.append(f"{_HOLIDAYS[language]} {spans_text(hours.on_holidays, language)}")
    return lines


def _days(first: int, last: int, language: Language) -> str:
    if (first, last) == (0, 6):
        return _DAILY[language]
    if first == last:
        return weekday(first, language)
    dash = "–" if last - first > 1 else ", "
    return f"{weekday(first, language)}{dash}{weekday(last, language)}"


def _on_weekday(day: date, language: Language) -> str:
    """Polish wants the accusative: feminine names end in ę; and "we" before wt-."""
    name = weekday(day.weekday(), language)
    if language is Language.EN:
        return f"on {name}"
    accusative = f"{name[:-1]}ę" if name.endswith("a") else name
    return f"{'we' if name.startswith('wt') else 'w'} {accusative}"
