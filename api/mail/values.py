"""A thread of mail, a mail on its way out, and where in the mailbox something lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OutgoingStatus(StrEnum):
    """How far a mail has come."""

    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"  # the line broke when the server may have taken it already
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Thread:
    """What answers to a conversation need."""

    conversation: str
    address: str
    name: str
    token: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Outgoing:
    """A mail that is to be sent."""

    id: int
    message_id: str
    conversation: str | None
    number: int | None
    recipient: str
    content: bytes
    status: OutgoingStatus
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class Fetched:
    """A mail as the mailbox gave it."""

    mailbox: str
    uid_validity: int
    uid: int
    arrived_at: datetime
    size: int  # bytes, of the whole mail
    raw: bytes
    is_whole: bool = True


@dataclass(frozen=True)
class Bookmark:
    """Up to where a mailbox has been read."""

    uid_validity: int
    last_uid: int
    since: datetime


@dataclass(frozen=True)
class Place:
    """Where in which mailbox a mail lies."""

    mailbox: str
    uid_validity: int
    uid: int
