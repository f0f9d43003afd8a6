"""A reply without what it quotes and without its signature, for mail programs set to Polish or English.

After GitHub's email_reply_parser, with two differences: answers between quoted lines are kept, and what is taken off is
given back, so that it can be read beside the message. A signature is only taken off where it is none but names, numbers
and addresses: a cry for help below "Pozdrawiam" must be heard.
"""

from __future__ import annotations

import re

_SAYS = r"(?:wrote|napisał\(a\)|napisał|napisała|pisze|schrieb|a écrit)\s?:\s*"
_WROTE = re.compile(  # with a date, so with a digit
    rf"(?=.*\d)(?:(?:on|w dniu|dnia|am|le|pon|pn|wt|śr|czw|pt|sob|sb|niedz|nd)\b|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}})"
    rf".{{4,300}}{_SAYS}|(?=.*\d)(?:wiadomość napisana przez|message from)\b.{{4,300}}:\s*",
    re.IGNORECASE,
)
_WROTE_BY = re.compile(rf".{{2,200}}<[^>\s]+@[^>\s]+>.{{0,60}}{_SAYS}", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"-{2,}\s*(?:original message|oryginalna wiadomość|wiadomość oryginalna|treść oryginalna)\s*-{2,}", re.I
)
_FIELD = re.compile(r"\*?(from|sent|date|to|cc|subject|od|wysłano|wysłane|data|do|dw|temat)\s*:\*?\s", re.I)
_RULE = re.compile(r"[_-]{20,}\s*")
_QUOTED = re.compile(r"\s*>")
_SENT_FROM = re.compile(
    r"(?:wysłan[eo] ze?\b|wysłan[eo] za pomocą\b|sent from\b|sent with\b|get outlook|pobierz (?:aplikację )?outlook|"
    r"wiadomość wysłana z|ten e-mail został sprawdzony|virus-free|wolny od wirusów)",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"(?:pozdrawiam(?: (?:serdecznie|gorąco|ciepło))?|z poważaniem|z wyrazami szacunku|serdeczności|łączę pozdrowienia|"
    r"pozdrowienia|(?:best|kind|warm)(?:est)? regards|regards|yours (?:sincerely|faithfully)|best wishes|cheers)"
    r"\s*[,.!]*\s*",
    re.IGNORECASE,
)
_SMALL = frozenset(
    {"tel", "tel.", "kom", "kom.", "mob", "e-mail", "email", "mail", "www", "ul.", "nr", "sp.", "z", "o.o."}
)
HEADING_MAX = 400  # characters
HEADING_LINES = 3  # programs break the line 'On ... wrote:' in up to three
OUTLOOK_FIELDS = 3  # of From, Sent, To, Subject in a row; two may be a player's own list
SIGNATURE_LINES = 6
LOOKED_AT = 40  # last lines in which a signature is looked for


def split_reply(text: str) -> tuple[str, str]:
    """(what was written, what was taken off: quotes, their headings, the signature). Never nothing for something."""
    lines = text.split("\n")
    kept, taken = _without_history(lines)
    kept, signature = _without_signature(kept)
    written = _joined(kept)
    if not written:
        return text.strip(), ""
    return written, _joined([*signature, *([""] if signature else []), *taken])


def _without_history(lines: list[str]) -> tuple[list[str], list[str]]:
    for i in range(len(lines)):
        length = _heading(lines, i)
        if length == 0:
            continue
        after = lines[i + length :]
        first = next((line for line in after if line.strip()), "")
        if _QUOTED.match(first):  # quoted line by line: what is not quoted is the player's
            own, quoted = _without_quotes(after)
            return [*lines[:i], *own], [*lines[i : i + length], *quoted]
        if any(line.strip() for line in lines[:i]):
            return lines[:i], lines[i:]
    return _without_quotes(lines)


def _without_quotes(lines: list[str]) -> tuple[list[str], list[str]]:
    own = [line for line in lines if not _QUOTED.match(line)]
    return own, [line for line in lines if _QUOTED.match(line)]


def _heading(lines: list[str], i: int) -> int:
    """How many lines from here on are a heading of quoted history; 0 for none."""
    line = lines[i].strip()
    if not line or _QUOTED.match(line):
        return 0
    if _ORIGINAL.fullmatch(line):
        return 1
    if _is_outlook(lines, i + 1 if _RULE.fullmatch(line) else i):
        return 1
    if len(line) <= HEADING_MAX and _WROTE_BY.fullmatch(line):
        return 1
    joined = ""
    for length, part in enumerate(lines[i : i + HEADING_LINES], start=1):
        joined = f"{joined} {part.strip()}".strip()
        if not part.strip() or len(joined) > HEADING_MAX:
            return 0
        if _WROTE.fullmatch(joined):
            return length
    return 0


def _is_outlook(lines: list[str], i: int) -> bool:
    found = 0
    for line in lines[i : i + 6]:
        if not line.strip():
            continue
        if not _FIELD.match(f"{line.strip()} "):
            break
        found += 1
    return found >= OUTLOOK_FIELDS


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    for i in range(max(0, len(lines) - LOOKED_AT), len(lines)):
        line = lines[i].strip()
        rest = [each.strip() for each in lines[i + 1 :] if each.strip()]
        is_signature = (
            (i and line == "--" and len(rest) <= 2 * SIGNATURE_LINES)  # RFC 3676, 4.3
            or (_SENT_FROM.match(line) and len(rest) <= 2 and len(line) <= 200)
            or (i and _FAREWELL.fullmatch(line) and len(rest) <= SIGNATURE_LINES and all(map(_is_card, rest)))
        )
        if is_signature:
            return lines[:i], lines[i:]
    return lines, []


def _is_card(line: str) -> bool:
    """Whether a line only says who somebody is: names, numbers, addresses."""
    return len(line) <= 80 and all(
        word[:1].isupper()
        or not word[:1].isalpha()
        or "@" in word
        or "." in word[1:-1]
        or word.lower().strip(",:") in _SMALL
        for word in line.split()
    )


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
