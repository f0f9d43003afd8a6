"""Webhooks, and what is on its way to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Told(StrEnum):
    """What a webhook can be told."""

    CREATED = "conversation.created"
    ESCALATED = "conversation.escalated"
    PROTECTED = "conversation.protected"
    CLOSED = "conversation.closed"
    RATED = "conversation.rated"


TEST = "webhook.test"  # what the button on the page sends
TO_CHATWOOT = "chatwoot"


class DeliveryStatus(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Webhook:
    """Where to, what of, and what it is signed with."""

    id: int
    url: str
    secret: str
    kinds: Sequence[str]
    is_active: bool
    created_at: datetime


@dataclass(frozen=True)
class Delivery:
    """One thing for one receiver."""

    id: str
    webhook_id: int | None
    conversation: str
    number: int
    kind: str
    body: str
    status: DeliveryStatus
    attempts: int
    steps_done: int
    due_at: datetime
    created_at: datetime
    last_at: datetime | None = None
    last_status: int | None = None
    last_problem: str | None = None


class DeliveryFailedError(Exception):
    """It was not taken; `is_gone`: and never will be."""

    def __init__(self, problem: str, status: int | None = None, *, is_gone: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.status = status
        self.is_gone = is_gone
