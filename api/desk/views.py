"""A conversation as the desk sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.conversations.presence import Presence, Viewer
from api.conversations.shown import moment
from api.conversations.values import Conversation, Status, Urgency
from api.promises.values import Stage

DUE = {Stage.RUNNING: "running", Stage.WARNED: "near", Stage.MISSED: "missed"}
URGENCY = {Urgency.NORMAL: "normal", Urgency.URGENT: "urgent", Urgency.CRISIS: "crisis"}


def summary(conversation: Conversation, presence: Presence) -> dict[str, Any]:
    """A row of the queue."""
    holder = {"id": conversation.consultant_id, "name": conversation.consultant}
    return {
        "id": conversation.id,
        "status": conversation.status.value,
        "lang": conversation.lang,
        "urgency": URGENCY[conversation.urgency],
        "reason": conversation.reason,
        "waiting_since": moment(_waiting_since(conversation)),
        "created_at": moment(conversation.created_at),
        "last_at": moment(conversation.last_at),
        "last_text": conversation.last_text,
        "last_author": conversation.last_author,
        "unread": conversation.unread,
        "consultant": holder if conversation.consultant_id is not None else None,
        "tags": list(conversation.tags),
        "is_protected": conversation.is_protected,
        "is_player_online": presence.is_player_online(conversation.id),
        "outcome": conversation.outcome,
        "rating": conversation.rating,
        "last": conversation.last_number,
        "channel": conversation.channel.value,
        "subject": conversation.subject,
        "due_at": moment(conversation.due_at),
        "due_stage": DUE[Stage(conversation.due_stage)],
    }


def _waiting_since(conversation: Conversation) -> datetime | None:
    """Since when somebody waits for a person: in the queue, or for the next reply of who holds it."""
    return conversation.unanswered_since if conversation.status is Status.HELD else conversation.waiting_since


def viewers(looking: tuple[Viewer, ...]) -> list[dict[str, Any]]:
    """Who looks at a conversation."""
    return [{"id": viewer.id, "name": viewer.name, "is_typing": viewer.is_typing} for viewer in looking]
