"""A draft for the consultant, as it is stored and as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class SuggestionStatus(StrEnum):
    """What became of it."""

    SHOWN = "shown"
    ACCEPTED = "accepted"
    EDITED = "edited"
    DISMISSED = "dismissed"


class Dismissal(StrEnum):
    """Why it was of no use."""

    WRONG_ARTICLE = "wrong_article"
    OUTDATED = "outdated"
    WRONG_TONE = "wrong_tone"
    NOT_NEEDED = "not_needed"
    OTHER = "other"


@dataclass(frozen=True)
class Draft:
    """An article's answer fitted to the question; salutation and signature come with the consultant."""

    article_id: str
    lang: str
    confidence: float
    why: str | None
    body: str


@dataclass(frozen=True)
class Suggestion:
    """A stored draft."""

    id: int
    conversation: str
    answers: int
    article_id: str
    lang: str
    confidence: float
    why: str | None
    body: str
    status: SuggestionStatus


@dataclass(frozen=True)
class ShownSuggestion:
    """A draft as the desk shows it, with whom it is signed by."""

    id: int
    answers: int
    article: dict[str, str]
    lang: str
    confidence: float
    reviewed: date | None
    why: str | None
    text: str
    status: str
    facts: tuple[str, ...]
    other: dict[str, str] | None = None  # the same draft in the other language: its lang, title and text

    def to_json(self) -> dict[str, Any]:
        """As the protocol words it."""
        return {
            "id": self.id,
            "answers": self.answers,
            "article": self.article,
            "lang": self.lang,
            "confidence": round(self.confidence, 4),
            "reviewed": self.reviewed.isoformat() if self.reviewed else None,
            "why": self.why,
            "text": self.text,
            "status": self.status,
            "facts": list(self.facts),
            "other": self.other,
        }
