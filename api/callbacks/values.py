"""A call-back, its attempts, and the choices that describe them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from api.conversations.values import Urgency
from knowledge_base.article import Language


class CallStatus(StrEnum):
    """How it stands."""

    BOOKED = "booked"
    REACHED = "reached"  # talked to, something is left to do
    DONE = "done"
    WRONG_NUMBER = "wrong_number"
    UNREACHABLE = "unreachable"  # tried as often as promised
    CANCELLED = "cancelled"


OPEN = frozenset({CallStatus.BOOKED, CallStatus.REACHED})


class CallOutcome(StrEnum):
    """How an attempt ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    DONE = "done"


@dataclass(frozen=True)
class Callback:
    """Who is to be called when and what about; `caller` is the first name of who is calling."""

    id: int
    conversation: str
    lang: Language
    number: str
    email: str | None
    topic: str
    slot_at: datetime
    slot_minutes: int
    due_at: datetime
    status: CallStatus
    attempts: int
    sequence: int
    urgency: Urgency
    staff_id: int | None
    caller: str | None
    created_at: datetime
    is_protected: bool

    @property
    def slot_ends_at(self) -> datetime:
        """Until when the player was promised the call."""
        return self.slot_at + timedelta(minutes=self.slot_minutes)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do."""
        return self.status in OPEN


@dataclass(frozen=True)
class Attempt:
    """One try: by whom, when, how it ended, and when the next one is."""

    name: str
    at: datetime
    outcome: CallOutcome
    note: str
    next_at: datetime | None


@dataclass(frozen=True)
class Rules:
    """What is promised to players, from the facts."""

    slot_minutes: int
    attempts_max: int
    days_ahead: int  # business days
