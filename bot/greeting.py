"""The greeting a message begins with: it says nothing of what is asked, and pulls both screen and search aside."""

from __future__ import annotations

import re

from bot.text import fold, words

ASKED_WORDS_MIN = 2  # 'hej, kasa?' may be anything; what is left must be able to ask something

_GREETING = re.compile(
    r"\W*(?:dzien dobry|dobry wieczor|witam|witajcie|czesc|hejka|hej|elo|siemanko|siema|halo"
    r"|good (?:morning|afternoon|evening)|hello|hi there|hi|hey there|hey)\b"
    r"(?: (?:panstwu|panstwa|wam|wszystkim|serdecznie|ponownie|there|all|team))?[\s,.!:;)(-]+"
)


def without_greeting(text: str) -> str:
    """What comes after the greetings a message begins with; the whole message if that is nearly all of it."""
    rest = text
    while len(folded := fold(rest)) == len(rest) and (found := _GREETING.match(folded)):
        rest = rest[found.end() :]
    return rest if len(words(rest)) >= ASKED_WORDS_MIN else text
