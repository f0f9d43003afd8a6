"""What did not arrive and why: delivery reports (RFC 3464), and others by the Message-ID they quote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from api.mail.headers import plain, raw_value

OURS = re.compile(rb"<krupier\.[A-Za-z0-9._-]{10,120}@[A-Za-z0-9.\[\]:-]{1,200}>")
LOOKED_AT_MAX = 300_000  # bytes
REASON_MAX = 200


@dataclass(frozen=True)
class Bounce:
    """Which of our mails it is about, and whether it is lost or only late."""

    message_ids: tuple[str, ...]
    is_final: bool
    reason: str


def bounce_of(message: Message, raw: bytes) -> Bounce:
    """The report; where it is in no known form, a bounce is taken as final."""
    ids = tuple(dict.fromkeys(found.decode("ascii") for found in OURS.findall(raw[:LOOKED_AT_MAX])))
    statuses = [block for part in message.walk() for block in _blocks(part)]
    actions = {raw_value(block, "Action").strip().lower() for block in statuses} - {""}
    reason = next((each for block in statuses if (each := _reason(block))), plain(raw_value(message, "Subject")))
    return Bounce(ids, not actions or "failed" in actions, reason[:REASON_MAX])


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    if part.get_content_type() != "message/delivery-status" or not isinstance(payload, list):
        return []
    return [block for block in payload if isinstance(block, Message)]


def _reason(block: Message) -> str:
    return plain(raw_value(block, "Diagnostic-Code") or raw_value(block, "Status"))
