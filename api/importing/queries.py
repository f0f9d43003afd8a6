"""Every SQL statement of an import: rows are staged in parts, and become entries all at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, false, insert, literal, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.content.encoding import content_to_json, folded_of, summary_of
from api.content.values import Origin, Status
from api.database.tables import content_entries, content_staged, content_versions
from api.importing.values import Planned

s = content_staged.c


async def stage(
    connection: AsyncConnection, batch: str, start: int, drafts: Sequence[Planned], author_id: int | None, note: str,
    at: datetime,
) -> None:  # fmt: skip
    """Some new entries, seen by nobody yet."""
    rows: list[dict[str, Any]] = [
        {
            "batch": batch, "position": start + i, "kind": each.key.kind.value, "name": each.key.name,
            "summary": summary_of(each.content), "folded": folded_of(each.key, each.content),
            "content": content_to_json(each.content), "author_id": author_id, "note": note, "staged_at": at,
        }
        for i, each in enumerate(drafts)
        if each.content is not None
    ]  # fmt: skip
    await connection.execute(insert(content_staged), rows)


async def make_entries(connection: AsyncConnection, batch: str) -> None:
    """All that was staged becomes entries with a first version, drafts; fails as a whole where a name is taken."""
    mine = s.batch == batch
    await connection.execute(
        insert(content_entries).from_select(
            ["kind", "name", "head", "published", "status", "is_archived", "summary", "folded", "changed_at"],
            select(
                s.kind, s.name, literal(1), null(), literal(Status.DRAFT.value), false(), s.summary, s.folded,
                s.staged_at,
            ).where(mine),
        )
    )  # fmt: skip
    await connection.execute(
        insert(content_versions).from_select(
            ["kind", "name", "number", "content", "is_archived", "author_id", "origin", "note", "created_at"],
            select(
                s.kind, s.name, literal(1), s.content, false(), s.author_id, literal(Origin.IMPORT.value), s.note,
                s.staged_at,
            ).where(mine),
        )
    )  # fmt: skip


async def forget(connection: AsyncConnection, batch: str) -> None:
    """Nothing of a batch is staged any more."""
    await connection.execute(delete(content_staged).where(s.batch == batch))


async def forget_old(connection: AsyncConnection, before: datetime) -> None:
    """Left behind by a process that died in the middle."""
    await connection.execute(delete(content_staged).where(s.staged_at < before))
