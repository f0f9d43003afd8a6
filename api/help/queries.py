"""Every SQL statement of the help centre."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.tables import help_votes


async def add_vote(connection: AsyncConnection, article_id: str, lang: str, at: datetime, *, is_helpful: bool) -> None:
    """One reader's vote."""
    row = {"article_id": article_id, "lang": lang, "is_helpful": is_helpful, "at": at}
    await connection.execute(insert(help_votes).values(row))
