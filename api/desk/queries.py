"""Every SQL statement that only the desk needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.queries import all_of, select_conversations
from api.conversations.values import Channel, Conversation, Status, Urgency
from api.database.tables import conversations, events, mail_threads, reply_times, staff, suggestions
from api.suggestions.values import SuggestionStatus
from api.text import tidy
from bot.text import fold

c = conversations.c
HAS_MESSAGES = c.player_number > 0  # an opened but silent conversation is shown nowhere
EARLIER_MAX = 20
COUNT_MAX = 1_000  # nobody reads a larger number off a tab, and counting on would take longer each day

_MINE = "mine"
_ORDER: dict[str, tuple[Any, ...]] = {
    _MINE: (
        c.urgency.desc(), case((c.unanswered_since.is_(None), 1), else_=0), c.due_at.asc().nulls_first(),
        c.unanswered_since.asc().nulls_last(), c.last_at.desc(),
    ),
    # Who waits in a chat waits now, who has written waits until the time promised.
    "unassigned": (
        c.urgency.desc(), c.due_at.asc().nulls_first(), c.waiting_since.asc().nulls_last(), c.created_at.asc(),
    ),
    "mail": (c.due_at.asc().nulls_last(), c.last_at.desc()),
    "all": (case((c.status == Status.WAITING, 0), else_=1), c.urgency.desc(), c.last_at.desc()),
    "closed": (c.closed_at.desc().nulls_last(),),
}  # fmt: skip


def _of_view(view: str, staff_id: int) -> Any:
    match view:
        case "mine":
            return and_(c.status == Status.HELD, c.consultant_id == staff_id)
        case "unassigned":
            return c.status == Status.WAITING
        case "mail":
            return and_(c.channel.in_((Channel.EMAIL, Channel.FORM)), c.status != Status.CLOSED, HAS_MESSAGES)
        case "closed":
            return and_(c.status == Status.CLOSED, HAS_MESSAGES)
        case _:
            return or_(c.status.in_((Status.WAITING, Status.HELD)), and_(c.status == Status.BOT, HAS_MESSAGES))


async def queue(
    connection: AsyncConnection, view: str, staff_id: int, searched: str, limit: int, offset: int
) -> Sequence[Conversation]:
    """A view's conversations in its order; with a search, those in whose messages and notes the words stand."""
    found: Select[Any] = select_conversations().where(_of_view(view, staff_id))
    words = fold(tidy(searched)).split()
    for word in words:
        said = select(events.c.conversation_id).where(events.c.folded.contains(word, autoescape=True))
        of_address = select(mail_threads.c.conversation_id).where(
            mail_threads.c.address.contains(word, autoescape=True)
        )
        found = found.where(or_(c.id.in_(said), c.id.in_(of_address)) if "@" in word else c.id.in_(said))
    return await all_of(connection, found.order_by(*_ORDER[view], c.id).limit(limit).offset(offset))


async def counts(connection: AsyncConnection, staff_id: int) -> dict[str, int]:
    """How many each view holds, up to COUNT_MAX, and how many of those that wait are a crisis."""
    row = (await connection.execute(select(*_count_columns(staff_id)))).mappings().one()
    return {name: int(count) for name, count in row.items()}


async def counts_for_everybody(connection: AsyncConnection) -> tuple[dict[str, int], dict[int, int]]:
    """The same for everybody at once: what all see alike, and how many each consultant holds."""
    of_all = await counts(connection, 0)
    held = select(c.consultant_id, func.count()).where(c.status == Status.HELD).group_by(c.consultant_id)
    of_each = {int(holder): int(count) for holder, count in await connection.execute(held)}
    return {name: count for name, count in of_all.items() if name != _MINE}, of_each


def _count_columns(staff_id: int) -> list[Any]:
    crisis = and_(c.status == Status.WAITING, c.urgency == Urgency.CRISIS)
    of_views = {view: _of_view(view, staff_id) for view in _ORDER} | {"crisis": crisis}
    return [_counted(condition).label(name) for name, condition in of_views.items()]


def _counted(condition: Any) -> Any:
    found = select(c.id).where(condition).limit(COUNT_MAX).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


async def by_ids(connection: AsyncConnection, ids: Sequence[str]) -> Sequence[Conversation]:
    """Those of the conversations that are there."""
    return await all_of(connection, select_conversations().where(c.id.in_(ids)))


async def earlier(connection: AsyncConnection, conversation: Conversation) -> Sequence[Conversation]:
    """The same player's other conversations, the newest first."""
    found = select_conversations().where(c.player == conversation.player, c.id != conversation.id, HAS_MESSAGES)
    return await all_of(connection, found.order_by(c.created_at.desc()).limit(EARLIER_MAX))


async def record_reply_time(connection: AsyncConnection, row: dict[str, Any]) -> None:
    """How long the player waited for this message of a consultant."""
    await connection.execute(insert(reply_times).values(row))


async def suggestion_figures(connection: AsyncConnection, since: datetime, *, by_article: bool) -> list[dict[str, Any]]:
    """What became of drafts: by who decided it, or by article."""

    def counted(status: SuggestionStatus) -> Any:
        return func.sum(case((suggestions.c.status == status, 1), else_=0)).label(status.value)

    key = suggestions.c.article_id.label("article") if by_article else staff.c.name.label("name")
    found = (
        select(
            key,
            func.count().label("suggestions"),
            *(counted(status) for status in SuggestionStatus if status is not SuggestionStatus.SHOWN),
            func.avg(suggestions.c.edit_distance).label("edit_distance"),
        )
        .select_from(suggestions if by_article else suggestions.join(staff, staff.c.id == suggestions.c.staff_id))
        .where(suggestions.c.created_at >= since)
        .group_by(*([suggestions.c.article_id] if by_article else [staff.c.id, staff.c.name]))
        .order_by(func.count().desc())
    )
    return [_plain(row) for row in (await connection.execute(found)).mappings()]


async def waiting_figures(connection: AsyncConnection, since: datetime, *, by_article: bool) -> list[dict[str, Any]]:
    """How long players waited for a consultant's first reply and for the ones after it, in milliseconds."""
    t = reply_times.c

    def average(is_first: bool) -> Any:
        return func.avg(case((t.is_first.is_(is_first), t.waited_ms)))

    key = t.article_id.label("article") if by_article else staff.c.name.label("name")
    found = (
        select(
            key,
            func.count().label("replies"),
            average(True).label("first_reply_ms"),
            average(False).label("gap_ms"),
            func.max(t.waited_ms).label("longest_ms"),
        )
        .select_from(reply_times if by_article else reply_times.join(staff, staff.c.id == t.staff_id))
        .where(t.at >= since)
        .group_by(*([t.article_id] if by_article else [staff.c.id, staff.c.name]))
        .order_by(func.count().desc())
    )
    if by_article:
        found = found.where(t.article_id.is_not(None))
    return [_plain(row) for row in (await connection.execute(found)).mappings()]


def _plain(row: Any) -> dict[str, Any]:
    """Averages come as Decimal or float, depending on the database."""
    return {
        name: value if value is None or isinstance(value, str) else round(float(value), 1)
        for name, value in row.items()
    }
