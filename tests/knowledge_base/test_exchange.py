"""The content as files: export a copy, plan an import, carry it out."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.exchange import ExchangeError, Kind, content_files, export_files, import_files, plan_import
from tests.knowledge_base.samples import BODY, write_article, write_sound_base


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge base without any problem."""
    return write_sound_base(tmp_path / "kb")


def test_an_export_is_the_same_content_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    target = tmp_path / "new" / "copy"
    assert export_files(folder, target) == 3
    assert {p.relative_to(target) for p in target.rglob("*") if p.is_file()} == content_files(folder)
    assert plan_import(target, folder) == []


def test_an_export_overwrites_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for target in (folder, tmp_path / "file"):
        with pytest.raises(ExchangeError, match="not an empty folder"):
            export_files(folder, target)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_an_import_is_planned_file_by_file_and_then_carried_out(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    export_files(folder, source)
    for language in ("pl", "en"):
        write_article(source, "new", language)
        write_article(folder, "old", language)
    write_article(source, "payout-time", body=BODY["pl"] + "Zmiana.")
    plan = plan_import(source, folder)
    assert [(change.kind, change.file.name) for change in plan] == [
        (Kind.ADD, "new.en.md"),
        (Kind.ADD, "new.pl.md"),
        (Kind.REMOVE, "old.en.md"),
        (Kind.REMOVE, "old.pl.md"),
        (Kind.CHANGE, "payout-time.pl.md"),
    ]
    assert str(plan[0]) == "add     articles/payouts/new.en.md"
    import_files(plan, source, folder)
    assert plan_import(source, folder) == []


def test_content_with_problems_is_not_imported(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    export_files(folder, source)
    broken = write_article(source, "broken", risk="none")
    with pytest.raises(ExchangeError, match="has 1 problems, nothing was imported") as refusal:
        plan_import(source, folder)
    assert str(broken) in str(refusal.value)
