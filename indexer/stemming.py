"""Stems of a question, whose language need not be known."""

from __future__ import annotations

from bot.text import stems, words
from knowledge_base.article import Language


def question_stems(text: str) -> list[str]:
    """Stems in both languages: what language it is need not be known to look it up."""
    return [stem for word in words(text) for stem in {*stems(word, Language.PL), *stems(word, Language.EN)}]
