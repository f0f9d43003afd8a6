"""What is written is read back the same: the shipped knowledge base, and texts that YAML would misread."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.article import Language
from knowledge_base.facts import Fact, read_facts
from knowledge_base.reading import SHIPPED, read_knowledge_base
from knowledge_base.writing import article_markdown, facts_yaml, scalar
from tests.knowledge_base.samples import write_sound_base

LINES = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \N{NO-BREAK SPACE}"), max_size=60)


@given(LINES)
def test_any_line_of_text_comes_back_as_it_was(text: str) -> None:
    assert yaml.safe_load(f"phrasings:\n  - {scalar(text)}\n") == {"phrasings": [text]}


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    for text in (
        "tak: nie",
        "no",
        "NULL",
        "- blik",
        "# 1",
        "12:30",
        "2026-11-23",
        "'",
        "~",
        "=",
        "a #b",
        "1_000",
        "e3",
        "",
    ):
        assert yaml.safe_load(f"[{scalar(text)}]" if "," not in text else scalar(text)) == [text]


def test_an_article_written_and_read_is_the_same_article(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    before = read_knowledge_base(folder)
    article = before.articles["payout-time"]
    for language in Language:
        article.texts[language].path.write_text(article_markdown(article, language), encoding="utf-8")
    after = read_knowledge_base(folder)
    assert after.problems == []
    assert [(a.title, a.body, a.phrasings) for a in after.articles["payout-time"].texts.values()] == [
        (a.title, a.body, a.phrasings) for a in article.texts.values()
    ]


def test_the_shipped_facts_come_back_value_for_value(tmp_path: Path) -> None:
    facts, _ = read_facts(SHIPPED / "facts.yaml")
    (tmp_path / "facts.yaml").write_text(facts_yaml(facts.values()), encoding="utf-8")
    assert read_facts(tmp_path / "facts.yaml") == (facts, [])


def test_facts_of_every_shape_come_back(tmp_path: Path) -> None:
    values = (
        1e-7,
        1e22,
        2.5,
        24,
        [1, 3],
        {"pl": "O'Neil, z o.o.", "en": "{x}: #1"},
        ["8:00", "24:00"],
        date(2026, 1, 1),
    )
    units = ("pln", "pln", "pln", "hour", "day", "text", "clock", "date")
    facts = {
        f"f{i}": Fact(f"f{i}", value, unit, "no: 1", date(2026, 11, 20))
        for i, (value, unit) in enumerate(zip(values, units, strict=True))
    }
    (tmp_path / "facts.yaml").write_text(facts_yaml(facts.values()), encoding="utf-8")
    assert read_facts(tmp_path / "facts.yaml") == (facts, [])
