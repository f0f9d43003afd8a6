"""Every SQL statement about entries, their versions and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.content.encoding import content_from_json, content_to_json, folded_of, summary_of
from api.content.values import (
    Contents,
    EntryKind,
    Head,
    Key,
    Origin,
    Status,
    Step,
    StepTaken,
    Version,
    WorkingCopy,
)
from api.database.tables import content_entries, content_steps, content_versions, staff, working_copies

CHUNK = 400  # keys in one statement; SQLite takes 32,766 values
e, v = content_entries.c, content_versions.c


async def heads(
    connection: AsyncConnection, kind: EntryKind | None = None, folded: str = "", statuses: Iterable[Status] = ()
) -> list[Head]:
    """Entries by name, of a kind, with some folded words and in some states, if asked for."""
    found = select(content_entries).order_by(e.name)
    if kind:
        found = found.where(e.kind == kind)
    if statuses:
        found = found.where(e.status.in_(statuses))
    for word in folded.split():
        found = found.where(e.folded.contains(word, autoescape=True))
    return [_head(row) for row in (await connection.execute(found)).mappings()]


async def head(connection: AsyncConnection, key: Key, *, to_write: bool = False) -> Head | None:
    """An entry; `to_write` keeps others from writing it meanwhile."""
    found = select(content_entries).where(e.kind == key.kind, e.name == key.name)
    row = (await connection.execute(found.with_for_update() if to_write else found)).mappings().one_or_none()
    return _head(row) if row else None


async def counts(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    """How many entries there are of each (kind, status)."""
    found = select(e.kind, e.status, func.count()).group_by(e.kind, e.status)
    return {(kind, status): count for kind, status, count in await connection.execute(found)}


async def add_version(
    connection: AsyncConnection, version: Version, status: Status, published: int | None = None
) -> None:
    """The next version of an entry, which becomes its newest."""
    key = {"kind": version.key.kind.value, "name": version.key.name}
    seen = {
        "head": version.number, "status": status, "is_archived": version.is_archived,
        "summary": summary_of(version.content), "folded": folded_of(version.key, version.content),
        "changed_at": version.created_at,
    }  # fmt: skip
    if version.number == 1:
        await connection.execute(insert(content_entries).values(**key, published=published, **seen))
    else:
        await connection.execute(
            update(content_entries).where(e.kind == key["kind"], e.name == key["name"]).values(**seen)
        )
    await connection.execute(insert(content_versions).values(**key, **_version_values(version)))


async def add_first_versions(connection: AsyncConnection, versions: Sequence[Version]) -> None:
    """Many new entries at once, published as they are."""
    rows = [
        {
            "kind": each.key.kind.value, "name": each.key.name, "head": 1, "published": 1,
            "status": Status.PUBLISHED.value, "is_archived": False, "summary": summary_of(each.content),
            "folded": folded_of(each.key, each.content), "changed_at": each.created_at,
        }
        for each in versions
    ]  # fmt: skip
    if rows:
        await connection.execute(insert(content_entries), rows)
        await connection.execute(
            insert(content_versions),
            [{"kind": each.key.kind.value, "name": each.key.name} | _version_values(each) for each in versions],
        )


async def version(connection: AsyncConnection, key: Key, number: int) -> Version | None:
    """One version."""
    found = _versions().where(v.kind == key.kind, v.name == key.name, v.number == number)
    row = (await connection.execute(found)).mappings().one_or_none()
    return _version(row) if row else None


async def versions(connection: AsyncConnection, key: Key) -> list[Version]:
    """All versions of an entry, newest first."""
    found = _versions().where(v.kind == key.kind, v.name == key.name).order_by(v.number.desc())
    return [_version(row) for row in (await connection.execute(found)).mappings()]


async def contents(
    connection: AsyncConnection, wanted: Iterable[tuple[Key, int]]
) -> dict[tuple[Key, int], tuple[Contents, bool]]:
    """The contents of many versions, and whether each takes its entry away."""
    found: dict[tuple[Key, int], tuple[Contents, bool]] = {}
    keys = [(key.kind.value, key.name, number) for key, number in wanted]
    for start in range(0, len(keys), CHUNK):
        chosen = select(v.kind, v.name, v.number, v.content, v.is_archived).where(
            tuple_(v.kind, v.name, v.number).in_(keys[start : start + CHUNK])
        )
        for kind, name, number, content, is_archived in await connection.execute(chosen):
            key = Key(EntryKind(kind), name)
            found[key, number] = content_from_json(key.kind, content), is_archived
    return found


async def set_head(connection: AsyncConnection, key: Key, **values: Any) -> None:
    """What has changed of an entry."""
    await connection.execute(update(content_entries).where(e.kind == key.kind, e.name == key.name).values(**values))


async def add_step(
    connection: AsyncConnection, key: Key, number: int, step: Step, staff_id: int | None, note: str, at: datetime
) -> None:
    """What became of a version."""
    await connection.execute(
        insert(content_steps).values(
            kind=key.kind.value, name=key.name, number=number, step=step, staff_id=staff_id, note=note, at=at
        )
    )


async def steps(connection: AsyncConnection, key: Key) -> list[StepTaken]:
    """What became of an entry's versions, in order."""
    s = content_steps.c
    found = (
        select(s.number, s.step, s.staff_id, staff.c.name, s.note, s.at)
        .select_from(content_steps.outerjoin(staff, staff.c.id == s.staff_id))
        .where(s.kind == key.kind, s.name == key.name)
        .order_by(s.id)
    )
    return [StepTaken(number, Step(step), *rest) for number, step, *rest in await connection.execute(found)]


