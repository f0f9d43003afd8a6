"""What a change of hours changed, in words."""

from __future__ import annotations

from collections.abc import Mapping

from babel.dates import format_date

from api.opening.hours import Hours
from api.opening.wording import spans_text, weekday
from knowledge_base.article import Language


def differences(before: Hours, after: Hours, texts: Mapping[str, str], language: Language) -> list[str]:
    """A line for each weekday, date or setting that is different; `texts` names what is no day."""
    lines = [
        f"{weekday(day, language)}: {spans_text(old, language)} → {spans_text(new, language)}"
        for day, (old, new) in enumerate(zip(before.week, after.week, strict=True))
        if old != new
    ]
    if before.on_holidays != after.on_holidays:
        old, new = (_holidays(each, texts, language) for each in (before, after))
        lines.append(f"{texts['holidays']}: {old} → {new}")
    for day in sorted(before.exceptions.keys() | after.exceptions.keys()):
        if before.exceptions.get(day) != after.exceptions.get(day):
            out = after.exceptions.get(day)
            name = str(format_date(day, "d MMMM y", locale=language.value))
            note = f" ({out.note})" if out and out.note else ""
            lines.append(f"{name}: {spans_text(out.spans, language) if out else texts['as_usual']}{note}")
    if before.capacity != after.capacity:
        lines.append(f"{texts['capacity']}: {before.capacity} → {after.capacity}")
    return lines


def _holidays(hours: Hours, texts: Mapping[str, str], language: Language) -> str:
    return texts["as_usual"] if hours.on_holidays is None else spans_text(hours.on_holidays, language)
