"""Versions, review and releases, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.content.checking import new_problems
from api.content.limits import BadFactError
from api.content.problems import (
    BadNameError,
    BadStepError,
    ConflictError,
    EntryExistsError,
    EntryNotFoundError,
    FactInUseError,
    NotReviewedError,
    OwnVersionError,
    ReleaseOvertakenError,
    TooBigError,
)
from api.content.service import Content
from api.content.values import ArticleContent, FactContent, Origin, Status, article_key, fact_key
from api.database.connection import Database
from api.database.migration import migrate
from api.staff import queries as staff_queries
from api.staff.values import Role, Staff
from knowledge_base.article import Language, RiskClass
from knowledge_base.checks import check
from knowledge_base.reading import read_knowledge_base
from tests.databases import fresh_url
from tests.knowledge_base.samples import TODAY, write_article, write_sound_base

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
KEY = article_key("payout-time")
FACT = fact_key("payout_time")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_sound_base(tmp_path / "kb")


@pytest.fixture(params=["sqlite", "postgresql"])
async def content(request: pytest.FixtureRequest, tmp_path: Path, folder: Path) -> AsyncIterator[Content]:
    database = Database(fresh_url(request.param, tmp_path))
    await migrate(database)
    made = Content(database, lambda: NOW, folder, frozenset({RiskClass.PROTECT}))
    await made.seed()
    yield made
    await database.close()


async def hired(content: Content, name: str) -> Staff:
    """An editor."""
    email = f"{name.lower()}@example.com"
    async with content._database.writing() as connection:
        new = await staff_queries.add(connection, email=email, name=name, role=Role.EDITOR, password_hash="-", at=NOW)
    return Staff(new, email, name, Role.EDITOR)


async def article(content: Content, number: int = 1) -> ArticleContent:
    found = (await content.version(KEY, number)).content
    assert isinstance(found, ArticleContent)
    return found


def titled(old: ArticleContent, title: str) -> ArticleContent:
    text = replace(old.texts[Language.PL], title=title)
    return replace(old, texts={**old.texts, Language.PL: text})


async def released(content: Content, *chosen: tuple[Any, int], by: Staff | None = None) -> None:
    await content.record(await content.candidate(chosen), by, "index-1", {})


async def test_the_files_become_the_first_release_value_for_value(content: Content, folder: Path) -> None:
    live, read = (await content.published()).knowledge_base, read_knowledge_base(folder)
    assert check(live, TODAY) == []
    assert live.facts == read.facts
    assert {a.id: (a.category, a.risk, a.owner, a.related) for a in live.articles.values()} == {
        a.id: (a.category, a.risk, a.owner, a.related) for a in read.articles.values()
    }
    for article_id, each in live.articles.items():
        for language, text in each.texts.items():
            assert text == replace(read.articles[article_id].texts[language], path=text.path, source=text.source)


async def test_a_second_start_seeds_nothing_again(content: Content, folder: Path) -> None:
    write_article(folder, "later")
    await content.seed()
    assert len(await content.releases()) == 1
    assert set((await content.published()).knowledge_base.articles) == {"payout-time"}


async def test_a_version_is_a_draft_until_it_is_released(content: Content) -> None:
    zofia = await hired(content, "Zofia")
    await content.save(KEY, titled(await article(content), "Nowy tytuł"), 1, zofia, note="krócej")
    head = await content.head(KEY)
    assert (head.head, head.published, head.status, head.has_draft) == (2, 1, Status.DRAFT, True)
    live = (await content.published()).knowledge_base
    assert live.articles["payout-time"].texts[Language.PL].title == "Title of payout-time"
    await released(content, (KEY, 2), by=zofia)
    live = (await content.published()).knowledge_base
    assert live.articles["payout-time"].texts[Language.PL].title == "Nowy tytuł"
    head = await content.head(KEY)
    assert (head.published, head.status) == (2, Status.PUBLISHED)
    versions, steps = await content.history(KEY)
    assert [(v.number, v.author_name, v.origin) for v in versions] == [
        (2, "Zofia", Origin.EDITOR), (1, None, Origin.SEED)
    ]  # fmt: skip
    assert [(s.number, s.step.value, s.staff_name) for s in steps] == [(2, "published", "Zofia")]


async def test_who_began_from_an_older_version_is_told_and_keeps_the_text(content: Content) -> None:
    zofia, olek = await hired(content, "Zofia"), await hired(content, "Olek")
    old = await article(content)
    await content.autosave(KEY, olek, 1, {"pl.title": "Olka tytuł"})
    await content.save(KEY, titled(old, "Zofii tytuł"), 1, zofia)
    with pytest.raises(ConflictError) as conflict:
        await content.save(KEY, titled(old, "Olka tytuł"), 1, olek)
    assert conflict.value.more == {"head": 2}
    (copy,) = await content.working_copies(KEY)
    assert (copy.staff_name, copy.base, copy.fields) == ("Olek", 1, {"pl.title": "Olka tytuł"})
    await content.save(KEY, titled(old, "Olka tytuł"), 2, olek)
    assert await content.working_copies(KEY) == []
    assert [v.author_name for v in (await content.history(KEY))[0]] == ["Olek", "Zofia", None]


async def test_of_two_at_once_one_is_kept_and_the_other_told(content: Content) -> None:
    zofia, olek = await hired(content, "Zofia"), await hired(content, "Olek")
    old = await article(content)
    kept = await asyncio.gather(
        *(content.save(KEY, titled(old, who.name), 1, who) for who in (zofia, olek)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in kept) == ["ConflictError", "Version"]


async def test_nobody_reviews_their_own_words(content: Content) -> None:
    zofia, olek, ala = [await hired(content, name) for name in ("Zofia", "Olek", "Ala")]
    await content.save(KEY, titled(await article(content), "A"), 1, zofia)
    await content.save(KEY, titled(await article(content), "B"), 2, olek)
    with pytest.raises(BadStepError):
        await content.approve(KEY, 3, ala)  # not handed in yet
    await content.submit(KEY, 3, olek)
    for author in (zofia, olek):
        with pytest.raises(OwnVersionError):
            await content.approve(KEY, 3, author)
    await content.give_back(KEY, 3, ala, "tytuł za krótki")
    await content.submit(KEY, 3, olek)
    await content.approve(KEY, 3, ala)
    assert (await content.head(KEY)).status is Status.APPROVED
    steps = (await content.history(KEY))[1]
    assert [s.step.value for s in steps] == ["submitted", "returned", "submitted", "approved"]


async def test_a_step_counts_for_the_version_that_was_looked_at(content: Content) -> None:
    zofia = await hired(content, "Zofia")
    await content.save(KEY, titled(await article(content), "A"), 1, zofia)
    await content.save(KEY, titled(await article(content), "B"), 2, zofia)
    with pytest.raises(ConflictError):
        await content.submit(KEY, 2, zofia)


async def test_what_is_archived_is_gone_with_its_release_and_comes_back_when_restored(content: Content) -> None:
    zofia = await hired(content, "Zofia")
    version = await content.archive(KEY, zofia, "nie ma już tej metody")
    await released(content, (KEY, version.number), by=zofia)
    assert (await content.published()).knowledge_base.articles == {}
    head = await content.head(KEY)
    assert (head.published, head.status) == (None, Status.ARCHIVED)
    version = await content.restore(KEY, 1, zofia)
    assert version.content == (await content.version(KEY, 1)).content
    await released(content, (KEY, version.number), by=zofia)
    assert set((await content.published()).knowledge_base.articles) == {"payout-time"}


async def test_going_back_brings_what_was_before_and_keeps_the_newer_text_as_a_draft(content: Content) -> None:
    zofia = await hired(content, "Zofia")
    first = await content.current()
    await content.save(KEY, titled(await article(content), "Nowy"), 1, zofia)
    await content.save(fact_key("extra_time"), FactContent(2, "day", "terms", NOW.date()), 0, zofia)
    await released(content, (KEY, 2), (fact_key("extra_time"), 1), by=zofia)
    back = await content.candidate_of(first.id)
    assert [(str(c.key), c.before, c.after) for c in back.changes] == [
        ("article/payout-time", 2, 1), ("fact/extra_time", 1, None)
    ]  # fmt: skip
    await content.record(back, zofia, "index-0", {}, "źle odpowiada")
    assert (await content.current()).versions == first.versions
    assert (await content.current()).reason == "źle odpowiada"
    assert ((await content.head(KEY)).status, (await content.head(KEY)).published) == (Status.DRAFT, 1)
    assert (await content.head(fact_key("extra_time"))).published is None


async def test_of_two_releases_at_once_the_later_is_told_to_build_again(content: Content) -> None:
    zofia = await hired(content, "Zofia")
    await content.save(KEY, titled(await article(content), "Nowy"), 1, zofia)
    await content.save(FACT, FactContent(48, "hour", "terms", NOW.date()), 1, zofia)
    one, two = await content.candidate([(KEY, 2)]), await content.candidate([(FACT, 2)])
    await content.record(one, zofia, "index-1", {})
    with pytest.raises(ReleaseOvertakenError):
        await content.record(two, zofia, "index-2", {})
    again = await content.rebased(two)
    await content.record(again, zofia, "index-2", {})
    assert (await content.current()).versions == {"article/payout-time": 2, "fact/payout_time": 2}


async def test_phrasings_are_added_as_a_draft_and_none_twice(content: Content) -> None:
    zofia = await hired(content, "Zofia")
    added = ["gdzie hajs", "Gdzie HAJS", "pl payout-time 1", " "]
    version = await content.add_phrasings("payout-time", Language.PL, added, zofia)
    assert isinstance(version.content, ArticleContent)
    before = (await article(content)).texts[Language.PL].phrasings
    assert version.content.texts[Language.PL].phrasings == (*before, "gdzie hajs")
    assert (await content.head(KEY)).status is Status.DRAFT


async def test_what_cannot_be_kept_is_refused_with_what_to_do(content: Content) -> None:
    zofia, old = await hired(content, "Zofia"), await article(content)
    text = old.texts[Language.PL]
    huge = replace(old, texts={Language.PL: replace(text, body="x" * 1_000_000)})
    crowd = replace(old, texts={Language.PL: replace(text, phrasings=tuple(map(str, range(1_001))))})
    for bad in (huge, crowd):
        with pytest.raises(TooBigError):
            await content.save(KEY, bad, 1, zofia)
    with pytest.raises(BadNameError):
        await content.save(article_key("../etc"), old, 0, zofia)
    with pytest.raises(EntryExistsError):
        await content.start_article("payout-time", old, zofia)
    with pytest.raises(EntryNotFoundError):
        await content.version(KEY, 9)
    with pytest.raises(BadFactError, match="needs a number"):
        await content.save(FACT, FactContent("jutro", "hour", "terms", NOW.date()), 1, zofia)


async def test_all_or_none_of_many_drafts_are_kept(content: Content) -> None:
    zofia, old = await hired(content, "Zofia"), await article(content)
    drafts = [(article_key("new-one"), old, 0), (KEY, old, 7)]
    with pytest.raises(ConflictError):
        await content.save_many(drafts, zofia, Origin.IMPORT)
    assert [str(h.key) for h in await content.heads()] == ["article/payout-time", "fact/payout_time"]


async def test_entries_are_found_by_any_of_their_words(content: Content) -> None:
    assert [h.key for h in await content.heads(search="stan WYPŁATY")] == [KEY]
    assert await content.heads(search="100%_") == []


async def test_the_class_an_article_had_and_the_one_it_gets_ask_for_a_second_editor(content: Content) -> None:
    zofia, ala = await hired(content, "Zofia"), await hired(content, "Ala")
    old = await article(content)
    assert not await content.needs_review(KEY, old)
    await content.save(KEY, replace(old, risk=RiskClass.PROTECT), 1, zofia)
    assert [w.is_ready for w in await content.waiting()] == [False]
    with pytest.raises(NotReviewedError):
        await content.refuse_unready([(KEY, 2)])
    await content.submit(KEY, 2, zofia)
    await content.approve(KEY, 2, ala)
    await content.refuse_unready([(KEY, 2)])
    await released(content, (KEY, 2), by=zofia)
    assert await content.needs_review(KEY, replace(old, risk=RiskClass.AUTO))
    assert await content.needs_review(FACT, FactContent(48, "hour", "terms", NOW.date()))


async def test_a_fact_that_is_quoted_is_not_deleted(content: Content) -> None:
    zofia = await hired(content, "Zofia")
    with pytest.raises(FactInUseError) as refusal:
        await content.delete_fact(FACT, zofia, "")
    assert refusal.value.more == {"articles": ["payout-time"]}
    assert await content.quoting("payout_time") == {"payout-time": ["en", "pl"]}


async def test_only_what_a_change_breaks_stands_in_its_way(content: Content) -> None:
    live = (await content.published()).knowledge_base
    gone = (await content.with_drafts({FACT: None})).knowledge_base
    assert "template" in {p.code for p in new_problems(live, gone, TODAY)}
    html = titled(await article(content), "Z <b>")
    text = replace(html.texts[Language.PL], body="<script>alert(1)</script>\n\n{{ fact.__class__ }}")
    broken = (await content.with_drafts({KEY: replace(html, texts={**html.texts, Language.PL: text})})).knowledge_base
    found = new_problems(live, broken, TODAY)
    assert {(p.code, p.line - broken.articles["payout-time"].texts[Language.PL].body_line) for p in found} >= {
        ("html", 0), ("template", 2), ("digits", 0)
    }  # fmt: skip
    assert new_problems(broken, broken, TODAY) == []
