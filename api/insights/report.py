"""Observations into a report: sums, medians, shares, series by day or by hour of the day. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from api.insights.values import DURATIONS, SHARE_OF, Figure, Line, Observation, Range, Report, Row

By = Literal["day", "hour"]
CASINO_TIME = ZoneInfo("Europe/Warsaw")  # players and staff live by this clock, summer and winter
ARTICLES_MAX = 50  # rows on the page; the export has all


def report(now: Sequence[Observation], before: Sequence[Observation], days: Range, by: By) -> Report:
    """Both periods side by side."""
    labels = _labels(days, by)
    by_bucket = _tables(now, lambda each: _bucket(each, by))
    totals, totals_before = _table(now), _table(before)
    lines = [
        Line(
            figure, totals[figure], totals_before[figure], _share(figure, totals), _share(figure, totals_before),
            [by_bucket.get(label, _EMPTY)[figure] for label in labels],
        )
        for figure in Figure
    ]  # fmt: skip
    articles = _rows(_tables((each for each in now if each.article), lambda each: str(each.article)))
    return Report(
        lines,
        labels,
        _reasons(now, before),
        _rows(_tables(now, lambda each: each.lang)),
        sorted(articles, key=lambda row: (-_weight(row), row.name)),
        [Row(label, by_bucket.get(label, _EMPTY)) for label in labels],
    )


def _labels(days: Range, by: By) -> list[str]:
    if by == "hour":
        return [f"{hour:02}" for hour in range(24)]
    return [(days.first + timedelta(days=day)).isoformat() for day in range(days.days)]


def _bucket(each: Observation, by: By) -> str:
    local = each.at.astimezone(CASINO_TIME)
    return f"{local.hour:02}" if by == "hour" else local.date().isoformat()


def _table(observations: Iterable[Observation]) -> dict[Figure, float | None]:
    """Each figure of all of them: a sum; of durations the median, None of none."""
    counts: Counter[Figure] = Counter()
    durations: dict[Figure, list[float]] = defaultdict(list)
    for each in observations:
        if each.figure in DURATIONS:
            durations[each.figure].append(each.value)
        else:
            counts[each.figure] += int(each.value)
    return {
        figure: (median(durations[figure]) if durations[figure] else None)
        if figure in DURATIONS
        else float(counts[figure])
        for figure in Figure
    }


def _tables(
    observations: Iterable[Observation], key: Callable[[Observation], str]
) -> dict[str, Mapping[Figure, float | None]]:
    grouped: dict[str, list[Observation]] = defaultdict(list)
    for each in observations:
        grouped[key(each)].append(each)
    return {name: _table(members) for name, members in grouped.items()}


def _rows(tables: Mapping[str, Mapping[Figure, float | None]]) -> list[Row]:
    return [Row(name, values) for name, values in sorted(tables.items())]


def _share(figure: Figure, table: Mapping[Figure, float | None]) -> float | None:
    """Of what it is a part of; None where that is nothing, or the figure is no part."""
    whole = sum(table[each] or 0 for each in SHARE_OF.get(figure, ()))
    return (table[figure] or 0) / whole if whole else None


def _reasons(now: Iterable[Observation], before: Iterable[Observation]) -> list[tuple[str, int, int]]:
    counted = [Counter[str](), Counter[str]()]
    for counter, observations in zip(counted, (now, before), strict=True):
        for each in observations:
            if each.figure is Figure.ESCALATED:
                counter[each.reason or ""] += int(each.value)
    names = sorted({*counted[0], *counted[1]}, key=lambda name: (-counted[0][name], name))
    return [(name, counted[0][name], counted[1][name]) for name in names]


def _weight(row: Row) -> float:
    return (row.values[Figure.ANSWERED] or 0) + (row.values[Figure.SHOWN] or 0)


_EMPTY = _table(())
