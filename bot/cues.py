"""Cues that a message is about one player's own affair: sums, days and hours, reference numbers, 'I' and 'my'."""

from __future__ import annotations

import re

from bot.text import fold

_PATTERNS = {
    "sum": re.compile(
        r"(?<![\d.,])\d[\d .,]{0,12}\s?(?:zl|zloty\w*|pln|eur\w*|gbp|usd|£|€|\$)|[£€$]\s?\d"
        r"|\b(?:stow\w+|tysi[ae]\w+|tys|kola|quid|grand)\b"
    ),
    "time": re.compile(
        r"\b(?:\d{1,2}[:.]\d{2}|wczoraj\w*|dzis\w*|przedwczoraj|rano|wieczorem|poniedzial\w+|wtor\w+|srod[aey]"
        r"|czwart\w+|piat\w+|sobot\w+|niedziel\w+|(?:tydzien|tygodni\w*|godzin\w*|dni) temu|yesterday|today"
        r"|this morning|last night|(?:mon|tues|wednes|thurs|fri|satur|sun)day|ago|last week)\b"
    ),
    "reference": re.compile(r"\b[a-z]{1,4}[-/]?\d{4,}|\d{6,}|#\d+"),
    "self": re.compile(r"\b\w{2,}(?:lem|lam)\b|\b(?:i|i've|i'm|my|mine|moj\w*|mi|mam|mnie)\b"),
}
_TOGETHER = (("sum", "self"), ("time", "self"), ("sum", "time"), ("reference", "self"))
CUES = (*_PATTERNS, *("+".join(pair) for pair in _TOGETHER))


def cues(text: str) -> list[bool]:
    """Which cues the text gives, in the order of CUES."""
    folded = fold(text)
    found = {name: bool(pattern.search(folded)) for name, pattern in _PATTERNS.items()}
    return [*found.values(), *(found[a] and found[b] for a, b in _TOGETHER)]


def tells_particulars(text: str) -> bool:
    """Whether somebody tells of a sum, a day or a reference of their own: no article knows about that."""
    given = dict(zip(CUES, cues(text), strict=True))
    return given["sum+self"] or given["time+self"] or given["reference+self"]
