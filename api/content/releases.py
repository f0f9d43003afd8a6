"""From versions to what players get: candidates, the release in force, going back. Each method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio.to_thread
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.content import queries, release_queries
from api.content.assembling import article_of, contents_of, fact_of
from api.content.problems import EntryNotFoundError, NotReadyError, ReleaseOvertakenError
from api.content.values import (
    ArticleContent,
    Candidate,
    Contents,
    EntryKind,
    Key,
    Origin,
    Release,
    Status,
    Step,
    Version,
    VersionChange,
)
from api.database.connection import Database
from api.staff.values import Staff
from knowledge_base.article import Article
from knowledge_base.facts import Fact
from knowledge_base.reading import KnowledgeBase, read_knowledge_base
from knowledge_base.writing import facts_yaml

REASON_MAX = 500


class Releases:
    """What is in force and what could be; the versions in force stay in memory, made ready once."""

    def __init__(self, database: Database, now: Callable[[], datetime], folder: Path) -> None:
        self._database = database
        self._now = now
        self._folder = folder
        self._made: dict[Key, tuple[int, Article | Fact]] = {}  # the newest made of each entry

    async def seed(self) -> None:
        """At the first start, the knowledge base's files become the first release."""
        if await self.current_id() is not None:
            return
        base = await anyio.to_thread.run_sync(read_knowledge_base, self._folder)
        at = self._now()
        versions = [
            Version(key, 1, content, False, None, None, Origin.SEED, "", at)
            for key, content in contents_of(base).items()
        ]
        first = Candidate(base, {str(version.key): 1 for version in versions})
        async with self._database.writing() as connection:
            if await release_queries.current_id(connection) is not None:
                return  # another process was first
            await queries.add_first_versions(connection, versions)
            await release_queries.add(connection, first, index_version="", staff_id=None, reason=None, report={}, at=at)

    async def current_id(self) -> int | None:
        """The release in force; None before the first."""
        async with self._database.reading() as connection:
            return await release_queries.current_id(connection)

    async def current(self) -> Release:
        """The release in force; NotReadyError before the first."""
        async with self._database.reading() as connection:
            return await self._current(connection)

    async def release(self, release_id: int) -> Release:
        """One release."""
        async with self._database.reading() as connection:
            found = await release_queries.by_id(connection, release_id)
        if found is None:
            raise EntryNotFoundError(f"There is no release {release_id}.")
        return found

    async def releases(self, limit: int = 50) -> list[Release]:
        """Newest first; what each consists of is left out."""
        async with self._database.reading() as connection:
            return await release_queries.latest(connection, limit)

    async def published(self) -> Candidate:
        """What players get now."""
        return await self.candidate(())

    async def candidate(self, chosen: Iterable[tuple[Key, int]]) -> Candidate:
        """What players would get if these versions were published too; a version that archives takes its entry away."""
        chosen = list(chosen)
        async with self._database.scanning() as connection:
            release = await self._current(connection)
            gone = {
                key
                for (key, _), (_, is_archived) in (await queries.contents(connection, chosen)).items()
                if is_archived
            }
            after = {**release.versions, **{str(key): number for key, number in chosen if key not in gone}}
            for key in gone:
                after.pop(str(key), None)
            changes = tuple(
                VersionChange(key, release.versions.get(str(key)), after.get(str(key)), number)
                for key, number in chosen
            )
            return await self._candidate(connection, after, changes, release.id)

    async def candidate_of(self, release_id: int) -> Candidate:
        """What players got by an earlier release, as a candidate to go back to."""
        wanted = await self.release(release_id)
        async with self._database.scanning() as connection:
            release = await self._current(connection)
            before, after = release.versions, wanted.versions
            changed = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
            changes = tuple(
                VersionChange(Key.of(key), before.get(key), after.get(key), after.get(key) or before[key])
                for key in changed
            )
            return await self._candidate(connection, after, changes, release.id)

    async def rebased(self, candidate: Candidate) -> Candidate:
        """The same changes on top of what is in force by now."""
        return await self.candidate([(change.key, change.chosen) for change in candidate.changes])

    async def record(
        self, candidate: Candidate, by: Staff | None, index_version: str, report: Mapping[str, Any],
        reason: str | None = None,
    ) -> Release:  # fmt: skip
        """Put the candidate in force; ReleaseOvertakenError if another one has come into force since it was made."""
        at = self._now()
        try:
            async with self._database.writing() as connection:
                if await release_queries.current_id(connection) != candidate.former_release:
                    raise ReleaseOvertakenError("Something else was published meanwhile; it has to be built again.")
                new = await release_queries.add(
                    connection, candidate, index_version=index_version, staff_id=by.id if by else None,
                    reason=reason[:REASON_MAX] if reason else None, report=report, at=at,
                )  # fmt: skip
                for change in candidate.changes:
                    await _put_in_force(connection, change, by, at)
                recorded = await release_queries.by_id(connection, new)
        except IntegrityError as error:  # another process: two releases cannot follow the same one
            raise ReleaseOvertakenError("Something else was published meanwhile; it has to be built again.") from error
        assert recorded is not None
        return recorded

    async def _current(self, connection: AsyncConnection) -> Release:
        current = await release_queries.current_id(connection)
        found = await release_queries.by_id(connection, current) if current is not None else None
        if found is None:
            raise NotReadyError("Nothing has been published yet; the service is still starting.")
        return found

    async def _candidate(
        self, connection: AsyncConnection, versions: Mapping[str, int], changes: tuple[VersionChange, ...], former: int
    ) -> Candidate:
        wanted = {Key.of(key): number for key, number in versions.items()}
        made = {key: self._made[key] for key in wanted if key in self._made and self._made[key][0] == wanted[key]}
        missing = [(key, number) for key, number in wanted.items() if key not in made]
        contents = await queries.contents(connection, missing)
        if contents:
            new = await anyio.to_thread.run_sync(self._make, {each: found for each, (found, _) in contents.items()})
            made |= new
            self._made |= new
        base = self._knowledge_base({key: made[key][1] for key in sorted(wanted)})
        return Candidate(base, dict(versions), changes, former)

    def _make(self, contents: Mapping[tuple[Key, int], Contents]) -> dict[Key, tuple[int, Article | Fact]]:
        return {
            key: (
                number,
                article_of(key.name, content, self._folder)
                if isinstance(content, ArticleContent)
                else fact_of(key.name, content),
            )
            for (key, number), content in contents.items()
        }

    def _knowledge_base(self, made: Mapping[Key, Article | Fact]) -> KnowledgeBase:
        articles = {key.name: each for key, each in made.items() if isinstance(each, Article)}
        facts = {key.name: each for key, each in made.items() if isinstance(each, Fact)}
        return KnowledgeBase(self._folder, articles, facts, (), facts_yaml(facts.values()))

    async def with_drafts(self, drafts: Mapping[Key, Contents | None]) -> Candidate:
        """What players would get with contents that are no versions yet; None takes an entry away."""
        live = await self.published()
        articles, facts = dict(live.knowledge_base.articles), dict(live.knowledge_base.facts)
        for key, content in drafts.items():
            if content is None and key.kind is EntryKind.ARTICLE:
                articles.pop(key.name, None)
            elif content is None:
                facts.pop(key.name, None)
            elif isinstance(content, ArticleContent):
                articles[key.name] = article_of(key.name, content, self._folder)
            else:
                facts[key.name] = fact_of(key.name, content)
        base = replace(live.knowledge_base, articles=articles, facts=facts, facts_source=facts_yaml(facts.values()))
        return replace(live, knowledge_base=base)


async def _put_in_force(connection: AsyncConnection, change: VersionChange, by: Staff | None, at: datetime) -> None:
    """What an entry looks like once the change is in force."""
    head = await queries.head(connection, change.key, to_write=True)
    if head is None:
        return
    status = head.status
    if change.after is not None and head.head == change.after:
        status = Status.PUBLISHED
    elif change.after is None and head.head == change.chosen and head.is_archived:
        status = Status.ARCHIVED
    elif status in {Status.PUBLISHED, Status.ARCHIVED}:
        status = Status.DRAFT  # players get something older than the newest version
    await queries.set_head(connection, change.key, published=change.after, status=status)
    await queries.add_step(connection, change.key, change.chosen, Step.PUBLISHED, by.id if by else None, "", at)
