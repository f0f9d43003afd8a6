"""A message from the form: as good as a mail, but its writer need not have a mail program open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio.to_thread

from api.conversations.changing import Change, finished
from api.conversations.hub import Hub
from api.conversations.queries import conversation_by_id
from api.conversations.service import opened
from api.conversations.values import Channel, Conversation, Kind, Written
from api.database.connection import Database
from api.mail import queries
from api.mail.addresses import checked_address, one_line
from api.mail.automatic import IncomingKind
from api.mail.headers import SUBJECT_MAX
from api.mail.receiving import said
from api.mail.threads import new_token
from api.mail.values import Thread
from api.promises.service import start as start_promise
from bot.masking import MaskedText, mask
from knowledge_base.article import Language

FORM_MAX = 10_000  # characters
PLACE = "form"  # where a mail would have its mailbox


@dataclass(frozen=True)
class FormMessage:
    """What was filled in; the client id makes a repeat harmless."""

    client_id: str
    email: str
    name: str
    subject: str
    text: str
    language: Language


async def take_form(
    database: Database, hub: Hub, now: Callable[[], datetime], promised: timedelta, form: FormMessage,
    earlier: Conversation | None,
) -> Written:  # fmt: skip
    """Store it; BadAddressError where nobody could be answered. `earlier`: a conversation of the same player."""
    address, name = checked_address(form.email), one_line(form.name)
    subject, text = await anyio.to_thread.run_sync(_masked, one_line(form.subject, SUBJECT_MAX), form.text)
    fingerprint = hashlib.sha256(f"form\x00{form.client_id}\x00{address}".encode()).hexdigest()
    async with database.writing() as connection:
        before = await queries.conversation_of_fingerprint(connection, fingerprint)
        if before is not None:
            conversation = await conversation_by_id(connection, before)
            assert conversation is not None
            return Written(conversation, (), is_repeat=True)
        at = now()
        known = earlier or await queries.last_of_address(connection, address)
        _, conversation = await opened(connection, form.language, Channel.FORM, at, known, subject.text)
        await queries.add_thread(connection, Thread(conversation.id, address, name, new_token(), ()))
        change = Change(connection, conversation, at, conversation)
        kinds = list(dict.fromkeys(item.type.value for item in (*text.items, *subject.items)))
        payload = {"text": text.text, "masked": kinds, "mail": {"subject": subject.text}}
        said(change, payload, at + promised, at)
        await start_promise(change, at + promised)
        await change.save()
        spoken = next(event for event in change.events if event.kind is Kind.MESSAGE)
        await queries.add_incoming(
            connection,
            {
                "mailbox": PLACE, "uid_validity": 0, "uid": 0, "fingerprint": fingerprint, "message_id": "",
                "kind": IncomingKind.MESSAGE, "size": len(form.text), "copies": 0, "number": spoken.number,
                "conversation_id": conversation.id, "arrived_at": at, "at": at,
            },
        )  # fmt: skip
        await finished(change, hub)
    return hub.written(change.written)


def _masked(subject: str, text: str) -> tuple[MaskedText, MaskedText]:
    return mask(subject), mask(text)
