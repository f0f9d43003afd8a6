"""A promise, how far it has run, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from api.conversations.values import Channel


class Stage(IntEnum):
    """What the desk has been told of a running promise."""

    RUNNING = 0
    WARNED = 1
    MISSED = 2


class Ending(StrEnum):
    """What ended it."""

    ANSWER = "answer"  # a person's, whether in time or late
    CLOSED = "closed"  # finished without an answer, e.g. spam or thanks


@dataclass(frozen=True)
class Promise:
    """A promise as it is kept for the report."""

    conversation: str
    channel: Channel
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    ended_by: Ending | None
    staff: str | None

    @property
    def took(self) -> timedelta | None:
        """How long the player waited for a person's answer; None where there was none."""
        return self.ended_at - self.started_at if self.ended_at and self.ended_by is Ending.ANSWER else None

    @property
    def is_kept(self) -> bool:
        """Whether a person answered in time."""
        return self.ended_by is Ending.ANSWER and self.ended_at is not None and self.ended_at <= self.due_at

    def is_missed(self, now: datetime) -> bool:
        """Whether the time ran out before it ended."""
        return (self.ended_at or now) > self.due_at
