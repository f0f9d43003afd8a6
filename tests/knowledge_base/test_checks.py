"""What `krupier kb check` finds: each fault alone, in a base that is sound otherwise, at its file and line."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge_base.article import Language
from knowledge_base.checks import check
from knowledge_base.reading import read_knowledge_base
from tests.knowledge_base.samples import BODY, FACTS, TODAY, line_number, write_article, write_sound_base


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge base without any problem."""
    return write_sound_base(tmp_path / "kb")


def problems(folder: Path, today: date = TODAY) -> list[tuple[str, int, str]]:
    """File name, line and fault of every problem."""
    return [(p.path.name, p.line, p.what) for p in check(read_knowledge_base(folder), today)]


def test_a_sound_base_has_no_problems(folder: Path) -> None:
    assert problems(folder) == []


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("Trwa {{ fact.nothing }}.", "unknown fact"),
        ("Trwa {{ fact.__class__ }}.", "not allowed"),
        ("Trwa 24 godziny.", "the figure '24' is typed into the body"),
        ("Zobacz [tam](article:nowhere).", "the link 'article:nowhere' leads nowhere"),
        ("Zobacz [tam](https://example.com).", "the link 'https://example.com' leads nowhere"),
        ("Tekst <b>gruby</b>.", "raw HTML"),
        ("Proszę Pana o cierpliwość.", "formal address"),
    ],
)
def test_a_fault_in_a_body_is_found_on_its_line(folder: Path, added: str, said: str) -> None:
    path = write_article(folder, "payout-time", body=f"{BODY['pl']}\n\n{added}")
    ((name, line, what),) = problems(folder)
    assert (name, line) == ("payout-time.pl.md", line_number(path, added))
    assert said in what


def test_list_numbers_links_and_quoted_facts_are_no_typed_figures(folder: Path) -> None:
    write_article(folder, "payout-time", body=f"1. {BODY['pl']}\n2. Karta z 3-D Secure.\n\n[x](article:payout-time)")
    assert problems(folder) == []


@pytest.mark.parametrize(("length", "is_found"), [(59, True), (60, False), (180, False), (181, True)])
def test_a_body_has_60_to_180_words(folder: Path, length: int, is_found: bool) -> None:
    write_article(folder, "payout-time", body="słowo " * length)
    assert [what for _, _, what in problems(folder)] == ([f"the body has {length} words"] if is_found else [])


def test_an_article_in_one_language_only_is_a_problem(folder: Path) -> None:
    write_article(folder, "alone")
    assert problems(folder) == [("alone.pl.md", 1, "'alone' has no text in 'en'")]


def test_an_article_in_the_wrong_folder_is_a_problem(folder: Path) -> None:
    for language in ("pl", "en"):
        path = write_article(folder, "stray", language, shelf="elsewhere")
    line = line_number(path, "category:")
    assert problems(folder) == [
        (f"stray.{language}.md", line, "stands in the folder elsewhere") for language in ("en", "pl")
    ]


def test_a_fact_that_nothing_quotes_is_a_problem(folder: Path) -> None:
    (folder / "facts.yaml").write_text(FACTS + FACTS.replace("payout_time", "unused"), encoding="utf-8")
    assert problems(folder) == [("facts.yaml", 2, "fact 'unused' is quoted nowhere")]


def test_facts_that_cannot_be_read_are_a_problem_and_no_crash(folder: Path) -> None:
    (folder / "facts.yaml").write_bytes(b"\xff")
    assert ("facts.yaml", 1, "not UTF-8") in problems(folder)


def test_the_first_fact_is_named_on_line_one(folder: Path) -> None:
    (folder / "facts.yaml").write_text(FACTS.replace("payout_time", "unused") + FACTS, encoding="utf-8")
    assert problems(folder) == [("facts.yaml", 1, "fact 'unused' is quoted nowhere")]


def test_a_related_article_must_be_another_that_exists(folder: Path) -> None:
    for language in ("pl", "en"):
        path = write_article(folder, "payout-time", language, related="\n  - nowhere\n  - payout-time")
    lines = {name: line_number(path, f"  - {name}") for name in ("nowhere", "payout-time")}
    assert problems(folder) == [
        (f"payout-time.{language}.md", lines[name], f"related article '{name}' is not another article")
        for language in ("en", "pl")
        for name in ("nowhere", "payout-time")
    ]


def test_too_few_phrasings_are_a_problem(folder: Path) -> None:
    path = write_article(folder, "payout-time", phrasings="\n  - jedno\n  - drugie")
    assert problems(folder) == [("payout-time.pl.md", line_number(path, "phrasings:"), "2 phrasings")]


def test_a_phrasing_stands_in_one_article_however_it_is_typed(folder: Path) -> None:
    own = "".join(f"\n  - pytanie {n}" for n in range(11))
    write_article(folder, "payout-time", phrasings=f"{own}\n  - Gdzie są środki?")
    write_article(folder, "second", "en")
    path = write_article(folder, "second", phrasings=f"{own.replace('pytanie', 'inne')}\n  - gdzie sa SRODKI")
    found = problems(folder)
    what = "the phrasing 'gdzie sa SRODKI' stands in payout-time.pl.md too"
    assert found == [("second.pl.md", line_number(path, "  - gdzie sa SRODKI"), what)]


@pytest.mark.parametrize(("language", "words"), [("pl", "Odbierz bonus i graj."), ("en", "Claim the bonus and play.")])
def test_texts_that_protect_players_promote_nothing(folder: Path, language: str, words: str) -> None:
    for each in ("pl", "en"):
        path = write_article(folder, "payout-time", each, risk="protect", body=BODY[each])
    assert problems(folder) == []
    path = write_article(folder, "payout-time", language, risk="protect", body=f"{BODY[language]}\n{words}")
    ((name, line, what),) = problems(folder)
    assert (name, line) == (path.name, line_number(path, words))
    assert "in a text that protects players" in what


def test_an_article_past_its_review_date_is_a_problem_from_the_day_after(folder: Path) -> None:
    due = date(2027, 6, 30)
    assert problems(folder, due) == []
    assert [what.split(";")[0] for _, _, what in problems(folder, due + timedelta(days=1))] == [
        "the review was due on 2027-06-30" for _ in Language
    ]


def test_a_review_that_is_due_before_it_was_made_is_a_problem(folder: Path) -> None:
    path = write_article(folder, "payout-time", review_by="2026-11-23")
    assert problems(folder) == [
        ("payout-time.pl.md", line_number(path, "review_by:"), "'review_by' is not after 'reviewed'")
    ]


def test_problems_of_reading_come_along_in_order_of_file_and_line(folder: Path) -> None:
    write_article(folder, "aaa", risk="none")
    (folder / "facts.yaml").write_text(FACTS + "broken: 1\n", encoding="utf-8")
    assert [name for name, _, _ in problems(folder)] == ["aaa.pl.md", "facts.yaml"]
