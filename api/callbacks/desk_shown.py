"""Call-backs as the desk's templates need them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from api.callbacks.numbers import shown_number
from api.callbacks.slots import slot_text
from api.callbacks.values import Callback, CallStatus
from api.conversations.shown import moment
from api.conversations.values import Author, Event, Kind
from api.opening.wall_clock import local
from api.opening.wording import on_day, when
from api.text import to_html
from knowledge_base.article import Language


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    callback: Callback
    number: str
    due: str  # in words
    due_at: str | None
    slot: str
    is_overdue: bool
    now: str | None  # the server's clock, by which the browser's is set right


def row(callback: Callback, now: datetime, language: Language) -> Row:
    """A call-back with its clock: it is overdue once its slot, or the time of the next try, is there."""
    slot_day = on_day(local(callback.slot_at).date(), local(now).date(), language)
    return Row(
        callback, shown_number(callback.number), when(callback.due_at, now, language), moment(callback.due_at),
        f"{slot_day}, {slot_text(callback.slot_at, callback.slot_minutes)}", callback.due_at <= now, moment(now),
    )  # fmt: skip


def grouped(callbacks: Iterable[Callback], now: datetime, language: Language) -> dict[str, list[Row]]:
    """Overdue, today, later, and those talked to; each keeps the order it came in."""
    groups: dict[str, list[Row]] = {"overdue": [], "today": [], "later": [], "reached": []}
    today = local(now).date()
    for callback in callbacks:
        shown = row(callback, now, language)
        if callback.status is CallStatus.REACHED:
            groups["reached"].append(shown)
        elif shown.is_overdue:
            groups["overdue"].append(shown)
        else:
            groups["today" if local(callback.due_at).date() == today else "later"].append(shown)
    return groups


def said(events: Sequence[Event], texts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was said and noted in the conversation so far."""
    names = {Author.PLAYER: texts["player"], Author.BOT: texts["bot"]}
    return [
        {
            "author": event.author.value,
            "is_note": event.kind is Kind.NOTE,
            "name": event.payload.get("name") or names.get(event.author, ""),
            "at": local(event.at),
            "html": _html(event),
        }
        for event in events
        if event.kind in {Kind.MESSAGE, Kind.NOTE}
    ]


def _html(event: Event) -> Markup | str:
    text = str(event.payload["text"])
    if event.author is Author.PLAYER or event.kind is Kind.NOTE:
        return text
    return Markup(to_html(text))  # noqa: S704 - made by api.text, which shows raw HTML as text
