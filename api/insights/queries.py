"""Every SQL statement of the figures: what happened, counted by the hour, to make any clock's days of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.values import Author, Kind
from api.database.tables import conversations, events, help_votes, open_questions, reply_times, suggestions
from api.insights.values import Figure, Observation
from api.learning.values import Source
from api.suggestions.values import SuggestionStatus
from bot.decision import Action

c, e, s = conversations.c, events.c, suggestions.c
_NONE = literal(None)
GROUPED = ("in_hour", "in_lang", "of_article", "for_reason")  # names that no table has: GROUP BY would take the table's


async def observed(connection: AsyncConnection, since: datetime, before: datetime) -> list[Observation]:
    """Everything in the time from one moment on until another."""
    is_sqlite = connection.dialect.name == "sqlite"
    found: list[Observation] = []
    for figure, counted, at, columns in _counted():
        hour = _hour(at, is_sqlite=is_sqlite)
        lang, article, reason = columns
        grouped = counted.add_columns(
            hour.label("in_hour"), lang.label("in_lang"), article.label("of_article"), reason.label("for_reason"),
            func.count().label("number"),
        )  # fmt: skip
        grouped = grouped.where(at >= since, at < before).group_by(*GROUPED)
        for row in await connection.execute(grouped):
            moment = datetime.strptime(row.in_hour, "%Y-%m-%dT%H").replace(tzinfo=UTC)
            found.append(Observation(figure, moment, row.in_lang or "", row.of_article, row.number, row.for_reason))
    return [*found, *await _waits(connection, since, before)]


def _counted() -> list[tuple[Figure, Select[Any], Any, Sequence[Any]]]:
    """Figure, what is counted, when it was, and the columns language, article, reason."""
    of_bot = and_(e.kind == Kind.MESSAGE, e.author == Author.BOT)
    action = e.payload["action"].as_string()
    language = e.payload["language"].as_string()
    first_source = e.payload[("sources", 0, "id")].as_string()
    said = select().select_from(events)
    answered = said.where(of_bot, action == Action.ANSWER)
    decided = said.where(of_bot, action.in_((Action.ANSWER, Action.CLARIFY, Action.ESCALATE)))
    started = select().select_from(conversations).where(c.player_number > 0)
    handed = select().select_from(events.join(conversations, c.id == e.conversation_id)).where(e.kind == Kind.ESCALATED)
    drafts = select().select_from(suggestions)
    votes, v = select().select_from(help_votes), help_votes.c
    return [
        (Figure.CONVERSATIONS, started, c.created_at, (c.lang, _NONE, _NONE)),
        (Figure.SPOKEN, decided, e.at, (language, _NONE, _NONE)),
        (Figure.ANSWERED, answered, e.at, (language, first_source, _NONE)),
        (Figure.ESCALATED, handed, e.at, (c.lang, _NONE, e.payload["reason"].as_string())),
        *_feedback(),
        *_wrong(),
        (Figure.SHOWN, drafts, s.created_at, (s.lang, s.article_id, _NONE)),
        *(
            (figure, drafts.where(s.status == status), s.created_at, (s.lang, s.article_id, _NONE))
            for figure, status in (
                (Figure.ACCEPTED, SuggestionStatus.ACCEPTED),
                (Figure.EDITED, SuggestionStatus.EDITED),
                (Figure.DISMISSED, SuggestionStatus.DISMISSED),
            )
        ),
        (Figure.READ_HELPED, votes.where(v.is_helpful.is_(True)), v.at, (v.lang, v.article_id, _NONE)),
        (Figure.READ_NOT_HELPED, votes.where(v.is_helpful.is_(False)), v.at, (v.lang, v.article_id, _NONE)),
    ]


def _feedback() -> list[tuple[Figure, Select[Any], Any, Sequence[Any]]]:
    """What players say about the bot's answers; the last word about an answer counts."""
    about, later = events.alias("about"), events.alias("later")
    number = e.payload["about"].as_integer()
    is_overruled = (
        select(later.c.number)
        .where(
            later.c.conversation_id == e.conversation_id,
            later.c.kind == Kind.FEEDBACK,
            later.c.number > e.number,
            later.c.payload["about"].as_integer() == number,
        )
        .exists()
    )
    joined = events.join(about, and_(about.c.conversation_id == e.conversation_id, about.c.number == number))
    given = (
        select()
        .select_from(joined)
        .where(e.kind == Kind.FEEDBACK, about.c.payload["action"].as_string() == Action.ANSWER, ~is_overruled)
    )
    helpful = e.payload["is_helpful"].as_boolean()
    columns = (
        about.c.payload["language"].as_string(), about.c.payload[("sources", 0, "id")].as_string(), _NONE,
    )  # fmt: skip
    return [
        (Figure.HELPED, given.where(helpful.is_(True)), e.at, columns),
        (Figure.NOT_HELPED, given.where(helpful.is_(False)), e.at, columns),
    ]


def _wrong() -> list[tuple[Figure, Select[Any], Any, Sequence[Any]]]:
    """Answers of the bot that a consultant has answered otherwise, or flagged."""
    q = open_questions.c
    article = q.articles[0].as_string()
    found = select().select_from(open_questions)
    is_wrong = or_(q.source == Source.ANSWERED_OTHERWISE, and_(q.source == Source.FLAGGED, article.is_not(None)))
    return [(Figure.WRONG, found.where(is_wrong), q.at, (q.lang, article, _NONE))]


async def _waits(connection: AsyncConnection, since: datetime, before: datetime) -> list[Observation]:
    r = reply_times.c
    figure = case((r.is_first, Figure.FIRST_REPLY.value), else_=Figure.REPLY_GAP.value)
    found = (
        select(figure.label("figure"), r.at, c.lang, r.article_id, r.waited_ms)
        .select_from(reply_times.join(conversations, c.id == r.conversation_id))
        .where(r.at >= since, r.at < before)
    )
    return [
        Observation(Figure(row.figure), row.at, row.lang, row.article_id, row.waited_ms)
        for row in await connection.execute(found)
    ]


def _hour(column: Any, *, is_sqlite: bool) -> ColumnElement[str]:
    """The hour in UTC, e.g. 2026-11-26T17."""
    if is_sqlite:
        return func.strftime("%Y-%m-%dT%H", column)
    return func.to_char(func.timezone("UTC", column), 'YYYY-MM-DD"T"HH24')
