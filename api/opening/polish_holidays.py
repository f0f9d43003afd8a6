"""Public holidays in Poland, with their names."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date

import holidays

from knowledge_base.article import Language

_LOCALES = {Language.PL: "pl", Language.EN: "en_US"}


def holiday_name(day: date, language: Language = Language.PL) -> str | None:
    """What the day is called, if it is a public holiday by Polish law; its language is that of the reader."""
    return _of_year(day.year, language).get(day)


def prepare(today: date) -> None:
    """Look up this year's and the next one's: the first time takes a fifth of a second, so not while players wait."""
    for year in (today.year, today.year + 1):
        for language in Language:
            _of_year(year, language)


@functools.lru_cache(maxsize=64)
def _of_year(year: int, language: Language) -> Mapping[date, str]:
    found = holidays.country_holidays("PL", years=year, language=_LOCALES[language])
    return {day: str(name) for day, name in found.items()}
