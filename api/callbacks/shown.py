"""A call-back as the player's side shows it."""

from __future__ import annotations

from typing import Any

from api.callbacks.letters import when_text
from api.callbacks.numbers import shown_number
from api.callbacks.values import Callback
from api.conversations.shown import moment


def player_callback(callback: Callback) -> dict[str, Any]:
    """As the protocol words it."""
    return {
        "slot_at": moment(callback.slot_at),
        "slot_minutes": callback.slot_minutes,
        "when": when_text(callback),
        "number": shown_number(callback.number),
        "email": callback.email,
        "status": callback.status.value,
    }
