"""Reviewed phrases that are a sign of danger or of gambling harm whatever stands around them, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LEVELS = ("life", "harm")
_PHRASE = re.compile(r"[a-z0-9]+\*?(?: [a-z0-9]+\*?)*")


class SignsFileError(ValueError):
    """A phrase file that cannot be used; names the entry and what to do."""


@dataclass(frozen=True)
class Sign:
    """Folded words in order; a word that ends in * may go on in any way."""

    words: tuple[str, ...]
    language: str
    level: str
    reason: str


def read_signs(path: Path) -> list[Sign]:
    """The phrases of a YAML list of {phrase, lang, level, reason}; [] without the file; SignsFileError otherwise."""
    if not path.exists():
        return []
    try:
        entries: Any = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SignsFileError(f"{path}: not readable as YAML: {error}") from error
    if not isinstance(entries, list):
        raise SignsFileError(f"{path}: write a list of {{phrase, lang, level, reason}}")
    return [_sign(entry, f"{path}: entry {number}") for number, entry in enumerate(entries, 1)]


def signs_from_json(entries: Sequence[Sequence[Any]]) -> list[Sign]:
    """What `signs_to_json` gave."""
    return [Sign(tuple(words), language, level, reason) for words, language, level, reason in entries]


def signs_to_json(signs: Sequence[Sign]) -> list[list[Any]]:
    """Plain lists, for an index to keep."""
    return [[list(sign.words), sign.language, sign.level, sign.reason] for sign in signs]


def _sign(entry: Any, where: str) -> Sign:
    if not isinstance(entry, dict) or set(entry) != {"phrase", "lang", "level", "reason"}:
        raise SignsFileError(f"{where}: needs exactly phrase, lang, level and reason")
    if not isinstance(entry["phrase"], str) or not _PHRASE.fullmatch(entry["phrase"]):
        raise SignsFileError(f"{where}: '{entry['phrase']}' must be folded: lower case, no diacritics, no signs but *")
    if entry["level"] not in LEVELS or not str(entry["reason"] or "").strip():
        raise SignsFileError(f"{where}: 'level' is life or harm, and 'reason' says why the phrase alone is a sign")
    return Sign(tuple(entry["phrase"].split()), str(entry["lang"]), entry["level"], str(entry["reason"]))
