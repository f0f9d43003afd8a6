"""How a fact reads in a sentence: numbers, money, hours and days, inflected, in Polish and in English.

Number formats and plural categories are CLDR's, through Babel; the words are in units.yaml.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from knowledge_base.article import Language

INFLECTED_UNITS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("units.yaml").read_text(encoding="utf-8"))
PLAIN_UNITS = frozenset(
    {"pln", "percent", "multiplier", "count", "megabyte", "clock", "phone", "email", "url", "text", "date"}
)
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_LOCALES = {Language.PL: Locale("pl"), Language.EN: Locale("en", "GB")}


def format_number(value: int | float, language: Language) -> str:
    """1000 -> '1 000' in Polish, '1,000' in English; as many decimals as the figure has."""
    text: str = format_decimal(Decimal(str(value)), "#,##0.###", locale=_LOCALES[language])
    return text.replace("\N{NARROW NO-BREAK SPACE}", NO_BREAK_SPACE)


def format_value(value: Any, unit: str, language: Language, case: str = "nom") -> str:
    """The value with its unit, e.g. '24 godzin' for (24, 'hour', PL, 'gen'); ranges read '1–3 dni robocze'."""
    if isinstance(value, dict):
        value = value[language.value]
    low_high = value if isinstance(value, list) else [value]
    if unit in INFLECTED_UNITS:
        numbers = "–".join(format_number(v, language) for v in low_high)
        return numbers + NO_BREAK_SPACE + _inflected(low_high[-1], unit, language, case)
    if unit == "date":
        return _format_date(value, language)
    if unit not in {"pln", "percent", "multiplier", "count", "megabyte"}:
        return "–".join(str(v) for v in low_high)
    numbers = "–".join(_two_decimals(v, language) if unit == "pln" else format_number(v, language) for v in low_high)
    match unit:
        case "pln":
            return f"PLN{NO_BREAK_SPACE}{numbers}" if language is Language.EN else f"{numbers}{NO_BREAK_SPACE}zł"
        case "percent":
            return f"{numbers}%"
        case "multiplier":
            return f"{numbers}×"
        case "megabyte":
            return f"{numbers}{NO_BREAK_SPACE}MB"
        case _:
            return numbers


def hyphenated(value: int | float, unit: str) -> str:
    """The English attributive form: '24-hour'."""
    return f"{format_number(value, Language.EN)}-{INFLECTED_UNITS[unit]['en']['one'].replace(' ', '-')}"


def _inflected(number: int | float, unit: str, language: Language, case: str) -> str:
    whole_or_not = int(number) if float(number).is_integer() else number  # 1.0 is shown as 1 and counts as 1
    category = _LOCALES[language].plural_form(Decimal(str(whole_or_not)))
    words = INFLECTED_UNITS[unit][language.value]
    return str(words[case][category] if language is Language.PL else words[category])


def _two_decimals(value: int | float, language: Language) -> str:
    """Money: whole sums without decimals, others with two."""
    if float(value).is_integer():
        return format_number(value, language)
    text: str = format_decimal(Decimal(str(value)), "#,##0.00", locale=_LOCALES[language])
    return text.replace("\N{NARROW NO-BREAK SPACE}", NO_BREAK_SPACE)


def _format_date(value: date, language: Language) -> str:
    return str(format_date(value, "d MMMM y", locale=_LOCALES[language]))
