"""The knowledge base from files into the database and back: nothing is lost on the way, whichever way it is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from api.content.assembling import contents_of
from api.content.service import Content
from api.importing.values import Kind
from api.settings import Settings
from api.stored import export_stored, import_stored, is_stored, plan_stored, published, with_content
from knowledge_base.exchange import ExchangeError, content_files
from knowledge_base.reading import SHIPPED, read_knowledge_base
from tests.knowledge_base.samples import BODY, write_article, write_sound_base


async def seed(content: Content) -> None:
    """The first release."""
    await content.seed()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A database that holds a sound knowledge base."""
    made = Settings(data=tmp_path / "data", knowledge_base=write_sound_base(tmp_path / "kb"))
    assert not is_stored(made)
    with_content(made, seed)
    assert is_stored(made)
    return made


def test_the_shipped_knowledge_base_comes_out_as_it_went_in(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", knowledge_base=SHIPPED)
    with_content(settings, seed)
    export_stored(settings, tmp_path / "out")
    assert contents_of(read_knowledge_base(tmp_path / "out")) == contents_of(read_knowledge_base(SHIPPED))
    assert content_files(tmp_path / "out") == content_files(SHIPPED)
    assert plan_stored(settings, tmp_path / "out") == []
    for file in ("facts.yaml", "labelled/pl.jsonl", "screening/phrases.yaml"):
        assert (tmp_path / "out" / file).read_bytes().strip(), file


def test_a_folder_is_planned_entry_by_entry_and_taken_over_as_drafts(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_stored(settings, out)
    for language in ("pl", "en"):
        write_article(out, "new-one", language)
    write_article(out, "payout-time", body=BODY["pl"] + "Zmiana.")
    plan = plan_stored(settings, out)
    assert [(each.kind, str(each.key)) for each in plan] == [
        (Kind.ADD, "article/new-one"),
        (Kind.CHANGE, "article/payout-time"),
    ]
    before = published(settings)
    kept = import_stored(settings, plan, out)
    assert [(str(key), number) for key, number in kept] == [("article/new-one", 1), ("article/payout-time", 2)]
    assert published(settings).versions == before.versions  # nothing reaches players without an editor's yes
    assert plan_stored(settings, out) == []

    async def candidate(content: Content) -> bool:
        found = await content.candidate(kept)
        return contents_of(found.knowledge_base) == contents_of(read_knowledge_base(out))

    assert with_content(settings, candidate)


def test_what_a_folder_lacks_is_planned_to_go(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for language in ("pl", "en"):
        write_article(settings.knowledge_base, "old-one", language)
    other = settings.model_copy(update={"data": tmp_path / "other"})
    with_content(other, seed)
    export_stored(settings, out)
    plan = plan_stored(other, out)
    assert [(each.kind, str(each.key)) for each in plan] == [(Kind.REMOVE, "article/old-one")]
    kept = import_stored(other, plan, out)

    async def names(content: Content) -> set[str]:
        return set((await content.candidate(kept)).knowledge_base.articles)

    assert with_content(other, names) == {"payout-time"}


def test_a_folder_with_problems_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_stored(settings, out)
    write_article(out, "payout-time", body="Za krótko.")
    with pytest.raises(ExchangeError, match="problems, nothing was imported"):
        plan_stored(settings, out)
    with pytest.raises(ExchangeError, match="not an empty folder"):
        export_stored(settings, out)


def test_of_a_plan_that_is_out_of_date_nothing_is_taken_over(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_stored(settings, out)
    for language in ("pl", "en"):
        write_article(out, "new-one", language)
    write_article(out, "payout-time", body=BODY["pl"] + "Zmiana.")
    plan = plan_stored(settings, out)
    stale = [replace(each, base=each.base + 3) if each.kind is Kind.CHANGE else each for each in plan]
    with pytest.raises(Exception, match="was kept since"):
        import_stored(settings, stale, out)
    assert {str(each.key) for each in plan_stored(settings, out)} == {"article/new-one", "article/payout-time"}
