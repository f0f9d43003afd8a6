"""Every SQL statement about questions that found no good answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.queries import event_of_row
from api.conversations.values import Author, Event, Kind
from api.database.tables import conversations, events, open_questions, staff, suggestions
from api.learning.gathering import TELLING, Sent
from api.learning.values import GATHERED, GROUPED, NewQuestion, OpenQuestion, Source, State

q = open_questions.c
READ_MAX = 2_000  # questions grouped at once: the newest; their distances take a second or two and 16 MB


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


async def last_gathered(connection: AsyncConnection) -> datetime | None:
    """When the newest of the questions that conversations are looked through for was asked."""
    found = select(func.max(q.at)).where(q.source.in_(GATHERED))
    latest: datetime | None = (await connection.execute(found)).scalar_one_or_none()
    return latest


async def telling_conversations(connection: AsyncConnection, since: datetime) -> dict[str, str]:
    """Conversations, not protected ones, in which something has shown since then; id -> language."""
    found = (
        select(conversations.c.id, conversations.c.lang)
        .join(events, events.c.conversation_id == conversations.c.id)
        .where(events.c.kind.in_(TELLING), events.c.at >= since, conversations.c.is_protected.is_(False))
        .distinct()
    )
    return {str(row.id): str(row.lang) for row in await connection.execute(found)}


async def events_of(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, list[Event]]:
    """What was said and what shows something, by conversation, in order."""
    found = (
        select(events)
        .where(events.c.conversation_id.in_(ids), events.c.kind.in_((Kind.MESSAGE, *TELLING)))
        .order_by(events.c.conversation_id, events.c.number)
    )
    grouped: dict[str, list[Event]] = {}
    for row in (await connection.execute(found)).mappings():
        grouped.setdefault(row["conversation_id"], []).append(event_of_row(row))
    return grouped


async def drafts_of(connection: AsyncConnection, ids: Sequence[str]) -> dict[int, Sent]:
    """The drafts of conversations, by id."""
    s = suggestions.c
    found = select(s.id, s.answers, s.article_id).where(s.conversation_id.in_(ids))
    return {row.id: Sent(row.answers, row.article_id) for row in await connection.execute(found)}


async def replies_after(connection: AsyncConnection, conversation_id: str, number: int, limit: int) -> list[str]:
    """What consultants said next."""
    e = events.c
    found = (
        select(e.payload)
        .where(e.conversation_id == conversation_id, e.number > number, e.kind == Kind.MESSAGE)
        .where(e.author == Author.CONSULTANT)
        .order_by(e.number)
        .limit(limit)
    )
    return [str(row.payload["text"]) for row in await connection.execute(found)]


async def words_before(connection: AsyncConnection, conversation_id: str, number: int, limit: int) -> list[Event]:
    """The last messages up to a number, in order."""
    e = events.c
    found = (
        select(events)
        .where(e.conversation_id == conversation_id, e.number <= number, e.kind == Kind.MESSAGE)
        .order_by(e.number.desc())
        .limit(limit)
    )
    return [event_of_row(row) for row in (await connection.execute(found)).mappings()][::-1]


async def open_and_aside(connection: AsyncConnection, since: datetime) -> list[tuple[OpenQuestion, bytes | None, str]]:
    """The newest that are open or set aside, with their vectors and whose they are."""
    found = (
        _select()
        .where(q.state.in_((State.OPEN, State.SET_ASIDE)), q.source.in_(GROUPED), q.at >= since)
        .order_by(q.at.desc(), q.id.desc())
        .limit(READ_MAX)
    )
    rows = (await connection.execute(found)).mappings()
    return [(_question(row), row["vector"], row["model"] or "") for row in rows]


async def open_of(connection: AsyncConnection, source: Source, limit: int) -> list[OpenQuestion]:
    """The newest of a source that nobody has dealt with."""
    found = _select().where(q.source == source, q.state == State.OPEN).order_by(q.at.desc(), q.id.desc()).limit(limit)
    return [_question(row) for row in (await connection.execute(found)).mappings()]


async def add_note(connection: AsyncConnection, question_id: int, staff_id: int, note: str) -> bool:
    """More words to one's own flag; whether there is such a flag."""
    flag = update(open_questions).where(q.id == question_id, q.staff_id == staff_id, q.source == Source.FLAGGED)
    return (await connection.execute(flag.values(note=note))).rowcount == 1


async def id_of(connection: AsyncConnection, source: Source, conversation_id: str, number: int) -> int | None:
    """The question that this event of a conversation has made."""
    found = select(q.id).where(q.source == source, q.conversation_id == conversation_id, q.number == number)
    kept: int | None = (await connection.execute(found)).scalar_one_or_none()
    return kept


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
