"""Into a Chatwoot desk: what is said, a note for the people there, and the hand-over.

A conversation is the bot's while it is 'pending' over there, and people's once it is 'open'; handed over, it is closed
here, so that nobody waits in two queues.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml

from api.conversations.changing import Change
from api.conversations.values import Author, Event, Kind, NewEvent, Outcome, Status
from api.outgoing import chatwoot_queries, queries
from api.outgoing.service import delivery_row
from api.outgoing.values import TO_CHATWOOT
from api.suggestions.queries import of_message
from knowledge_base.article import Language

NOTES = Path(__file__).parent / "chatwoot_notes.yaml"
CLOSED_BY = "chatwoot"


async def follow_into_chatwoot(change: Change) -> None:
    """Stored with the change: what of it goes over there."""
    spoken = [event for event in change.events if _is_spoken(event)]
    is_handed_over = any(event.kind is Kind.ESCALATED for event in change.events)
    if not spoken and not is_handed_over:
        return
    theirs = await chatwoot_queries.of_conversation(change.connection, change.conversation.id)
    if theirs is None:
        return
    steps = [{"message": _words(event)} for event in spoken]
    if is_handed_over:
        steps += [{"note": await _note(change)}, {"status": "open"}]
    body = {"account": theirs.account, "conversation": theirs.conversation, "steps": steps}
    number = change.events[-1].number
    row = delivery_row(change.conversation.id, number, TO_CHATWOOT, body, change.at, webhook_id=None)
    await queries.add_deliveries(change.connection, [row])
    if is_handed_over:
        close_here(change, Outcome.REFERRED)


def close_here(change: Change, outcome: Outcome) -> None:
    """People over there have it: nobody here waits for anything any more."""
    if change.conversation.status is Status.CLOSED:
        return
    change.add(NewEvent(Kind.CLOSED, Author.SYSTEM, {"by": CLOSED_BY, "outcome": outcome.value}))
    seen = change.conversation.player_number
    change.set(
        status=Status.CLOSED, closed_at=change.at, outcome=outcome.value, waiting_since=None, unanswered_since=None,
        answered_number=seen, suggested_number=seen, unread=0, consultant_id=None, consultant=None,
    )  # fmt: skip
    change.alert = None


def _is_spoken(event: Event) -> bool:
    return event.kind is Kind.MESSAGE and event.author in {Author.BOT, Author.CONSULTANT}


def _words(event: Event) -> str:
    """A message with what a widget would show as buttons and links."""
    parts = [str(event.payload["text"])]
    parts += [f"- {choice}" for choice in event.payload.get("choices", ())]
    return "\n".join(parts)


async def _note(change: Change) -> str:
    """Why people are needed, and the first draft for them."""
    texts = _texts(Language(change.conversation.lang))
    reason = change.conversation.reason or ""
    lines = [texts["handed_over"].format(reason=texts["reasons"].get(reason, reason))]
    if change.conversation.is_protected:
        lines.append(texts["protected"])
    drafts = await of_message(change.connection, change.conversation.id, change.conversation.player_number)
    if drafts:
        lines += [f"{texts['draft']}\n\n{drafts[0].body}"]
    return "\n\n".join(lines)


@functools.cache
def _texts(language: Language) -> dict[str, Any]:
    texts: dict[str, Any] = yaml.safe_load(NOTES.read_text(encoding="utf-8"))[language.value]
    return texts
