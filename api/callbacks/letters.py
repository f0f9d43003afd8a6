"""What a player is written about a call-back, with the calendar entry beside it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date

from api.callbacks.calendar_entry import calendar_entry, media_type
from api.callbacks.numbers import shown_number
from api.callbacks.slots import slot_text
from api.callbacks.values import Callback
from api.mail.letter import Attachment, Letter
from api.opening.wall_clock import local
from knowledge_base.article import Language
from knowledge_base.facts import Fact

TEXTS = Path(__file__).parent / "mail_texts"


def letter(kind: str, callback: Callback, facts: Mapping[str, Fact], link: str | None, at: datetime) -> Letter:
    """Booked, changed or cancelled, with a calendar entry; unreachable or wrong_number, without."""
    assert callback.email is not None
    texts = texts_of(callback.lang)
    words = {
        "casino": _text(facts, "casino_name", callback.lang), "number": shown_number(callback.number),
        "when": when_text(callback), "link": texts["link"].format(link=link) if link else texts["no_link"],
    }  # fmt: skip
    attachments: tuple[Attachment, ...] = ()
    if kind in {"booked", "changed", "cancelled"}:
        content = entry(callback, facts, link, at)
        attachments = (Attachment(texts["file"], media_type(callback), content),)
    said = texts[kind]
    return Letter(
        callback.email, said["subject"].format(**words), said["text"].format(**words).strip(),
        attachments=attachments, purpose="callback", conversation=callback.conversation,
    )  # fmt: skip


def entry(callback: Callback, facts: Mapping[str, Fact], link: str | None, at: datetime) -> bytes:
    """The calendar entry in the player's language."""
    texts = texts_of(callback.lang)
    summary = texts["entry"]["summary"].format(casino=_text(facts, "casino_name", callback.lang))
    description = texts["entry"]["description"].format(number=shown_number(callback.number))
    return calendar_entry(callback, summary, description, _text(facts, "support_email", callback.lang), link, at)


def when_text(callback: Callback) -> str:
    """When it was promised, in the player's language."""
    return slot_when(callback.slot_at, callback.slot_minutes, callback.lang)


def slot_when(at: datetime, minutes: int, language: Language) -> str:
    """E.g. "piątek, 27 listopada, 10:00–10:30": a letter is read on another day than it is written."""
    day = format_date(local(at).date(), "EEEE, d MMMM", locale=language.value)
    return f"{day}, {slot_text(at, minutes)}"


@functools.cache
def texts_of(language: Language) -> Mapping[str, Any]:
    """What letters say."""
    loaded: Mapping[str, Any] = yaml.safe_load((TEXTS / f"{language.value}.yaml").read_text(encoding="utf-8"))
    return loaded


def _text(facts: Mapping[str, Fact], name: str, language: Language) -> str:
    """A fact as text; empty where there is none."""
    value = facts[name].value if name in facts else ""
    return str(value.get(language.value, "") if isinstance(value, dict) else value)
