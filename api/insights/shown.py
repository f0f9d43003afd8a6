"""Figures as words of a language: counts, shares, durations, changes, days."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from api.insights.charts import bars
from api.insights.values import DURATIONS, Figure, Line, Report
from knowledge_base.article import Language


class Words:
    """Says figures in a language."""

    def __init__(self, language: Language, t: dict[str, Any]) -> None:
        self._lang = language.value
        self._t = t

    def value(self, figure: Figure, value: float | None) -> str:
        """A count, or a duration as minutes and seconds; a dash for nothing."""
        if value is None:
            return "–"
        if figure not in DURATIONS:
            return str(format_decimal(value, format="#,##0", locale=self._lang))
        minutes, seconds = divmod(round(value / 1000), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    def percent(self, share: float | None) -> str:
        """A share."""
        return "" if share is None else str(format_percent(share, format="#,##0.#%", locale=self._lang))

    def change(self, line: Line) -> str:
        """How it differs from the period before, in words."""
        if line.before is None or line.value is None:
            return str(self._t["no_comparison"])
        before = self.value(line.figure, line.before)
        if not line.before:
            return str(self._t["compared"]).format(before=before, change="")
        share = (line.value - line.before) / line.before
        change = format_percent(share, format="+#,##0%;-#,##0%", locale=self._lang)
        return str(self._t["compared"]).format(before=before, change=f" ({change})")

    def label(self, label: str) -> str:
        """A day or an hour of a series."""
        if len(label) == len("09"):
            return f"{label}:00"
        return str(format_date(date.fromisoformat(label), "d MMM", locale=self._lang))

    def chart(self, report: Report, *figures: Figure) -> str:
        """One or more figures, stacked."""
        lines = {line.figure: line for line in report.lines}
        names = [self._t["figures"][figure.value]["name"] for figure in figures]
        shown = [
            f"{self.label(label)}: "
            + ", ".join(f"{name} {self.value(f, lines[f].series[i])}" for f, name in zip(figures, names, strict=True))
            for i, label in enumerate(report.labels)
        ]
        said = "; ".join(f"{name}: {self.value(f, lines[f].value)}" for f, name in zip(figures, names, strict=True))
        return bars([lines[figure].series for figure in figures], report.labels, said, shown)
