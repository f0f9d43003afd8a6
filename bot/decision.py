"""What the bot decides, as values; `to_json` is the outside contract."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.masking import Masked


class Action(StrEnum):
    """What happens to a message."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    ESCALATE = "escalate"
    SMALLTALK = "smalltalk"


class Reason(StrEnum):
    """Why it happens."""

    CONFIDENT = "confident"
    PARTLY = "partly"  # two questions: one is answered, the other goes to a person
    AMBIGUOUS = "ambiguous"
    LOW_CONFIDENCE = "low_confidence"
    HUMAN_REQUESTED = "human_requested"
    ACCOUNT_SPECIFIC = "account_specific"
    COMPLAINT = "complaint"
    CRISIS = "crisis"
    MINOR = "minor"
    FRAUD = "fraud"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    SMALLTALK = "smalltalk"
    NEEDS_PERSON = "needs_person"  # the article's risk class is human
    DRAFT_ONLY = "draft_only"  # the article's risk class is draft
    OUTDATED = "outdated"  # the article is past its review date
    INCOMPLETE = "incomplete"  # a fact the article quotes is missing


class Level(StrEnum):
    """What a crisis is about: danger to life, an exclusion or limit to be lifted, somebody else, or other harm."""

    LIFE = "life"
    LIFT = "lift"
    THIRD = "third"
    HARM = "harm"


@dataclass(frozen=True)
class Proposal:
    """An article that may answer, with the calibrated chance that it does."""

    id: str
    confidence: float


@dataclass(frozen=True)
class Decision:
    """What is done with a message, why, and what the player is told."""

    action: Action
    reason: Reason
    confidence: float
    language: str
    articles: tuple[str, ...]
    candidates: tuple[Proposal, ...]
    text: str
    masked: tuple[Masked, ...]
    reply: str
    choices: tuple[str, ...] = ()  # ids of the articles to choose from, when asking back
    level: Level | None = None  # of a crisis
    is_protected: bool = False  # this message or an earlier one showed harm: no offers, in no reply and no draft

    @property
    def needs_person(self) -> bool:
        """Whether a consultant has to see the conversation."""
        return self.action is Action.ESCALATE or self.reason is Reason.PARTLY

    def to_json(self) -> dict[str, Any]:
        """The decision as the contract words it."""
        return {
            "action": self.action.value,
            "reason": self.reason.value,
            "confidence": round(self.confidence, 4),
            "language": self.language,
            "articles": list(self.articles),
            "candidates": [{"id": c.id, "confidence": round(c.confidence, 4)} for c in self.candidates],
            "text": self.text,
            "masked": [{"type": m.type.value, "start": m.start, "end": m.end} for m in self.masked],
            "reply": self.reply,
            "choices": list(self.choices),
            "level": self.level.value if self.level else None,
            "protected": self.is_protected,
        }
