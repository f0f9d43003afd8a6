"""Every SQL statement about suggestions and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.tables import suggestions
from api.suggestions.values import Draft, Suggestion, SuggestionStatus


async def add(
    connection: AsyncConnection, conversation_id: str, answers: int, drafts: Sequence[Draft], at: datetime
) -> list[Suggestion]:
    """Store the drafts for a message, best first."""
    if not drafts:
        return []
    rows = [
        {
            "conversation_id": conversation_id, "answers": answers, "rank": rank, "article_id": draft.article_id,
            "lang": draft.lang, "confidence": draft.confidence, "why": draft.why, "body": draft.body,
            "status": SuggestionStatus.SHOWN, "created_at": at,
        }
        for rank, draft in enumerate(drafts)
    ]  # fmt: skip
    await connection.execute(insert(suggestions), rows)
    return await of_message(connection, conversation_id, answers)


async def of_message(connection: AsyncConnection, conversation_id: str, answers: int) -> list[Suggestion]:
    """The drafts for a message, best first."""
    found = (
        select(suggestions)
        .where(suggestions.c.conversation_id == conversation_id, suggestions.c.answers == answers)
        .order_by(suggestions.c.rank)
    )
    return [_suggestion(row) for row in (await connection.execute(found)).mappings()]


async def by_id(connection: AsyncConnection, conversation_id: str, suggestion_id: int) -> Suggestion | None:
    """A draft of this conversation."""
    found = select(suggestions).where(
        suggestions.c.id == suggestion_id, suggestions.c.conversation_id == conversation_id
    )
    row = (await connection.execute(found)).mappings().one_or_none()
    return _suggestion(row) if row else None


async def settle(
    connection: AsyncConnection,
    suggestion_id: int,
    status: SuggestionStatus,
    staff_id: int,
    at: datetime,
    *,
    edit_distance: int | None = None,
    because: str | None = None,
) -> None:
    """What became of it, and who decided so."""
    await connection.execute(
        update(suggestions)
        .where(suggestions.c.id == suggestion_id)
        .values(status=status, staff_id=staff_id, settled_at=at, edit_distance=edit_distance, dismissed_because=because)
    )


def _suggestion(row: RowMapping) -> Suggestion:
    return Suggestion(
        row["id"], row["conversation_id"], row["answers"], row["article_id"], row["lang"], row["confidence"],
        row["why"], row["body"], SuggestionStatus(row["status"]),
    )  # fmt: skip
