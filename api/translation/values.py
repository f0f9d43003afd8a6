"""What a translation is, and how a conversation is read through one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Translation:
    """A machine's words; `differences` are figures, links and the like that one side has and the other lacks."""

    text: str
    source: str
    target: str
    by: str
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Switch:
    """Whether a conversation is read and answered through a translation, and between which languages."""

    conversation: str
    is_on: bool
    player_language: str
    desk_language: str
    looked_number: int  # up to there the player's messages have been translated, or tried

    def to_json(self) -> dict[str, Any]:
        """As the protocol words it."""
        return {"is_on": self.is_on, "player_language": self.player_language, "desk_language": self.desk_language}


@dataclass(frozen=True)
class Outgoing:
    """A consultant's message as the player gets it; `payload` says what it was before, or that it stayed as it was."""

    text: str
    payload: dict[str, Any] = field(default_factory=dict)
    differences: tuple[str, ...] = ()
