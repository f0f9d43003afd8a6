"""Whether a person will answer here now, how soon, or when they are back: schedule and presence, told apart."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations import queue_queries
from api.conversations.shown import moment
from api.conversations.values import Conversation, Urgency
from api.opening.hours import Channel, Hours
from api.opening.phone_line import PhoneLine, phone_line
from api.opening.schedule import closing, is_open, is_open_throughout, next_opening
from api.opening.service import Opening
from knowledge_base.article import Language
from knowledge_base.facts import Fact

FIGURES_DAYS = 30
FIGURES_MAX = 200  # the newest first replies: enough for a steady median, few enough to read at each hand-over
FIGURES_MIN = 5  # fewer say nothing of what is usual


class State(StrEnum):
    """Open and somebody there; open and nobody there; closed."""

    STAFFED = "staffed"
    UNSTAFFED = "unstaffed"
    CLOSED = "closed"


@dataclass(frozen=True)
class Availability:
    """How it stands for one player at one moment."""

    state: State
    at: datetime
    place: int | None = None  # in the queue; where somebody is there
    wait_minutes: int | None = None  # the usual one; where enough is known of it
    until: datetime | None = None  # open so long
    back_at: datetime | None = None  # open again then
    phone: PhoneLine | None = None  # where nobody is there but somebody answers the phone

    @property
    def is_staffed(self) -> bool:
        """Whether somebody is there."""
        return self.state is State.STAFFED

    def to_json(self) -> dict[str, Any]:
        """As the protocol words it."""
        return {
            "state": self.state.value, "place": self.place, "wait_minutes": self.wait_minutes,
            "until": moment(self.until), "back_at": moment(self.back_at),
        }  # fmt: skip


class Watch:
    """Knows the hours and who is at the desk."""

    def __init__(self, opening: Opening, is_staffed: Callable[[], bool], facts: Mapping[str, Fact]) -> None:
        self._opening = opening
        self._facts = facts
        self._is_staffed = is_staffed

    async def look(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        language: Language,
        urgency: Urgency,
        at: datetime,
    ) -> Availability:
        """How it stands for a conversation that is about to wait, with this urgency."""
        hours = await self._opening.hours(connection, Channel.CHAT, language)
        found = situation(hours, at, is_staffed=self._is_staffed())
        if not found.is_staffed:
            phone_hours = await self._opening.hours(connection, Channel.PHONE, language)
            line = phone_line(self._facts, phone_hours, at, language)
            return replace(found, phone=line if line and line.is_open else None)
        ahead = await queue_queries.ahead(connection, conversation.id, urgency)
        since = at - timedelta(days=FIGURES_DAYS)
        figures = await queue_queries.first_replies(connection, since, FIGURES_MAX)
        return replace(found, place=ahead + 1, wait_minutes=usual_wait_minutes(hours, figures))


def situation(hours: Hours, at: datetime, *, is_staffed: bool) -> Availability:
    """What schedule and presence say together; outside the hours nobody is promised, even if somebody is there."""
    if not is_open(hours, at):
        return Availability(State.CLOSED, at, back_at=next_opening(hours, at))
    return Availability(State.STAFFED if is_staffed else State.UNSTAFFED, at, until=closing(hours, at))


def usual_wait_minutes(hours: Hours, figures: Sequence[tuple[datetime, timedelta]]) -> int | None:
    """The median of first replies (when, after how long), whole minutes upwards; None where too little is known.

    Only waits within opening hours count: who wrote at night and was answered in the morning tells nothing of today.
    """
    waits = [waited for at, waited in figures if is_open_throughout(hours, at - waited, at)]
    if len(waits) < FIGURES_MIN:
        return None
    return max(1, math.ceil(statistics.median(each.total_seconds() for each in waits) / 60))
