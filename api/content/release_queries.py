"""Every SQL statement about releases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.content.encoding import changes_from_json, changes_to_json
from api.content.values import Candidate, Release
from api.database.tables import releases, staff

r = releases.c


async def current_id(connection: AsyncConnection) -> int | None:
    """The release in force."""
    found: int | None = (await connection.execute(select(func.max(r.id)))).scalar_one_or_none()
    return found


async def by_id(connection: AsyncConnection, release_id: int) -> Release | None:
    """One release."""
    row = (await connection.execute(_releases().where(r.id == release_id))).mappings().one_or_none()
    return _release(row) if row else None


async def latest(connection: AsyncConnection, limit: int) -> list[Release]:
    """Newest first, without what each consists of."""
    found = _releases(with_versions=False).order_by(r.id.desc()).limit(limit)
    return [_release(row) for row in (await connection.execute(found)).mappings()]


async def add(
    connection: AsyncConnection, candidate: Candidate, *, index_version: str, staff_id: int | None,
    reason: str | None, report: Mapping[str, Any], at: datetime,
) -> int:  # fmt: skip
    """A new release's id; it is in force as soon as the transaction is."""
    added = await connection.execute(
        insert(releases)
        .values(
            former_id=candidate.former_release or None, versions=dict(candidate.versions),
            changes=changes_to_json(candidate.changes), index_version=index_version, staff_id=staff_id,
            reason=reason, report=dict(report), created_at=at,
        )
        .returning(r.id)
    )  # fmt: skip
    return int(added.scalar_one())


def _releases(*, with_versions: bool = True) -> Any:
    columns = [r.id, r.changes, r.index_version, r.former_id, r.staff_id, r.reason, r.report, r.created_at]
    if with_versions:
        columns.append(r.versions)
    return select(*columns, staff.c.name.label("staff_name")).select_from(
        releases.outerjoin(staff, staff.c.id == r.staff_id)
    )


def _release(row: RowMapping) -> Release:
    return Release(
        row["id"], row.get("versions", {}), changes_from_json(row["changes"]), row["index_version"], row["former_id"],
        row["staff_id"], row["staff_name"], row["reason"], row["report"], row["created_at"],
    )  # fmt: skip
