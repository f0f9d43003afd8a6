"""Writing articles and facts: working copies, versions, review. Each method is one short transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.content import queries
from api.content.limits import NOTE_MAX, refuse_bad_name, refuse_unsound
from api.content.problems import (
    ConflictError,
    EntryExistsError,
    EntryNotFoundError,
)
from api.content.values import (
    ArticleContent,
    Contents,
    EntryKind,
    Head,
    Key,
    Origin,
    Status,
    StepTaken,
    Version,
    WorkingCopy,
    article_key,
)
from api.database.connection import Database
from api.staff.values import Staff
from bot.text import fold
from knowledge_base.article import Language

OPEN = frozenset({Status.DRAFT, Status.REVIEW, Status.APPROVED})


class Drafts:
    """Everything before publishing."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def heads(self, kind: EntryKind | None = None, search: str = "") -> list[Head]:
        """Entries by name, of a kind and with some words, if asked for; archived ones too."""
        async with self._database.scanning() as connection:
            return await queries.heads(connection, kind, fold(search)[:200])

    async def drafted(self) -> list[Head]:
        """Entries whose newest version players do not get yet."""
        async with self._database.reading() as connection:
            return await queries.heads(connection, statuses=OPEN)

    async def head(self, key: Key) -> Head:
        """An entry as it stands."""
        async with self._database.reading() as connection:
            return found(await queries.head(connection, key), key)

    async def version(self, key: Key, number: int) -> Version:
        """One version."""
        async with self._database.reading() as connection:
            return await _version(connection, key, number)

    async def history(self, key: Key) -> tuple[list[Version], list[StepTaken]]:
        """All versions, newest first, and what became of them."""
        async with self._database.reading() as connection:
            return await queries.versions(connection, key), await queries.steps(connection, key)

    async def working_copies(self, key: Key) -> list[WorkingCopy]:
        """What people have typed and not kept yet, latest first."""
        async with self._database.reading() as connection:
            return await queries.working_copies_of(connection, key)

    async def unfinished(self, by: Staff) -> Mapping[Key, datetime]:
        """Where somebody has typed without keeping a version."""
        async with self._database.reading() as connection:
            return await queries.working_copies_by(connection, by.id)

    async def autosave(self, key: Key, by: Staff, base: int, fields: Mapping[str, Any]) -> datetime:
        """Keep what is being typed, however unfinished; when it was kept."""
        refuse_bad_name(key)
        at = self._now()
        async with self._database.writing() as connection:
            await queries.keep_working_copy(connection, key, by.id, base, fields, at)
        return at

    async def discard(self, key: Key, by: Staff) -> None:
        """Forget what somebody has typed and not kept."""
        async with self._database.writing() as connection:
            await queries.drop_working_copy(connection, key, by.id)

    async def save(
        self, key: Key, content: Contents, base: int, by: Staff | None, origin: Origin = Origin.EDITOR, note: str = "",
        *, is_archived: bool = False,
    ) -> Version:  # fmt: skip
        """Keep the next version, a draft on top of number `base` (0: a new entry).

        ConflictError if there is a newer one by now. The working copy it came from is done with.
        """
        async with self._database.writing() as connection:
            return await self._save(connection, key, content, base, by, origin, note, is_archived=is_archived)

    async def save_many(
        self, drafts: Sequence[tuple[Key, Contents, int]], by: Staff | None, origin: Origin, note: str = ""
    ) -> list[Version]:
        """Keep all or nothing."""
        async with self._database.writing() as connection:
            return [await self._save(connection, *draft, by, origin, note) for draft in drafts]

    async def save_plan(
        self, plan: Sequence[tuple[Key, Contents | None, int]], by: Staff | None, note: str
    ) -> list[tuple[Key, int]]:
        """As `save_many`, where None archives an entry: the versions that were kept, ready to be published."""
        async with self._database.writing() as connection:
            kept = []
            for key, content, base in plan:
                newest = (await _version(connection, key, base)).content if content is None else content
                version = await self._save(
                    connection, key, newest, base, by, Origin.IMPORT, note, is_archived=content is None
                )
                kept.append((key, version.number))
            return kept

    async def contents(self, wanted: Sequence[tuple[Key, int]]) -> dict[tuple[Key, int], Contents]:
        """What many versions hold."""
        async with self._database.scanning() as connection:
            found = await queries.contents(connection, wanted)
        return {each: content for each, (content, _is_archived) in found.items()}

    async def start_article(
        self, article_id: str, content: ArticleContent, by: Staff, origin: Origin = Origin.LEARNING, note: str = ""
    ) -> Version:
        """A new article as a draft; EntryExistsError if the name is taken."""
        return await self.save(article_key(article_id), content, 0, by, origin, note)

    async def add_phrasings(
        self, article_id: str, language: Language, phrasings: Sequence[str], by: Staff, note: str = ""
    ) -> Version:
        """A draft on top of the newest version with more ways to ask; those it has already are left out."""
        key = article_key(article_id)
        async with self._database.writing() as connection:
            head = found(await queries.head(connection, key, to_write=True), key)
            newest = await _version(connection, key, head.head)
            content = newest.content
            if not isinstance(content, ArticleContent) or language not in content.texts:
                raise EntryNotFoundError(f"'{article_id}' has no text in '{language.value}' to add phrasings to.")
            text = content.texts[language]
            more = {fold(each.strip()): each.strip() for each in reversed(phrasings) if each.strip()}
            for known in text.phrasings:
                more.pop(fold(known), None)
            texts = {**content.texts, language: replace(text, phrasings=(*text.phrasings, *reversed(more.values())))}
            return await self._save(
                connection, key, replace(content, texts=texts), head.head, by, Origin.LEARNING, note
            )

    async def archive(self, key: Key, by: Staff, note: str) -> Version:
        """A draft that, once published, takes the entry away."""
        head = await self.head(key)
        newest = await self.version(key, head.head)
        return await self.save(key, newest.content, head.head, by, Origin.EDITOR, note, is_archived=True)

    async def restore(self, key: Key, number: int, by: Staff) -> Version:
        """An earlier version's content as the next version, a draft."""
        head = await self.head(key)
        old = await self.version(key, number)
        return await self.save(key, old.content, head.head, by, Origin.RESTORED, f"#{number}")

    async def _save(
        self, connection: AsyncConnection, key: Key, content: Contents, base: int, by: Staff | None,
        origin: Origin, note: str, *, is_archived: bool = False,
    ) -> Version:  # fmt: skip
        refuse_bad_name(key)
        refuse_unsound(key, content)
        head = await queries.head(connection, key, to_write=True)
        if base == 0 and head is not None:
            raise EntryExistsError(f"There is a '{key.name}' already; choose another name or open that one.")
        if head is not None and head.head != base:
            raise ConflictError(
                f"Version {head.head} of '{key.name}' was kept since you began from {base}.", head=head.head
            )
        if head is None and base != 0:
            raise EntryNotFoundError(f"There is no '{key.name}'.")
        version = Version(
            key, base + 1, content, is_archived, by.id if by else None, by.name if by else None, origin,
            note[:NOTE_MAX], self._now(),
        )  # fmt: skip
        await queries.add_version(connection, version, Status.DRAFT)
        if by:
            await queries.drop_working_copy(connection, key, by.id)
        return version


def found(head: Head | None, key: Key) -> Head:
    if head is None:
        raise EntryNotFoundError(f"There is no {key.kind.value} '{key.name[:80]}'.")
    return head


async def _version(connection: AsyncConnection, key: Key, number: int) -> Version:
    found = await queries.version(connection, key, number)
    if found is None:
        raise EntryNotFoundError(f"There is no version {number} of '{key.name[:80]}'.")
    return found
