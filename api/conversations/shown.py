"""Events and conversations as JSON: what a player gets to see, and what the desk does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from api.conversations.values import Author, Conversation, Event, Kind
from api.text import to_html

FOR_DESK_ONLY = frozenset({"decision", "suggestion_id", "from_name", "outcome", "comment"})


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def desk_event(event: Event) -> dict[str, Any]:
    """Everything about it; messages of the bot and of consultants also as safe HTML."""
    shown: dict[str, Any] = {
        "number": event.number,
        "kind": event.kind.value,
        "author": event.author.value,
        "at": moment(event.at),
        **event.payload,
    }
    if event.client_id is not None:
        shown["client_id"] = event.client_id
    if event.staff_id is not None:
        shown["staff_id"] = event.staff_id
    if event.kind is Kind.MESSAGE and event.author is not Author.PLAYER:
        shown["html"] = to_html(event.payload["text"], breaks=event.author is Author.CONSULTANT)
    return shown


def player_event(event: Event) -> dict[str, Any]:
    """The same without what is between us."""
    hidden = FOR_DESK_ONLY | {"staff_id"}
    return {name: value for name, value in desk_event(event).items() if name not in hidden}


def player_conversation(conversation: Conversation, now: datetime) -> dict[str, Any]:
    """The conversation as its player knows it."""
    return {
        "id": conversation.id,
        "status": conversation.status.value,
        "lang": conversation.lang,
        "consultant": {"name": conversation.consultant} if conversation.consultant else None,
        "last": conversation.last_number,
        "read": conversation.player_read,
        "read_by_consultant": conversation.consultant_read,
        "is_rated": conversation.rating is not None,
        "waiting_since": moment(conversation.waiting_since),
        "at": moment(now),
    }
