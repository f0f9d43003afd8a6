"""Events and articles as the desk's templates need them: every field there, a line of text for what is no message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from api.opening.wall_clock import local
from api.text import to_html

FIELDS = (
    "name",
    "callback",
    "client_id",
    "html",
    "masked",
    "choices",
    "decision",
    "sources",
    "line",
    "translation",
    "untranslated",
    "replaces",
    "mail",
    "open_id",
    "subject",
)


MAIL_FIELDS = ("arrived_at", "subject", "warning", "recipients", "size", "other_sender", "attachments", "rest")


def shown_event(event: Mapping[str, Any], t: Mapping[str, Any]) -> dict[str, Any]:
    """An event of the protocol with all that a template may ask for."""
    shown = dict.fromkeys(FIELDS) | dict(event)
    if shown["html"]:
        shown["html"] = Markup(shown["html"])  # noqa: S704 - made by api.text, which shows raw HTML as text
    if shown["mail"]:
        shown["mail"] = dict.fromkeys(MAIL_FIELDS) | shown["mail"]
    if shown["replaces"]:
        shown["replaces"] = shown_event(shown["replaces"], t)
    if event["kind"] not in {"message", "note"}:
        shown["line"] = line_of(event, t)
    return shown


def line_of(event: Mapping[str, Any], t: Mapping[str, Any]) -> str | None:
    """What happened, in a line; None for what only machines need to know."""
    texts = t["event_texts"]
    template = texts.get(_key(event))
    if template is None:
        return None
    words = defaultdict(str, {name: value for name, value in event.items() if isinstance(value, str | int)})
    words["reason"] = t["reasons"].get(event.get("reason")) or t["dismiss_reasons"].get(event.get("reason"), "")
    words["outcome"] = t["outcomes"].get(event.get("outcome"), "")
    words["tags"] = ", ".join(event.get("tags", ())) or "–"
    words["call_outcome"] = t["call_outcomes"].get(event.get("outcome"), "")
    words["slot"] = _slot(event)
    line = str(template).format_map(words).strip()
    comment = event.get("comment")
    if comment:
        return f"{line}: „{comment}”"
    return f"{line}; {texts['figure_changed']}" if event.get("is_figure_changed") else line


def _slot(event: Mapping[str, Any]) -> str:
    """When a call was booked for, by the clock in Poland."""
    slot_at = event.get("slot_at")
    return f"{local(datetime.fromisoformat(slot_at)):%d.%m. %H:%M}" if isinstance(slot_at, str) else ""


def _key(event: Mapping[str, Any]) -> str:
    match event["kind"]:
        case "closed":
            return f"closed_{event.get('by', 'player')}"
        case "joined" if event.get("from_name"):
            return "transferred"
        case "feedback":
            return "helpful" if event.get("is_helpful") else "not_helpful"
        case "mail_noted" if event.get("form"):
            return "wrote_form"
        case "translation_switched":
            return "translation_on" if event.get("is_on") else "translation_off"
        case kind:
            return str(kind)


def dated(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A suggestion or an article with its date as a date and its HTML as HTML."""
    shown = dict(entry) | {"reviewed": date.fromisoformat(str(entry["reviewed"])[:10])}
    if "html" in shown:
        shown["html"] = Markup(shown["html"])  # noqa: S704 - made by api.text, which shows raw HTML as text
    if shown.get("other"):
        html = shown["other"].get("html") or to_html(shown["other"]["text"])
        shown["other"] = shown["other"] | {"html": Markup(html)}  # noqa: S704 - as above
    return shown
