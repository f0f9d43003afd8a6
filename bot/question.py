"""A message on its way to a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.masking import MaskedText
from bot.screening import Verdict
from knowledge_base.article import Language

CHARACTERS_MAX = 4_000  # a longer message is no question any more; people read it, the bot does not


@dataclass(frozen=True)
class Question:
    """A message: masked, with its language, what the screen heard in it, and what was asked before."""

    masked: MaskedText
    language: str
    history: tuple[str, ...]  # masked, oldest first
    screened: Mapping[str, float]  # the screen's probabilities; empty where there is nothing to screen
    verdict: Verdict
    was_harm_shown: bool  # earlier in the conversation
    was_told_to_hide: bool  # personal data was masked earlier in the conversation

    @property
    def text(self) -> str:
        return self.masked.text

    @property
    def reply_language(self) -> Language:
        return Language(self.language) if self.language in set(Language) else Language.PL
