"""A call-back as an event of its conversation: never with the number, of which only the end is shown."""

from __future__ import annotations

from typing import Any

from api.callbacks.values import Callback
from api.conversations.changing import Change
from api.conversations.shown import moment
from api.conversations.values import Author, Kind, NewEvent
from api.opening.wall_clock import local

END_SHOWN = 3  # digits: enough to know one's own number by, too few to call it


TAG = "\N{BLACK TELEPHONE} "  # before the time, on the conversation's row in the queue; the same in every language
TAGS_MAX = 10


def tag(change: Change, callback: Callback) -> None:
    """Whoever looks at the conversation sees that it is to be called, and when; nothing once it is over."""
    kept = [each for each in change.conversation.tags if not each.startswith(TAG)]
    if callback.is_open and len(kept) < TAGS_MAX:
        kept.append(f"{TAG}{local(callback.due_at):%d.%m. %H:%M}")
    if kept != list(change.conversation.tags):
        change.set(tags=kept)


def told_event(
    kind: Kind, callback: Callback, author: Author = Author.PLAYER, staff_id: int | None = None, **more: Any
) -> NewEvent:
    """What happened to it."""
    payload = {
        "callback": callback.id, "slot_at": moment(callback.slot_at), "slot_minutes": callback.slot_minutes,
        "number_end": callback.number[-END_SHOWN:],
    }  # fmt: skip
    return NewEvent(kind, author, payload | more, staff_id)
