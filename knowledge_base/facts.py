"""Facts: each figure, time, fee, limit, number and address, once, with its unit, source and date checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.article import Problem, line_of
from knowledge_base.formatting import INFLECTED_UNITS, PLAIN_UNITS

FACT_KEYS = {"value", "unit", "source", "checked"}

# A number, a text, a date, a [low, high] range, or one of these for each language.
type_of_value = int | float | str | date | list[Any] | dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One fact, as it stands in the file."""

    name: str
    value: type_of_value
    unit: str
    source: str
    checked: date


def read_facts(path: Path) -> tuple[dict[str, Fact], list[Problem]]:
    """All sound facts by name, and a problem for each that is not; a file that is no YAML gives one problem."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
        raw = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return {}, [Problem(path, line, "not UTF-8", "Save the file as UTF-8")]
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that no calendar has
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        return {}, [Problem(path, line, f"not readable as YAML: {getattr(error, 'problem', error)}", "Mend the line")]
    if not isinstance(raw, Mapping):
        return {}, [Problem(path, 1, "no mapping of facts", "Write one 'name: {value, unit, source, checked}' a line")]
    facts, problems = {}, []
    for name, entry in raw.items():
        what = what_is_wrong_with(entry)
        if what:
            todo = "Give value, unit (one of units.yaml or a plain one such as pln), source, and checked (a date)"
            problems.append(Problem(path, line_of(f"\n{text}", f"\n{name}:"), f"fact '{name}': {what}", todo))
            continue
        facts[str(name)] = Fact(str(name), entry["value"], entry["unit"], str(entry["source"]), entry["checked"])
    return facts, problems


def what_is_wrong_with(entry: object) -> str | None:
    """The fault of a fact's entry, to be read after "fact 'x'"; None for a sound one."""
    if not isinstance(entry, Mapping):
        return "is not a mapping"
    if set(entry) != FACT_KEYS:
        return f"has the keys {', '.join(map(str, entry))}"
    unit, value = entry["unit"], entry["value"]
    if not isinstance(unit, str) or (unit not in INFLECTED_UNITS and unit not in PLAIN_UNITS):
        return f"has the unknown unit '{unit}'"
    if type(entry["checked"]) is not date:
        return "has no date in 'checked'"
    values = value if isinstance(value, list) else [value]
    if isinstance(value, list) and len(value) != 2:
        return "has a range that is not [low, high]"
    needs_number = unit in INFLECTED_UNITS or unit in {"pln", "percent", "multiplier", "count", "megabyte"}
    if needs_number and not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
        return f"needs a number for the unit '{unit}'"
    if isinstance(value, dict) and set(value) != {"pl", "en"}:
        return "has a value by language that lacks pl or en"
    shown = list(value.values()) if isinstance(value, dict) else values
    if unit == "date" and not all(type(v) is date for v in shown):
        return "needs a date for the unit 'date'"
    if unit != "date" and not needs_number and not all(isinstance(v, str) and v.strip() for v in shown):
        return f"needs a text in quotes for the unit '{unit}'"  # YAML reads a bare 12:00 as 720 and a bare no as False
    return None
