"""Every SQL statement about questions that found no good answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.tables import open_questions, staff
from api.learning.values import NewQuestion, OpenQuestion, Source, State

q = open_questions.c
READ_MAX = 3_000  # questions grouped at once: the newest; the distances of more would not fit a small machine's memory


async def add(connection: AsyncConnection, new: Iterable[NewQuestion]) -> None:
    """Keep them; what is kept already stays as it is."""
    rows = [
        {
            "source": each.source, "text": each.text, "lang": each.lang, "at": each.at,
            "conversation_id": each.conversation_id, "number": each.number, "reason": each.reason,
            "articles": list(each.articles), "answered_with": each.answered_with, "note": each.note,
            "staff_id": each.staff_id, "state": State.OPEN,
        }
        for each in new
    ]  # fmt: skip
    if rows:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        await connection.execute(dialect.insert(open_questions).on_conflict_do_nothing(), rows)


async def latest(connection: AsyncConnection, sources: Iterable[Source]) -> datetime | None:
    """When the newest question of these sources was asked."""
    found = select(func.max(q.at)).where(q.source.in_(list(sources)))
    return (await connection.execute(found)).scalar_one_or_none()


async def open_and_aside(connection: AsyncConnection, since: datetime) -> list[tuple[OpenQuestion, bytes | None, str]]:
    """The newest that are open or set aside, flags not counted, with their vectors and whose they are."""
    found = (
        _select()
        .where(q.state.in_((State.OPEN, State.SET_ASIDE)), q.source != Source.FLAGGED, q.at >= since)
        .order_by(q.at.desc(), q.id.desc())
        .limit(READ_MAX)
    )
    rows = (await connection.execute(found)).mappings()
    return [(_question(row), row["vector"], row["model"] or "") for row in rows]


async def flags(connection: AsyncConnection) -> list[OpenQuestion]:
    """What consultants flagged and nobody has dealt with, the newest first."""
    found = _select().where(q.source == Source.FLAGGED, q.state == State.OPEN).order_by(q.at.desc(), q.id.desc())
    return [_question(row) for row in (await connection.execute(found.limit(READ_MAX))).mappings()]


async def by_ids(connection: AsyncConnection, ids: Sequence[int]) -> list[OpenQuestion]:
    """Those of the questions that are there, the oldest first."""
    found = _select().where(q.id.in_(ids)).order_by(q.at, q.id)
    return [_question(row) for row in (await connection.execute(found)).mappings()]


async def keep_vectors(connection: AsyncConnection, vectors: dict[int, bytes], model: str) -> None:
    """What the encoder made of the questions, by id."""
    for question_id, vector in vectors.items():
        await connection.execute(update(open_questions).where(q.id == question_id).values(vector=vector, model=model))


async def settle(
    connection: AsyncConnection, ids: Sequence[int], state: State, staff_id: int, at: datetime, article: str | None
) -> int:
    """What editors made of them; how many it was."""
    changed = await connection.execute(
        update(open_questions)
        .where(q.id.in_(ids))
        .values(state=state, settled_by=staff_id, settled_at=at, settled_article=article)
    )
    return changed.rowcount


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How many are open, by source."""
    found = select(q.source, func.count()).where(q.state == State.OPEN).group_by(q.source)
    return {str(source): int(count) for source, count in await connection.execute(found)}


def _select() -> Select[Any]:
    return select(open_questions, staff.c.name.label("flagged_by")).outerjoin(staff, staff.c.id == q.staff_id)


def _question(row: RowMapping) -> OpenQuestion:
    return OpenQuestion(
        row["id"], Source(row["source"]), row["text"], row["lang"], row["at"], row["conversation_id"], row["number"],
        row["reason"], row["articles"], row["answered_with"], row["note"], State(row["state"]), row["flagged_by"],
    )  # fmt: skip
