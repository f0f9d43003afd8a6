"""A message on its way to a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.language import language_of_reply
from bot.masking import MaskedText
from bot.screening import Verdict
from knowledge_base.article import Language

CHARACTERS_MAX = 4_000  # a longer message is no question any more; people read it, the bot does not
OVERLAP = 200  # characters: a phrase at the border of two pieces stands whole in one of them


def pieces(text: str) -> Iterator[str]:
    """A text in pieces that can be screened; a text of usual length is one."""
    yield text[:CHARACTERS_MAX]
    for start in range(CHARACTERS_MAX - OVERLAP, len(text) - OVERLAP, CHARACTERS_MAX - OVERLAP):
        yield text[start : start + CHARACTERS_MAX]


@dataclass(frozen=True)
class Question:
    """A message: masked, with its language, what the screen heard in it, and what was asked before."""

    masked: MaskedText
    asked: str  # the masked text without a greeting before it: what is screened and looked up
    language: str
    history: tuple[str, ...]  # masked, without greetings, oldest first
    screened: Mapping[str, float]  # the screen's probabilities; empty where there is nothing to screen
    verdict: Verdict
    was_harm_shown: bool  # earlier in the conversation
    was_told_to_hide: bool  # personal data was masked earlier in the conversation

    @property
    def text(self) -> str:
        return self.masked.text

    @property
    def reply_language(self) -> Language:
        return language_of_reply(self.language)
