"""A conversation, its events, and the choices that describe them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any


class Status(StrEnum):
    """Who answers."""

    BOT = "bot"
    WAITING = "waiting"
    HELD = "held"
    CLOSED = "closed"


class Channel(StrEnum):
    """How the player got in touch."""

    CHAT = "chat"
    EMAIL = "email"
    FORM = "form"
    PHONE = "phone"
    CHATWOOT = "chatwoot"  # the chat of a Chatwoot desk, whose people answer over there

    @property
    def is_written(self) -> bool:
        """Whether answers go out by e-mail."""
        return self in {Channel.EMAIL, Channel.FORM}


class Author(StrEnum):
    """Who did it."""

    PLAYER = "player"
    BOT = "bot"
    CONSULTANT = "consultant"
    SYSTEM = "system"


class Urgency(IntEnum):
    """The queue's order before waiting time; more is sooner."""

    NORMAL = 0
    URGENT = 1
    CRISIS = 2


class Outcome(StrEnum):
    """How a conversation ended, as the consultant saw it."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    REFERRED = "referred"
    SPAM = "spam"


class Kind(StrEnum):
    """What happened."""

    MESSAGE = "message"
    ESCALATED = "escalated"
    JOINED = "joined"
    HANDED_BACK = "handed_back"
    RELEASED = "released"
    CLOSED = "closed"
    RATED = "rated"
    FEEDBACK = "feedback"
    PROTECTED = "protected"
    REPLY_DROPPED = "reply_dropped"
    NOTE = "note"
    TAGGED = "tagged"
    SUGGESTIONS_SHOWN = "suggestions_shown"
    SUGGESTION_ACCEPTED = "suggestion_accepted"
    SUGGESTION_EDITED = "suggestion_edited"
    SUGGESTION_DISMISSED = "suggestion_dismissed"
    TRANSLATED = "translated"
    TRANSLATION_SWITCHED = "translation_switched"
    PROMISE_NEAR = "promise_near"
    PROMISE_MISSED = "promise_missed"
    MAIL_FAILED = "mail_failed"
    MAIL_NOTED = "mail_noted"
    REOPENED = "reopened"
    CALLBACK_BOOKED = "callback_booked"
    CALLBACK_CHANGED = "callback_changed"
    CALLBACK_CANCELLED = "callback_cancelled"
    CALLBACK_FAILED = "callback_failed"  # nobody could be reached at the number
    CALLBACK_ATTEMPTED = "callback_attempted"


FOR_PLAYER = frozenset(
    {
        Kind.MESSAGE, Kind.ESCALATED, Kind.JOINED, Kind.HANDED_BACK, Kind.RELEASED, Kind.CLOSED, Kind.RATED,
        Kind.FEEDBACK, Kind.TRANSLATION_SWITCHED,
        Kind.CALLBACK_BOOKED, Kind.CALLBACK_CHANGED, Kind.CALLBACK_CANCELLED, Kind.CALLBACK_FAILED,
    }
)  # fmt: skip


@dataclass(frozen=True)
class NewEvent:
    """An event that has no number yet."""

    kind: Kind
    author: Author
    payload: Mapping[str, Any] = field(default_factory=dict)
    staff_id: int | None = None
    client_id: str | None = None


@dataclass(frozen=True)
class Event:
    """An event as it is stored; it never changes."""

    conversation: str
    number: int
    kind: Kind
    author: Author
    at: datetime
    payload: Mapping[str, Any]
    staff_id: int | None = None
    client_id: str | None = None

    @property
    def is_for_player(self) -> bool:
        """Whether the player may see that it happened."""
        return self.kind in FOR_PLAYER


@dataclass(frozen=True)
class Conversation:
    """A conversation as it stands; `consultant` is the holder's first name."""

    id: str
    player: str
    lang: str
    status: Status
    urgency: Urgency
    reason: str | None
    is_protected: bool
    consultant_id: int | None
    consultant: str | None
    waiting_since: datetime | None
    created_at: datetime
    last_at: datetime
    closed_at: datetime | None
    last_number: int
    last_text: str
    last_author: str
    player_number: int
    answered_number: int
    suggested_number: int
    unanswered_since: datetime | None
    player_read: int
    consultant_read: int
    unread: int
    tags: Sequence[str]
    outcome: str | None
    rating: int | None
    channel: Channel = Channel.CHAT
    subject: str = ""
    due_at: datetime | None = None  # until when a person's answer is promised
    due_stage: int = 0  # api.promises: running, warned, missed


@dataclass(frozen=True)
class Written:
    """What a use case has stored, to be pushed; `alert` says that somebody should look right now."""

    conversation: Conversation
    events: tuple[Event, ...]
    alert: str | None = None
    is_repeat: bool = False  # nothing new: the request had been carried out before

    @property
    def number(self) -> int:
        """The number of the first event."""
        return self.events[0].number if self.events else self.conversation.last_number
