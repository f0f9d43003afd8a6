"""What kind of message this is, from the probabilities a fitted classifier gives: who must see it, if anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.decision import Reason


class Label(StrEnum):
    """The kinds of message the screen tells apart; the last three are not special."""

    CRISIS = "crisis"
    FRAUD = "fraud"
    MINOR = "minor"
    COMPLAINT = "complaint"
    HUMAN = "human"
    ACCOUNT_SPECIFIC = "account_specific"
    SMALLTALK = "smalltalk"
    ORDINARY = "ordinary"
    LOOKALIKE = "lookalike"
    NEGATIVE = "negative"


REASON_OF = {
    Label.CRISIS: Reason.CRISIS,
    Label.FRAUD: Reason.FRAUD,
    Label.MINOR: Reason.MINOR,
    Label.COMPLAINT: Reason.COMPLAINT,
    Label.HUMAN: Reason.HUMAN_REQUESTED,
    Label.ACCOUNT_SPECIFIC: Reason.ACCOUNT_SPECIFIC,
    Label.SMALLTALK: Reason.SMALLTALK,
}


@dataclass(frozen=True)
class Screening:
    """How probable each special label must be before it decides; fitted when the index is built."""

    limits: Mapping[Label, float]

    def verdict(self, probabilities: Mapping[str, float]) -> Reason | None:
        """The most pressing reason to treat the message apart; crisis wins over every other."""
        found = [
            label for label, limit in self.limits.items() if label in REASON_OF and probabilities.get(label, 0) >= limit
        ]
        if Label.CRISIS in found:
            return Reason.CRISIS
        if not found:
            return None
        return REASON_OF[max(found, key=lambda label: probabilities[label] - self.limits[label])]


def smalltalk_kind(probabilities: Mapping[str, float]) -> str:
    """Which small talk it most probably is: greeting, thanks, goodbye, bot, ack or mood."""
    kinds = {name.removeprefix("smalltalk_"): p for name, p in probabilities.items() if name.startswith("smalltalk_")}
    return max(kinds, key=lambda kind: kinds[kind], default="greeting")
