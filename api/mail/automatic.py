"""Which mails no person wrote, so that machines never answer each other (RFC 3834, RFC 3464, RFC 2919)."""

from __future__ import annotations

import re
from email.message import Message
from enum import StrEnum

from api.mail.headers import addresses, raw_value

_AUTOMATIC_SUBJECT = re.compile(
    r"(?:automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|automatic reply|auto(?:matic)?[- ]?reply|"
    r"autoresponder|out of (?:the )?office)\b",
    re.IGNORECASE,
)
_MACHINES = frozenset({"mailer-daemon", "postmaster", "mailerdaemon"})
_NOBODY = re.compile(r"(?:no-?reply|do-?not-?reply|nie-?odpowiadaj|noreply)\b", re.IGNORECASE)


class IncomingKind(StrEnum):
    """What a mail is."""

    MESSAGE = "message"
    AUTO_REPLY = "auto_reply"  # a machine's answer: away, received, read
    BOUNCE = "bounce"  # a mail of ours did not arrive
    BULK = "bulk"  # newsletters and lists
    OWN = "own"  # from our own address: the copy of what we sent, or a loop


def kind_of(message: Message, subject: str, own_address: str) -> IncomingKind:
    """What a mail is, by its header alone."""
    senders = [address.lower() for _, address in addresses(message, "From")]
    sender = senders[0] if senders else ""
    if own_address and own_address.lower() in senders:
        return IncomingKind.OWN
    if _is_report(message, "delivery-status") or sender.partition("@")[0] in _MACHINES:
        return IncomingKind.BOUNCE
    if _is_list(message):
        return IncomingKind.BULK
    if _is_automatic(message) or _AUTOMATIC_SUBJECT.match(subject) or _NOBODY.match(sender):
        return IncomingKind.AUTO_REPLY
    return IncomingKind.MESSAGE


def _is_automatic(message: Message) -> bool:
    submitted = raw_value(message, "Auto-Submitted").split(";")[0].strip().lower()
    precedence = raw_value(message, "Precedence").strip().lower()
    return (
        submitted not in {"", "no"}
        or precedence in {"auto_reply", "junk"}
        or any(raw_value(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder"))
        or raw_value(message, "Return-Path").strip() == "<>"
        or _is_report(message, "disposition-notification")
    )


def _is_list(message: Message) -> bool:
    precedence = raw_value(message, "Precedence").strip().lower()
    return precedence in {"bulk", "list"} or any(
        raw_value(message, name) for name in ("List-Id", "List-Unsubscribe", "List-Post")
    )


def _is_report(message: Message, report: str) -> bool:
    given = str(message.get_param("report-type", "") or "").lower()
    return message.get_content_type() == "multipart/report" and given == report
