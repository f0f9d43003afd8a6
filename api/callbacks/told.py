"""A call-back as an event of its conversation: never with the number, of which only the end is shown."""

from __future__ import annotations

from typing import Any

from api.callbacks.values import Callback
from api.conversations.shown import moment
from api.conversations.values import Author, Kind, NewEvent

END_SHOWN = 3  # digits: enough to know one's own number by, too few to call it


def told_event(
    kind: Kind, callback: Callback, author: Author = Author.PLAYER, staff_id: int | None = None, **more: Any
) -> NewEvent:
    """What happened to it."""
    payload = {
        "callback": callback.id, "slot_at": moment(callback.slot_at), "slot_minutes": callback.slot_minutes,
        "number_end": callback.number[-END_SHOWN:],
    }  # fmt: skip
    return NewEvent(kind, author, payload | more, staff_id)
