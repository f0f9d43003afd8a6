"""Figures in a text: numbers with their units, so that an edited draft can be held against its facts."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.text import fold
from knowledge_base.formatting import INFLECTED_UNITS

_SPACE = r"[ \u00a0\u202f]"
_NUMBER = rf"\d+(?:{_SPACE}\d{{3}}(?!\d)|[.,:]\d+)*"
_WORD = r"[^\W\d_]+"
_FIGURE = re.compile(
    rf"(?P<pln>PLN{_SPACE}?)?(?P<low>{_NUMBER})(?:{_SPACE}?[-–]{_SPACE}?(?P<high>{_NUMBER}))?"
    rf"(?:{_SPACE}?(?P<sign>[%×])|{_SPACE}?(?P<one>{_WORD})(?:{_SPACE}(?P<two>{_WORD}))?)?"
)
_STEP = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)  # '1. Open the page': a place in a list is no figure
_SIGNS = {"%": "percent", "×": "multiplier", "zl": "pln", "pln": "pln", "mb": "megabyte", "h": "hour"}


@dataclass(frozen=True)
class Figure:
    """A number as it is compared, with its unit where it is one we know, and as it was written."""

    number: str
    unit: str | None
    written: str

    def matches(self, other: Figure) -> bool:
        """The same number of the same thing; where one side names no unit, the number decides."""
        is_same_unit = self.unit is None or other.unit is None or self.unit == other.unit
        return self.number == other.number and is_same_unit


def figures_in(text: str) -> list[Figure]:
    """All figures of a text, in order; of a range, both ends."""
    found = []
    for match in _FIGURE.finditer(_STEP.sub(" ", text)):
        unit, words = _unit(match)
        for number in (match["low"], match["high"]):
            if number:
                found.append(Figure(_number(number), unit, f"{number} {words}".strip()))
    return found


def strange_figures(text: str, known: Iterable[str]) -> list[str]:
    """Those figures of a text, as written, that none of the known texts has."""
    facts = [figure for each in known for figure in figures_in(each)]
    strange = (figure for figure in figures_in(text) if not any(figure.matches(fact) for fact in facts))
    return list(dict.fromkeys(figure.written for figure in strange))


def _number(written: str) -> str:
    """'1 000', '1,000' and '1000' are one number, '2,50' and '2.5' another; '08:00' stays a time."""
    plain = re.sub(r"[ \u00a0\u202f]|[.,](?=\d{3}(?!\d))", "", written).replace(",", ".")
    if ":" in plain or plain.count(".") > 1:
        return plain.lstrip("0") or "0"
    whole, _, decimals = plain.partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{'.' if decimals else ''}{decimals}"


def _unit(match: re.Match[str]) -> tuple[str | None, str]:
    """The unit's name and its words as written; the longest that we know."""
    if match["pln"]:
        return "pln", "PLN"
    one, two = match["sign"] or match["one"] or "", match["two"] or ""
    for words in (f"{one} {two}", one):
        unit = _units().get(fold(words).strip())
        if unit:
            return unit, words.strip()
    return None, ""


@functools.cache
def _units() -> dict[str, str]:
    """Every form of every unit's words, folded -> its name."""
    forms = dict(_SIGNS)
    for name, languages in INFLECTED_UNITS.items():
        for words in _strings(languages):
            forms[fold(words)] = name
    return forms


def _strings(nested: object) -> Iterable[str]:
    if isinstance(nested, dict):
        for value in nested.values():
            yield from _strings(value)
    elif isinstance(nested, str):
        yield nested
