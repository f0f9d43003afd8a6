"""A letter of ours, and the bytes it is sent as (RFC 5322): the same bytes however often it must be tried."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from api.mail.addresses import checked_address, one_line
from api.mail.headers import MESSAGE_ID, SUBJECT_MAX
from api.text import to_html

REFERENCES_MAX = 20  # the first and the last ones; longer fields are cut by some programs
LINE_MAX = 78


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter; parameters may stand behind the media type."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What is to be sent to one person. The text is Markdown, as everywhere here."""

    to: str
    subject: str
    text: str
    name: str = ""
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    is_automatic: bool = True  # no person wrote it: machines shall not answer it (RFC 3834)
    purpose: str = "notice"
    conversation: str | None = None
    number: int | None = None  # of the message it carries
    token: str = ""  # of its thread
    quote: str = ""  # plain text below the answer


@dataclass(frozen=True)
class Sender:
    """Who writes: our address and the name beside it."""

    address: str
    name: str

    @property
    def domain(self) -> str:
        """What our Message-IDs end in."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class Composed:
    """Ready to be sent."""

    message_id: str
    recipient: str
    content: bytes


def compose(letter: Letter, sender: Sender, at: datetime) -> Composed:
    """The letter as bytes; nothing in it can start a header of its own. BadAddressError without just one recipient."""
    recipient = checked_address(letter.to)
    message_id = f"<krupier.{letter.token or 'notice'}.{secrets.token_urlsafe(15)}@{sender.domain}>"
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(one_line(sender.name), addr_spec=sender.address)
    message["To"] = Address(one_line(letter.name), addr_spec=recipient)
    message["Subject"] = one_line(letter.subject, SUBJECT_MAX)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    references = _references(letter)
    if letter.in_reply_to and MESSAGE_ID.fullmatch(letter.in_reply_to):
        message["In-Reply-To"] = letter.in_reply_to
    if references:
        message["References"] = " ".join(references)
    if letter.is_automatic:
        message["Auto-Submitted"] = "auto-replied" if letter.in_reply_to else "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"  # what Exchange understands
    message.set_content(plain_text(letter), cte="quoted-printable")
    message.add_alternative(_html(letter), subtype="html", cte="quoted-printable")
    for attachment in letter.attachments:
        _attach(message, attachment)
    return Composed(message_id, recipient, message.as_bytes())


def plain_text(letter: Letter) -> str:
    """The text without the marks of Markdown that disturb reading, then what is quoted."""
    words = re.sub(r"\*\*(.+?)\*\*", r"\1", letter.text)
    words = re.sub(r"\[([^\]]+)\]\((https://[^)\s]+)\)", r"\1 (\2)", words)
    return f"{words}\n\n{letter.quote}\n" if letter.quote else f"{words}\n"


def quoted(text: str) -> str:
    """Lines marked as quoted (RFC 3676, 4.5)."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _html(letter: Letter) -> str:
    body = to_html(letter.text, breaks=True)
    below = to_html(letter.quote, breaks=True) if letter.quote else ""
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{body}{below}</body></html>\n'


def _references(letter: Letter) -> list[str]:
    known = [each for each in letter.references if MESSAGE_ID.fullmatch(each)]
    if letter.in_reply_to and MESSAGE_ID.fullmatch(letter.in_reply_to):
        known.append(letter.in_reply_to)
    unique = list(dict.fromkeys(reversed(known)))[::-1]
    return unique if len(unique) <= REFERENCES_MAX else [unique[0], *unique[-REFERENCES_MAX + 1 :]]


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    kind, _, given = attachment.media_type.partition(";")
    main, _, sub = kind.strip().partition("/")
    parameters = dict(part.strip().partition("=")[::2] for part in given.split(";") if "=" in part)
    message.add_attachment(
        attachment.content, maintype=main, subtype=sub or "octet-stream",
        filename=one_line(attachment.name), params=parameters,
    )  # fmt: skip


def address_in(field: str) -> str:
    """The address in 'Name <address>'."""
    return parseaddr(field)[1]
