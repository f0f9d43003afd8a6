"""How much an article or a fact may hold, and how it may be named; what a person could have typed fits by far."""

from __future__ import annotations

import re

from api.content.problems import BadNameError, TooBigError
from api.content.values import Contents, EntryKind, FactContent, Key
from knowledge_base.facts import what_is_wrong_with

TITLE_MAX = 160  # characters
BODY_MAX = 20_000  # a sound article has about 1,200; a pasted image as data has a million
PHRASING_MAX = 400
PHRASINGS_MAX = 1_000  # in one language
NAME_MAX = 80
NOTE_MAX = 500
RELATED_MAX = 30
SHORT_MAX = 80  # category, owner
_NAMES = {
    EntryKind.ARTICLE: re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"),
    EntryKind.FACT: re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"),
}


class BadFactError(BadNameError):
    """A fact's value does not fit its unit."""

    code = "bad_fact"


def refuse_bad_name(key: Key) -> None:
    """BadNameError unless the name can stand in a file name, an address and a template."""
    if len(key.name) > NAME_MAX or not _NAMES[key.kind].fullmatch(key.name):
        example = "withdrawal-time" if key.kind is EntryKind.ARTICLE else "withdrawal_min"
        raise BadNameError(f"Name it like {example}: lower-case letters without accents and digits.")


def refuse_unsound(key: Key, content: Contents) -> None:
    """TooBigError or BadFactError for what cannot be kept even as a draft."""
    if isinstance(content, FactContent):
        entry = {"value": content.value, "unit": content.unit, "source": content.source, "checked": content.checked}
        what = what_is_wrong_with(entry)
        if what:
            raise BadFactError(f"The fact '{key.name}' {what}.")
        if len(str(content.value)) > 2 * PHRASING_MAX or len(content.source) > PHRASING_MAX:
            raise TooBigError(f"A fact and its source have at most {PHRASING_MAX} characters.")
        return
    for what, length, most in (
        ("category", len(content.category), SHORT_MAX),
        ("owner", len(content.owner), SHORT_MAX),
        ("list of related articles", len(content.related), RELATED_MAX),
        *(each for text in content.texts.values() for each in (
            ("title", len(text.title), TITLE_MAX),
            ("text", len(text.body), BODY_MAX),
            ("list of phrasings", len(text.phrasings), PHRASINGS_MAX),
            ("longest phrasing", max(map(len, text.phrasings), default=0), PHRASING_MAX),
        )),
    ):  # fmt: skip
        if length > most:
            raise TooBigError(f"The {what} has {length:,}; at most {most:,} are possible.", field=what)
