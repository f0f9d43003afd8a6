"""A mail as it may be stored: everything its writer wrote is masked, the address that answers go to is not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from api.conversations.shown import moment
from api.mail.automatic import IncomingKind
from api.mail.bounces import Bounce
from api.mail.parsing import Attached, MailWarning, ParsedMail, parse
from api.mail.values import Fetched
from bot.masking import mask


@dataclass(frozen=True)
class MaskedMail:
    """A mail without what nobody needs to know."""

    fingerprint: str
    message_id: str
    references: tuple[str, ...]
    sender: str
    sender_name: str
    subject: str
    text: str
    rest: str
    kinds: tuple[str, ...]  # of personal data that was masked
    attachments: tuple[Attached, ...]
    recipients: int
    kind: IncomingKind
    warning: MailWarning | None
    bounce: Bounce | None

    def payload(self, mail: Fetched) -> dict[str, Any]:
        """The event that says it; a mail without words says its subject."""
        about: dict[str, Any] = {
            "subject": self.subject,
            "arrived_at": moment(mail.arrived_at),
            "size": mail.size,
            "attachments": [
                {"name": each.name, "type": each.media_type, "size": each.size} for each in self.attachments
            ],
        }
        more = {"rest": self.rest, "warning": self.warning, "recipients": self.recipients if self.recipients > 1 else 0}
        about |= {name: value for name, value in more.items() if value}
        return {"text": self.text or self.subject or "–", "masked": list(self.kinds), "mail": about}


def masked_mail(mail: Fetched, own_address: str) -> MaskedMail:
    """Parsed and masked; slow enough for a thread of its own."""
    parsed = parse(mail.raw, own_address, is_whole=mail.is_whole)
    text, subject = mask(parsed.text), mask(parsed.subject)
    kinds = dict.fromkeys(item.type.value for item in (*text.items, *subject.items))
    attachments = tuple(Attached(mask(each.name).text, each.media_type, each.size) for each in parsed.attachments)
    return MaskedMail(
        _fingerprint(parsed, mail.raw), parsed.message_id[:300], parsed.references, parsed.sender.lower(),
        parsed.sender_name, subject.text, text.text, mask(parsed.rest).text, tuple(kinds), attachments,
        parsed.recipients, parsed.kind, parsed.warning, parsed.bounce,
    )  # fmt: skip


def _fingerprint(parsed: ParsedMail, raw: bytes) -> str:
    """The same for the same mail, also when it came by another way; without a Message-ID, of every byte."""
    content = raw
    if parsed.message_id:
        words = (parsed.message_id, parsed.sender, parsed.subject, parsed.text, parsed.kind.value)
        content = "\x00".join(words).encode("utf-8", "replace")
    return hashlib.sha256(content).hexdigest()
