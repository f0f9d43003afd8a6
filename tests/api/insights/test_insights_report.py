"""From what was observed to what the page shows; worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

from api.insights.charts import bars
from api.insights.report import report
from api.insights.values import Figure, Line, Observation, Range, Report

DAYS = Range(date(2026, 11, 24), date(2026, 11, 25))


def seen(figure: Figure, day: int, hour: int, value: float = 1, **more: str) -> Observation:
    at = datetime(2026, 11, day, hour, tzinfo=UTC)
    return Observation(figure, at, more.get("lang", "pl"), more.get("article"), value, more.get("reason"))


def line(made: Report, figure: Figure) -> Line:
    return next(each for each in made.lines if each.figure is figure)


def test_a_day_is_a_day_of_polish_time() -> None:
    now = [seen(Figure.ANSWERED, 24, 22, 3), seen(Figure.ANSWERED, 24, 23, 5)]
    made = report(now, [], DAYS, "day")

    assert made.labels == ["2026-11-24", "2026-11-25"]
    assert line(made, Figure.ANSWERED).series == [3, 5]
    by_hour = line(report(now, [], DAYS, "hour"), Figure.ANSWERED).series
    assert (by_hour[23], by_hour[0], sum(each or 0 for each in by_hour)) == (3, 5, 8)


def test_a_share_is_of_its_whole_in_both_periods_and_nothing_of_nothing() -> None:
    now = [seen(Figure.HELPED, 24, 10, 3), seen(Figure.NOT_HELPED, 24, 10, 1)]
    before = [seen(Figure.HELPED, 22, 10, 1), seen(Figure.NOT_HELPED, 22, 10, 1)]
    made = report(now, before, DAYS, "day")

    helped = line(made, Figure.HELPED)
    assert (helped.value, helped.before, helped.share, helped.share_before) == (3, 1, 0.75, 0.5)
    assert line(made, Figure.ANSWERED).share is None


def test_of_waits_the_median_counts_and_of_none_there_is_none() -> None:
    now = [seen(Figure.FIRST_REPLY, 24, 9, each) for each in (1_000, 2_000, 60_000)]
    made = report(now, [], DAYS, "day")

    assert line(made, Figure.FIRST_REPLY).value == 2_000
    assert line(made, Figure.FIRST_REPLY).series == [2_000, None]
    assert line(made, Figure.REPLY_GAP).value is None


def test_reasons_languages_and_articles_are_told_apart() -> None:
    now = [
        seen(Figure.ESCALATED, 24, 9, 2, reason="complaint"), seen(Figure.ESCALATED, 25, 9, 5, reason="ambiguous"),
        seen(Figure.ANSWERED, 24, 9, 1, article="a", lang="en"), seen(Figure.ANSWERED, 24, 9, 4, article="b"),
    ]  # fmt: skip
    made = report(now, [seen(Figure.ESCALATED, 22, 9, 1, reason="minor")], DAYS, "day")

    assert made.reasons == [("ambiguous", 5, 0), ("complaint", 2, 0), ("minor", 0, 1)]
    assert [row.name for row in made.articles] == ["b", "a"]
    assert [(row.name, row.values[Figure.ANSWERED]) for row in made.languages] == [("en", 1), ("pl", 4)]


def test_a_drawing_stacks_its_series_and_shows_words_as_text() -> None:
    svg = bars([[1, None], [3, 2]], ["a", "b"], 'x "y" <z>', ["<i>", "b"])

    assert svg.count('class="bar-0"') == 1
    assert 'class="bar-1" x="0.00" y="0.00" width="240.00" height="75.00"' in svg
    assert "<i>" not in svg
    assert "<z>" not in svg
