"""Header fields of a mail, decoded and made one harmless line each, however broken they are (RFC 5322, RFC 2047)."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from api.mail.charsets import decoded
from api.text import tidy

MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")  # printable ASCII without the brackets themselves
VALUE_MAX = 100_000  # characters of a field that are looked at; more is an attack
SUBJECT_MAX = 250
NAME_MAX = 120
REFERENCES_MAX = 50


def raw_values(message: Message, name: str) -> list[str]:
    """A field's values as they came; bytes that are no ASCII are surrogates."""
    wanted = name.lower()
    return [str(value)[:VALUE_MAX] for key, value in message.raw_items() if key.lower() == wanted]


def raw_value(message: Message, name: str) -> str:
    """The first value, or nothing."""
    return next(iter(raw_values(message, name)), "")


def plain(value: str) -> str:
    """One line of visible text: encoded words decoded, line breaks and invisible characters gone."""
    return " ".join(tidy(_decoded_words(value)).split())


def subject_of(message: Message) -> str:
    """The subject, shortened."""
    return plain(raw_value(message, "Subject"))[:SUBJECT_MAX]


def addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """(name, address) of a field. Parsed before decoding, so that no encoded comma or bracket makes an address."""
    found = getaddresses([_unfolded(value) for value in raw_values(message, name)])
    return [(plain(who)[:NAME_MAX], address.strip()) for who, address in found if "@" in address]


def message_ids(message: Message, name: str) -> tuple[str, ...]:
    """The Message-IDs in a field, in order, the last ones where there are too many."""
    found = MESSAGE_ID.findall(" ".join(raw_values(message, name)))
    return tuple(dict.fromkeys(found))[-REFERENCES_MAX:]


def recipient_count(message: Message) -> int:
    """How many people it was sent to, as far as one can see."""
    return sum(value.count("@") for name in ("To", "Cc") for value in raw_values(message, name))


def _decoded_words(value: str) -> str:
    try:
        pieces = decode_header(_unfolded(value))
    except (HeaderParseError, ValueError):
        pieces = [(value, None)]
    return "".join(_piece(piece, charset) for piece, charset in pieces)


def _piece(piece: bytes | str, charset: str | None) -> str:
    """What the decoder gives: words of a charset, or text in which bytes that are no ASCII are surrogates."""
    if isinstance(piece, bytes) and charset is not None:
        return decoded(piece, charset)
    text = piece.decode("raw-unicode-escape") if isinstance(piece, bytes) else piece
    return decoded(text.encode("utf-8", "surrogateescape"), None)


def _unfolded(value: str) -> str:
    return re.sub(r"\r?\n[ \t]+", " ", value)
