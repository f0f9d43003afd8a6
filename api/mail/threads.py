"""Tokens by which an answer finds its conversation when a mail program has dropped the References (RFC 5322, 3.6.4)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as something else
LENGTH = 10  # 49 bits: nobody guesses a stranger's
_IN_SUBJECT = re.compile(rf"\[#([{ALPHABET}]{{{LENGTH}}})\]", re.IGNORECASE)
_IN_ID = re.compile(rf"<krupier\.([{ALPHABET}]{{{LENGTH}}})\.")
_REPLY = re.compile(r"^(?:(?:re|odp|fw|fwd|pd|aw|sv)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def new_token() -> str:
    """A thread's own."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def token_in(subject: str, message_ids: Sequence[str]) -> str | None:
    """The token in one of our Message-IDs, the nearest first, or in the subject."""
    for each in reversed(message_ids):
        if found := _IN_ID.match(each):
            return found[1]
    found = _IN_SUBJECT.search(subject)
    return found[1].upper() if found else None


def bare_subject(subject: str) -> str:
    """Without token and Re:."""
    return _REPLY.sub("", " ".join(_IN_SUBJECT.sub("", subject).split())).strip()


def reply_subject(subject: str) -> str:
    """What an answer is called."""
    return f"Re: {bare_subject(subject)}"


def marked(subject: str, token: str) -> str:
    """The subject with the thread's token at its end."""
    return f"{' '.join(_IN_SUBJECT.sub('', subject).split())} [#{token}]"
