"""POST /api/v1/chatwoot: where a Chatwoot agent bot's 'outgoing URL' leads. See docs/chatwoot.md.

A new Chatwoot signs what it sends (X-Chatwoot-Signature over '<timestamp>.<body>'); an older one does not, so that the
secret may stand at the end of the address instead.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError

from api.chat import Chat
from api.chatwoot.schemas import MessageCreatedIn, StatusChangedIn
from api.chatwoot.service import BOTS, leave, say
from api.conversations.values import Outcome
from api.outgoing.chatwoot_queries import Theirs
from api.problems import ProblemError

AGE_MAX_SECONDS = 300  # what Standard Webhooks allows too; an older message may be a replay

router = APIRouter(prefix="/api/v1/chatwoot", tags=["chatwoot"])
KNOWN = ("message_created", "conversation_opened", "conversation_resolved", "conversation_status_changed")
_PAYLOAD: TypeAdapter[MessageCreatedIn | StatusChangedIn] = TypeAdapter(MessageCreatedIn | StatusChangedIn)


class NotSetUpError(ProblemError):
    """No Chatwoot desk is set up."""

    status = 404
    code = "chatwoot_not_set_up"


class WrongSecretError(ProblemError):
    """It does not come from the Chatwoot desk that is set up."""

    status = 401
    code = "unauthorized"


class MalformedPayloadError(ProblemError):
    """No payload of an agent bot."""

    status = 422
    code = "malformed"


@router.post("", summary="A signed webhook of a Chatwoot agent bot")
async def receive(request: Request) -> dict[str, Any]:
    """Answered at once; what the bot says goes through their API."""
    secret, body = _secret(request), await request.body()
    timestamp = request.headers.get("x-chatwoot-timestamp", "")
    signed = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    given = request.headers.get("x-chatwoot-signature", "").removeprefix("sha256=")
    is_fresh = timestamp.isascii() and timestamp.isdecimal() and abs(time.time() - int(timestamp)) <= AGE_MAX_SECONDS
    if not (is_fresh and hmac.compare_digest(signed.encode(), given.encode("utf-8", "replace"))):
        raise WrongSecretError("The signature or its time is not right.")
    return await _take(request, body)


@router.post("/{secret}", summary="The same of a Chatwoot that does not sign")
async def receive_by_secret(secret: str, request: Request) -> dict[str, Any]:
    """The secret at the end of the address says who it is."""
    if not hmac.compare_digest(_secret(request).encode(), secret.encode("utf-8", "replace")):
        raise WrongSecretError("This address is not the one that is set up.")
    return await _take(request, await request.body())


def _secret(request: Request) -> str:
    settings = request.app.state.settings
    if not settings.chatwoot_url:
        raise NotSetUpError("No Chatwoot desk is set up; see docs/chatwoot.md.")
    return str(settings.chatwoot_secret)


async def _take(request: Request, body: bytes) -> dict[str, Any]:
    chat: Chat = request.app.state.chat
    try:
        raw = json.loads(body)
        if not isinstance(raw, dict) or raw.get("event") not in KNOWN:
            return {"ignored": "event"}
        payload = _PAYLOAD.validate_python(raw)
    except (ValueError, RecursionError) as error:
        raise MalformedPayloadError(_why(error)) from None
    match payload:
        case MessageCreatedIn():
            if not payload.is_players:
                return {"ignored": "not_a_player"}
            if payload.conversation.status != BOTS:
                return {"ignored": "not_pending"}
            theirs = Theirs(payload.account.id, payload.conversation.id, payload.contact)
            return {"conversation": await say(chat, theirs, payload.id, payload.content or "")}
        case StatusChangedIn():
            if payload.status == BOTS:
                return {"ignored": "pending"}
            account = payload.account.id if payload.account else payload.account_id or 0
            outcome = Outcome.SOLVED if payload.status == "resolved" else Outcome.REFERRED
            await leave(chat, Theirs(account, payload.id, 0), outcome)
    return {}


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return "This is no JSON."
