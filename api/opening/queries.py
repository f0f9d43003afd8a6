"""Every SQL statement about opening hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.tables import opening_changes, opening_hours, staff
from api.opening.hours import Channel, Hours
from knowledge_base.article import Language

CHANGES_SHOWN = 20


@dataclass(frozen=True)
class OpeningChange:
    """Who changed which hours, when, from what to what."""

    channel: Channel
    language: Language
    at: datetime
    name: str
    before: Hours
    after: Hours


async def stored(connection: AsyncConnection) -> Mapping[tuple[Channel, Language], tuple[Hours, int]]:
    """All hours that a manager has ever set, with their versions."""
    rows = (await connection.execute(select(opening_hours))).mappings()
    return {
        (Channel(row["channel"]), Language(row["language"])): (Hours.from_json(row["hours"]), row["version"])
        for row in rows
    }


async def of_channel(connection: AsyncConnection, channel: Channel, language: Language) -> tuple[Hours, int] | None:
    """The hours that a manager has set for it, with their version."""
    t = opening_hours.c
    found = select(t.hours, t.version).where(t.channel == channel, t.language == language)
    row = (await connection.execute(found)).one_or_none()
    return (Hours.from_json(row.hours), row.version) if row else None


async def put(
    connection: AsyncConnection, channel: Channel, language: Language, hours: Hours, version: int, at: datetime
) -> bool:
    """Store the hours that follow a version; False where that version is no longer the newest."""
    t = opening_hours.c
    values: dict[str, Any] = {"hours": hours.to_json(), "version": version + 1, "changed_at": at}
    if version == 0:
        await connection.execute(insert(opening_hours).values(channel=channel, language=language, **values))
        return True
    changed = await connection.execute(
        update(opening_hours).where(t.channel == channel, t.language == language, t.version == version).values(**values)
    )
    return changed.rowcount == 1


async def record(
    connection: AsyncConnection, channel: Channel, language: Language, staff_id: int, at: datetime,
    before: Hours, after: Hours,
) -> None:  # fmt: skip
    """Who changed what."""
    await connection.execute(
        insert(opening_changes).values(
            channel=channel, language=language, at=at, staff_id=staff_id, before=before.to_json(), after=after.to_json()
        )
    )


async def changes(connection: AsyncConnection) -> list[OpeningChange]:
    """The last changes, newest first."""
    t = opening_changes.c
    found = (
        select(opening_changes, staff.c.name)
        .join(staff, staff.c.id == t.staff_id)
        .order_by(t.id.desc())
        .limit(CHANGES_SHOWN)
    )
    return [
        OpeningChange(
            Channel(row["channel"]), Language(row["language"]), row["at"], row["name"],
            Hours.from_json(row["before"]), Hours.from_json(row["after"]),
        )
        for row in (await connection.execute(found)).mappings()
    ]  # fmt: skip
