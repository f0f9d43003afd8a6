"""What of a change is told to webhooks. Never a word that anybody has written: who wants words, asks for them."""

from __future__ import annotations

from typing import Any

from api.conversations.changing import Change
from api.conversations.shown import moment
from api.conversations.values import Conversation, Event, Kind, Urgency
from api.outgoing.values import Told

URGENCY = {Urgency.NORMAL: "normal", Urgency.URGENT: "urgent", Urgency.CRISIS: "crisis"}
_KINDS = {
    Kind.ESCALATED: (Told.ESCALATED, ("reason",)),
    Kind.PROTECTED: (Told.PROTECTED, ("reason",)),
    Kind.CLOSED: (Told.CLOSED, ("by", "outcome")),
    Kind.RATED: (Told.RATED, ("score",)),
}


def told(change: Change) -> list[tuple[Told, Event, dict[str, Any]]]:
    """Kind, event and body of each thing that is told; a conversation begins with its first event."""
    found = []
    if change.events and change.before.last_number == 0:
        found.append((Told.CREATED, change.events[0], _body(Told.CREATED, change, change.events[0], {})))
    for event in change.events:
        if event.kind in _KINDS:
            kind, fields = _KINDS[event.kind]
            data = {name: event.payload.get(name) for name in fields}
            found.append((kind, event, _body(kind, change, event, data)))
    return found


def _body(kind: Told, change: Change, event: Event, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": kind.value,
        "timestamp": moment(event.at),
        "data": {"number": event.number, **data, "conversation": _shown(change.conversation)},
    }


def _shown(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "channel": conversation.channel.value,
        "status": conversation.status.value,
        "language": conversation.lang,
        "urgency": URGENCY[conversation.urgency],
        "reason": conversation.reason,
        "is_protected": conversation.is_protected,
        "created_at": moment(conversation.created_at),
    }
