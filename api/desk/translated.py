"""Messages with what they say in translation, and translations that have come with the message they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.desk.viewing import Desk


async def translated(desk: Desk, conversation_id: str, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events of a page, messages with their newest translation."""
    first = min(_about(event) for event in events) if events else 0
    known = await desk.translations_of(conversation_id, first)
    shown = []
    for event in events:
        if event["kind"] == "translated":
            message = await desk.message(conversation_id, event["about"])
            shown.append(event | {"replaces": message and _with(message, known), "text": None})
        else:
            shown.append(_with(event, known))
    return shown


def _about(event: dict[str, Any]) -> int:
    return int(event["about"] if event["kind"] == "translated" else event["number"])


def _with(event: dict[str, Any], known: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Of a consultant's message the translation is what was sent, so that it has its own."""
    found = known.get(event["number"])
    return event | {"translation": found} if event["kind"] == "message" and found else event
