"""The widget's form, and the transcript of a chat. See docs/chat-protocol.md."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from api.addresses import address_of
from api.contact.schemas import MessageIn, TranscriptIn
from api.contact.service import take
from api.conversations.shown import moment
from api.mail.forms import FormMessage
from api.mail.problems import MailNotSetUpError
from api.mail.wording import said_when
from api.player import chat_of, current

router = APIRouter(prefix="/api/v1", tags=["contact"])


@router.post("/contact/messages", status_code=201, summary="Write to people")
async def write(body: MessageIn, request: Request) -> dict[str, Any]:
    """A person answers by e-mail; with a conversation's token it is known to be the same player."""
    earlier = await current(request) if "authorization" in request.headers else None
    form = FormMessage(body.client_id, body.email, body.name, body.subject, body.text, body.lang)
    taken = await take(request, form, earlier)
    return {"email": taken.email, "due_at": moment(taken.due_at), "due": said_when(taken.due_at, body.lang)}


@router.post("/conversations/current/transcript", status_code=202, summary="The chat by e-mail")
async def send_transcript(body: TranscriptIn, request: Request) -> dict[str, str]:
    """All that was said, as a letter to keep."""
    conversation = await current(request)
    chat = chat_of(request)
    if not chat.mail.can_send:
        raise MailNotSetUpError("No outgoing mail server is set up.")
    chat.limits.starts.check(address_of(request))
    await chat.mail.send_transcript(conversation, body.email, body.lang)
    return {"email": body.email.strip()}
