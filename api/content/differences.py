"""Two versions held against each other: field by field, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

WORDS_MAX = 8_000  # characters; longer texts are compared by lines, since the time grows with the square
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of text that was kept, added or removed."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Difference:
    """A field that differs."""

    field: str
    pieces: tuple[Piece, ...]


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """The fields that differ, in the order of the newer ones; lists line by line, texts word by word."""
    found = []
    for name in {**after, **before}:
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            is_list = name.endswith("phrasings")
            found.append(Difference(name, pieces(_lines(old), _lines(new)) if is_list else words_changed(old, new)))
    return found


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """A text's words, kept, added and removed."""
    if max(len(old), len(new)) > WORDS_MAX:
        return pieces(old.splitlines(keepends=True), new.splitlines(keepends=True))
    return pieces(_TOKEN.findall(old), _TOKEN.findall(new))


def pieces(old: list[str], new: list[str]) -> tuple[Piece, ...]:
    """The shortest edit that difflib finds (Ratcliff and Obershelp's matching), as runs of text."""
    found: list[Piece] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece(Kind.SAME, "".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece(Kind.REMOVED, "".join(old[a:b])))
        if d > c:
            found.append(Piece(Kind.ADDED, "".join(new[c:d])))
    return tuple(found)


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n") if line]
