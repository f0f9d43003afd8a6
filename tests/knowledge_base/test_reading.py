"""Reading article files: a broken one is one problem, with file and line, and leaves the others alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.article import Language, RiskClass
from knowledge_base.reading import read_knowledge_base
from tests.knowledge_base.samples import line_number, write_article, write_sound_base


def test_a_sound_article_is_read_whole(tmp_path: Path) -> None:
    base = read_knowledge_base(write_sound_base(tmp_path / "kb"))
    article = base.articles["payout-time"]
    assert [str(p) for p in base.problems] == []
    assert (article.category, article.risk, article.owner) == ("payouts", RiskClass.AUTO, "payments")
    assert set(article.texts) == set(Language)
    polish = article.texts[Language.PL]
    assert polish.title == "Title of payout-time"
    assert len(polish.phrasings) == 12
    assert (polish.reviewed, polish.review_by) == (date(2026, 11, 23), date(2027, 6, 30))
    assert polish.body.startswith("Wypłata trwa do {{ fact.payout_time | gen }}.")


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"title": "[a, list]"}, "title", "'title' is not a text"),
        ({"title": "''"}, "title", "'title' is not a text"),
        ({"owner": "12"}, "owner", "'owner' is not a text"),
        ({"category": "null"}, "category", "'category' is not a text"),
        ({"lang": "de"}, "lang", "unknown language 'de'"),
        ({"lang": "[pl]"}, "lang", "unknown language"),
        ({"lang": "{pl: 1}"}, "lang", "unknown language"),
        ({"risk": "none"}, "risk", "unknown risk class 'none'"),
        ({"risk": "[auto]"}, "risk", "unknown risk class"),
        ({"reviewed": "soon"}, "reviewed", "'reviewed' is not a date"),
        ({"review_by": "2027"}, "review_by", "'review_by' is not a date"),
        ({"review_by": "2027-06-30 12:00:00"}, "review_by", "'review_by' is not a date"),
        ({"related": "other"}, "related", "'related' is not a list of texts"),
        ({"phrasings": "[1, 2]"}, "phrasings", "'phrasings' is not a list of texts"),
        ({"id": "other"}, "id", "the file is not named other.pl.md"),
        ({"lang": "en"}, "id", "the file is not named broken.en.md"),
        ({"title": "a: b: c"}, "title", "not readable as YAML"),
        ({"title": "@home"}, "title", "not readable as YAML"),
    ],
)
def test_a_broken_value_is_one_problem_at_its_line_and_leaves_the_others(
    tmp_path: Path, changes: dict[str, str], key: str, said: str
) -> None:
    folder = write_sound_base(tmp_path / "kb")
    path = write_article(folder, "broken", **{"name": "broken.pl.md", **changes})
    base = read_knowledge_base(folder)
    assert set(base.articles) == {"payout-time"}
    assert [(p.path, p.line) for p in base.problems] == [(path, line_number(path, f"{key}:"))]
    assert said in base.problems[0].what
    assert base.problems[0].todo


def test_a_date_that_no_calendar_has_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    path = write_article(folder, "broken", reviewed="2026-02-30")
    base = read_knowledge_base(folder)
    assert set(base.articles) == {"payout-time"}
    assert [p.path for p in base.problems] == [path]
    assert "day is out of range" in base.problems[0].what


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "no front matter"),
        (b"# Just Markdown\n", 1, "no front matter"),
        (b"---\nid: broken\n", 1, "no front matter"),
        (b"---\n- a\n- list\n---\nBody\n", 2, "other keys"),
        (b"---\nid: broken\nlang: pl\n---\nBody\n", 2, "other keys"),
        (b"---\nid: broken\nlang: [pl\n---\nBody\n", 4, "not readable as YAML"),
        ("---\nid: broken\ntitle: zażółć\n".encode("cp1250"), 3, "not UTF-8"),
        (b"\xff\xfe\x00", 1, "not UTF-8"),
    ],
)
def test_an_unreadable_file_is_one_problem_and_leaves_the_others(
    tmp_path: Path, content: bytes, line: int, said: str
) -> None:
    folder = write_sound_base(tmp_path / "kb")
    path = folder / "articles" / "payouts" / "broken.pl.md"
    path.write_bytes(content)
    base = read_knowledge_base(folder)
    assert set(base.articles) == {"payout-time"}
    assert [(p.path, p.line) for p in base.problems] == [(path, line)]
    assert said in base.problems[0].what


def test_keys_in_another_order_are_a_problem(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    path = write_article(folder, "broken")
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace("id: broken\nlang: pl\n", "lang: pl\nid: broken\n"), encoding="utf-8")
    base = read_knowledge_base(folder)
    assert [(p.path, p.line) for p in base.problems] == [(path, 2)]
    assert "in another order" in base.problems[0].what


def test_the_same_id_in_two_folders_is_a_problem_and_the_first_stays(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    second = write_article(folder, "payout-time", shelf="zzz", title="The second")
    base = read_knowledge_base(folder)
    assert [(p.path, p.line) for p in base.problems] == [(second, line_number(second, "id:"))]
    assert "stands in" in base.problems[0].what
    assert base.articles["payout-time"].texts[Language.PL].title == "Title of payout-time"


@pytest.mark.parametrize(
    ("key", "value"), [("category", "other"), ("risk", "draft"), ("owner", "legal"), ("related", "[account]")]
)
def test_languages_that_disagree_are_a_problem_in_the_second_file(tmp_path: Path, key: str, value: str) -> None:
    folder = write_sound_base(tmp_path / "kb")
    polish = write_article(folder, "payout-time", "pl", **{"name": "payout-time.pl.md", "body": "Treść.", key: value})
    base = read_knowledge_base(folder)
    assert [(p.path, p.what) for p in base.problems] == [(polish, f"'{key}' differs from payout-time.en.md")]
    assert "payout-time" in base.articles


def test_windows_line_ends_give_the_same_article(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    before = read_knowledge_base(folder)
    for path in folder.rglob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    after = read_knowledge_base(folder)
    assert after.problems == []
    assert after.articles == before.articles


def test_problems_in_files_with_windows_line_ends_keep_their_lines(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    path = write_article(folder, "broken", risk="none")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    base = read_knowledge_base(folder)
    assert [(p.path, p.line) for p in base.problems] == [(path, line_number(path, "risk:"))]


def test_the_body_begins_where_its_first_words_stand(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    path = write_article(folder, "spaced", body="\n\nFirst words.\n\n")
    text = read_knowledge_base(folder).articles["spaced"].texts[Language.PL]
    assert text.body == "First words."
    assert text.body_line == line_number(path, "First words.")


def test_broken_facts_leave_the_articles_alone(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    (folder / "facts.yaml").write_bytes(b"\xff")
    base = read_knowledge_base(folder)
    assert set(base.articles) == {"payout-time"}
    assert base.facts == {}
    assert [(p.path, p.line) for p in base.problems] == [(folder / "facts.yaml", 1)]


def test_a_folder_without_articles_is_told_apart_from_an_empty_knowledge_base(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no folder 'articles'"):
        read_knowledge_base(tmp_path)
    (tmp_path / "articles").mkdir()
    assert read_knowledge_base(tmp_path).articles == {}


def test_a_problem_reads_as_file_line_what_and_remedy(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    path = write_article(folder, "broken", risk="none")
    (problem,) = read_knowledge_base(folder).problems
    line = line_number(path, "risk:")
    assert str(problem) == f"{path}:{line}: unknown risk class 'none'. Write auto, draft, human or protect"
