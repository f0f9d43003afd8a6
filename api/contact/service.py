"""What was filled in, checked and handed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from api.addresses import address_of
from api.conversations.problems import MessageEmptyError, MessageTooLongError
from api.conversations.values import Conversation
from api.mail.forms import FORM_MAX, FormMessage
from api.player import chat_of
from api.text import tidy


@dataclass(frozen=True)
class Taken:
    """What the player is told: where and until when the answer comes."""

    email: str
    due_at: datetime
    reference: str


async def take(request: Request, form: FormMessage, earlier: Conversation | None) -> Taken:
    """Store a message from the form; what is wrong with it is said by the error's code."""
    chat = chat_of(request)
    text = tidy(form.text)
    if not text:
        raise MessageEmptyError("There is nothing in this message.")
    if len(text) > FORM_MAX:
        raise MessageTooLongError(f"A message has at most {FORM_MAX:,} characters; this one has {len(text):,}.")
    chat.limits.starts.check(address_of(request))
    checked = FormMessage(form.client_id, form.email, form.name, form.subject, text, form.language)
    written = await chat.mail.take_form(checked, earlier)
    if earlier is not None and not written.is_repeat:
        await chat.mail.note_form(earlier, written.conversation)
    due_at = written.conversation.due_at or written.conversation.created_at + chat.mail.promised
    return Taken(form.email.strip(), due_at, written.conversation.id)
