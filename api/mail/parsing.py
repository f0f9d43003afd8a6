"""A mail taken apart: who, about what, the words, attachments by name. Whatever comes, something readable comes out."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from email.policy import compat32
from enum import StrEnum

from api.mail.automatic import IncomingKind, kind_of
from api.mail.bounces import Bounce, bounce_of
from api.mail.charsets import decoded
from api.mail.headers import addresses, message_ids, plain, raw_value, recipient_count, subject_of
from api.mail.html_text import text_of_html
from api.mail.quoting import split_reply
from api.text import tidy

PARTS_MAX = 100
ATTACHMENTS_MAX = 30
TEXT_MAX = 20_000  # characters of what was written; people read it, the bot at most a part
REST_MAX = 10_000  # characters of what was quoted
RECIPIENTS_MAX = 50  # more, and it was not written to us
FILE_NAME_MAX = 120


class MailWarning(StrEnum):
    """What is odd about a mail; the mailbox keeps it as it came."""

    MALFORMED = "malformed"  # it breaks the rules of mail, so that something may be missing
    BIG = "big"  # only its beginning was read
    LONG = "long"  # only the beginning of its text is shown
    CROWD = "crowd"  # sent to very many people at once


@dataclass(frozen=True)
class Attached:
    """An attachment as it calls itself; its content is never looked at."""

    name: str
    media_type: str
    size: int  # bytes


@dataclass(frozen=True)
class ParsedMail:
    """What a mail says, not masked yet."""

    message_id: str
    references: tuple[str, ...]  # all Message-IDs it refers to, the nearest last
    sender: str
    sender_name: str
    subject: str
    text: str
    rest: str  # quotes and signature
    attachments: tuple[Attached, ...]
    recipients: int
    kind: IncomingKind
    warning: MailWarning | None
    bounce: Bounce | None = None


def parse(raw: bytes, own_address: str, *, is_whole: bool = True) -> ParsedMail:
    """The mail; `is_whole` is False where only its beginning is given."""
    try:
        parsed = _parsed(raw, own_address)
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError, AssertionError):
        parsed = _unreadable(raw)  # the parser of the standard library gives up on some of what is sent about
    return parsed if is_whole else replace(parsed, warning=MailWarning.BIG)


def _parsed(raw: bytes, own_address: str) -> ParsedMail:
    message = email.message_from_bytes(raw, policy=compat32)
    parts = list(_leaves(message))
    written, rest, is_broken = _body(parts)
    senders = addresses(message, "Reply-To") or addresses(message, "From")
    name, sender = senders[0] if senders else ("", "")
    subject = subject_of(message)
    kind = kind_of(message, subject, own_address)
    recipients = recipient_count(message)
    ids = message_ids(message, "Message-ID")
    warning = None
    if is_broken or not senders or (message.defects and not written):
        warning = MailWarning.MALFORMED
    elif recipients > RECIPIENTS_MAX:
        warning = MailWarning.CROWD
    elif len(written) > TEXT_MAX:
        warning = MailWarning.LONG
    return ParsedMail(
        ids[0] if ids else "",
        tuple(dict.fromkeys((*message_ids(message, "References"), *message_ids(message, "In-Reply-To")))),
        sender, name, subject, written[:TEXT_MAX], rest[:REST_MAX],
        tuple(_attached(part) for part in parts if _is_attachment(part))[:ATTACHMENTS_MAX],
        recipients, kind, warning, bounce_of(message, raw) if kind is IncomingKind.BOUNCE else None,
    )  # fmt: skip


def _leaves(message: Message) -> Iterator[Message]:
    """Parts with content, in order; a mail inside the mail is one attachment. At most PARTS_MAX of them."""
    found = 0
    waiting = [message]
    while waiting and found < PARTS_MAX:
        part = waiting.pop(0)
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting[:0] = [each for each in payload if isinstance(each, Message)][:PARTS_MAX]
        else:
            found += 1
            yield part


def _body(parts: list[Message]) -> tuple[str, str, bool]:
    """(what was written, what was quoted, whether something could not be decoded): plain text, else HTML."""
    texts = [part for part in parts if not _is_attachment(part)]
    plains = [_text(part) for part in texts if part.get_content_type() == "text/plain"]
    is_broken = any(part.defects for part in texts)
    whole = "\n\n".join(text for text in plains if text.strip())
    if whole:
        return *split_reply(tidy(whole)), is_broken
    pages = [text_of_html(_text(part)) for part in texts if part.get_content_type() == "text/html"]
    written, rest = split_reply(tidy("\n\n".join(page for page, _ in pages)))
    quoted = "\n\n".join(history for _, history in pages if history)
    return written, "\n\n".join(part for part in (rest, tidy(quoted)) if part), is_broken


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return decoded(content, part.get_content_charset()) if isinstance(content, bytes) else ""


def _is_attachment(part: Message) -> bool:
    kind = part.get_content_disposition()
    is_words = part.get_content_type() in {"text/plain", "text/html"}
    return (
        kind == "attachment"
        or (not is_words and part.get_content_maintype() != "multipart")
        or bool(is_words and part.get_filename())
    )


def _attached(part: Message) -> Attached:
    name = plain(str(part.get_filename() or "")).replace("\\", "/").rpartition("/")[2][:FILE_NAME_MAX]
    return Attached(name or "?", part.get_content_type()[:80], _size(part))


def _size(part: Message) -> int:
    payload = part.get_payload()
    if isinstance(payload, list):
        return sum(len(str(each)) for each in payload[:1])
    encoding = raw_value(part, "Content-Transfer-Encoding").strip().lower()
    text = str(payload or "")
    if encoding != "base64":
        return len(text)
    letters = text.replace("\r", "").replace("\n", "").rstrip("=")
    return len(letters) * 3 // 4


def _unreadable(raw: bytes) -> ParsedMail:
    """What the parser gives up on: the beginning as text, from nobody."""
    return ParsedMail(
        "", (), "", "", "", tidy(decoded(raw[:TEXT_MAX], None)), "", (), 0, IncomingKind.MESSAGE, MailWarning.MALFORMED
    )
