"""Bytes into text: as they say they are encoded, or as Polish mail really is where that is wrong."""

from __future__ import annotations

import codecs

FALLBACKS = ("utf-8", "cp1250")  # what Polish programs write when they name nothing, or name it wrongly
_C1 = frozenset(range(0x80, 0xA0))  # no letters in ISO 8859, but letters in the code pages of Windows


def decoded(content: bytes, charset: str | None) -> str:
    """The text; never an error. NUL goes, as no database takes it."""
    for name in (_named(content, charset), *FALLBACKS):
        if name is None:
            continue
        try:
            return content.decode(name).replace("\x00", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace").replace("\x00", "")


def _named(content: bytes, charset: str | None) -> str | None:
    """Python's name of a text encoding; ASCII that is none is nothing, ISO 8859 with letters of Windows is Windows."""
    try:
        info = codecs.lookup((charset or "").strip().strip("'\""))
    except (LookupError, ValueError):
        return None
    name = info.name
    if not info._is_text_encoding or name == "ascii":  # zip, hex and rot13 are codecs too
        return None if not content.isascii() else "ascii"
    if name in {"iso8859-1", "iso8859-2"} and not _C1.isdisjoint(content):
        return "cp1252" if name == "iso8859-1" else "cp1250"
    return name
