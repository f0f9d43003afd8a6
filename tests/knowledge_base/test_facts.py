"""Reading facts: one problem for each unsound fact, at its line, and the others untouched."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.facts import read_facts
from knowledge_base.reading import SHIPPED

SOUND = "kept: {value: 24, unit: hour, source: terms, checked: 2026-11-20}\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "facts.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def test_a_sound_fact_is_read_as_it_stands(tmp_path: Path) -> None:
    facts, problems = read_facts(written(tmp_path, "# a comment\n" + SOUND))
    assert problems == []
    assert (facts["kept"].value, facts["kept"].unit, facts["kept"].checked) == (24, "hour", date(2026, 11, 20))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("24 hours", "is not a mapping"),
        ("{value: 24, unit: hour, source: terms}", "has the keys value, unit, source"),
        ("{value: 24, unit: hour, source: terms, checked: 2026-11-20, note: x}", "note"),
        ("{value: 24, unit: fortnight, source: terms, checked: 2026-11-20}", "unknown unit 'fortnight'"),
        ("{value: 24, unit: [hour], source: terms, checked: 2026-11-20}", "unknown unit"),
        ("{value: 24, unit: hour, source: terms, checked: yesterday}", "no date in 'checked'"),
        ("{value: 24, unit: hour, source: terms, checked: 2026-11-20 10:00:00}", "no date in 'checked'"),
        ("{value: '24', unit: hour, source: terms, checked: 2026-11-20}", "needs a number"),
        ("{value: true, unit: pln, source: terms, checked: 2026-11-20}", "needs a number"),
        ("{value: null, unit: percent, source: terms, checked: 2026-11-20}", "needs a number"),
        ("{value: [1, 2, 3], unit: hour, source: terms, checked: 2026-11-20}", "not [low, high]"),
        ("{value: [1, x], unit: hour, source: terms, checked: 2026-11-20}", "needs a number"),
        ("{value: {pl: a}, unit: text, source: terms, checked: 2026-11-20}", "lacks pl or en"),
        ("{value: {pl: a, en: }, unit: text, source: terms, checked: 2026-11-20}", "needs a text"),
        ("{value: '', unit: text, source: terms, checked: 2026-11-20}", "needs a text"),
        ("{value: , unit: phone, source: terms, checked: 2026-11-20}", "needs a text"),
        ("{value: soon, unit: date, source: terms, checked: 2026-11-20}", "needs a date"),
    ],
)
def test_an_unsound_fact_is_one_problem_at_its_line_and_leaves_the_others(
    tmp_path: Path, entry: str, said: str
) -> None:
    path = written(tmp_path, f"# a comment\n{SOUND}broken: {entry}\n{SOUND.replace('kept', 'also_kept')}")
    facts, problems = read_facts(path)
    assert set(facts) == {"kept", "also_kept"}
    assert [(p.path, p.line) for p in problems] == [(path, 3)]
    assert said in problems[0].what
    assert "'broken'" in problems[0].what


def test_an_hour_without_quotes_is_refused_since_yaml_makes_it_a_number(tmp_path: Path) -> None:
    path = written(tmp_path, "opens: {value: 12:00, unit: clock, source: terms, checked: 2026-11-20}\n")
    facts, problems = read_facts(path)
    assert facts == {}
    assert "needs a text in quotes" in problems[0].what


def test_an_unsound_first_fact_is_found_on_line_one(tmp_path: Path) -> None:
    _, problems = read_facts(written(tmp_path, "broken: 1\n" + SOUND))
    assert [p.line for p in problems] == [1]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (SOUND + "broken: {value: [1\nmore: 2\n", 3, "not readable as YAML"),
        (SOUND + "\tbroken: 1\n", 2, "not readable as YAML"),
        (SOUND.replace("2026-11-20", "2026-02-30"), 1, "not readable as YAML"),
        (SOUND.encode() + "# zażółć\n".encode("iso-8859-2"), 2, "not UTF-8"),
        ("- a list\n", 1, "no mapping of facts"),
        ("", 1, "no mapping of facts"),
    ],
)
def test_an_unreadable_file_of_facts_is_one_problem_and_no_facts(
    tmp_path: Path, text: str | bytes, line: int, said: str
) -> None:
    path = written(tmp_path, text)
    facts, problems = read_facts(path)
    assert facts == {}
    assert [(p.path, p.line) for p in problems] == [(path, line)]
    assert said in problems[0].what


def test_windows_line_ends_change_neither_facts_nor_line_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, f"# a comment\n{SOUND}broken: 1\n".replace("\n", "\r\n"))
    facts, problems = read_facts(path)
    assert facts["kept"].value == 24
    assert [p.line for p in problems] == [3]


def test_the_shipped_facts_are_all_sound() -> None:
    facts, problems = read_facts(SHIPPED / "facts.yaml")
    assert [str(p) for p in problems] == []
    assert "support_email" in facts