async def keep_working_copy(
    connection: AsyncConnection, key: Key, staff_id: int, base: int, fields: Mapping[str, Any], at: datetime
) -> None:
    """What somebody has typed so far, in place of what they had typed before."""
    await drop_working_copy(connection, key, staff_id)
    await connection.execute(
        insert(working_copies).values(
            kind=key.kind.value, name=key.name, staff_id=staff_id, base=base, fields=dict(fields), saved_at=at
        )
    )


async def drop_working_copy(connection: AsyncConnection, key: Key, staff_id: int) -> None:
    """It has become a version, or is not wanted any more."""
    w = working_copies.c
    await connection.execute(
        delete(working_copies).where(w.kind == key.kind, w.name == key.name, w.staff_id == staff_id)
    )


async def working_copies_of(connection: AsyncConnection, key: Key) -> list[WorkingCopy]:
    """What everybody has typed of an entry, latest first."""
    w = working_copies.c
    found = (
        select(w.staff_id, staff.c.name, w.base, w.fields, w.saved_at)
        .join_from(working_copies, staff, staff.c.id == w.staff_id)
        .where(w.kind == key.kind, w.name == key.name)
        .order_by(w.saved_at.desc())
    )
    return [WorkingCopy(*row) for row in await connection.execute(found)]


async def working_copies_by(connection: AsyncConnection, staff_id: int) -> dict[Key, datetime]:
    """The entries that somebody has typed in without keeping a version, and when."""
    w = working_copies.c
    found = select(w.kind, w.name, w.saved_at).where(w.staff_id == staff_id)
    return {Key(EntryKind(kind), name): at for kind, name, at in await connection.execute(found)}


def _version_values(version: Version) -> dict[str, Any]:
    return {
        "number": version.number, "content": content_to_json(version.content), "is_archived": version.is_archived,
        "author_id": version.author_id, "origin": version.origin.value, "note": version.note,
        "created_at": version.created_at,
    }  # fmt: skip


def _versions() -> Any:
    return select(content_versions, staff.c.name.label("author_name")).select_from(
        content_versions.outerjoin(staff, staff.c.id == v.author_id)
    )


def _head(row: RowMapping) -> Head:
    return Head(
        Key(EntryKind(row["kind"]), row["name"]), row["head"], row["published"], Status(row["status"]),
        row["is_archived"], row["summary"], row["changed_at"],
    )  # fmt: skip


def _version(row: RowMapping) -> Version:
    key = Key(EntryKind(row["kind"]), row["name"])
    return Version(
        key, row["number"], content_from_json(key.kind, row["content"]), row["is_archived"], row["author_id"],
        row["author_name"], Origin(row["origin"]), row["note"], row["created_at"],
    )  # fmt: skip
