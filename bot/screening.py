"""What kind of message this is: who must see it, if anybody. A fitted classifier and reviewed phrases, together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.decision import Level, Reason
from bot.signs import Signs

ANSWERED_SURELY = 0.8  # the confidence from which on an article surely answers a message
# A message that an article answers surely is taken for harm only at so many times the odds. Of 700 subtle messages by
# eight authors whom the screen had not met it heard 72 % instead of 68, at 3 % false alarms among ordinary questions.
ANSWERED_ODDS = 4.5
LIFE_SHARE = 0.25  # of the crisis heard: from here on it is taken for danger to life, since missing that costs most


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
class Verdict:
    """The reason to treat a message apart, if any; a crisis has its level."""

    reason: Reason | None = None
    level: Level | None = None


@dataclass(frozen=True)
class Screening:
    """How probable each special label must be before it decides; fitted when the index is built."""

    limits: Mapping[Label, float]
    signs: Signs = field(default_factory=Signs)
    unanswered: float | None = None  # the limit of crisis for a message that no article answers surely

    def verdict(self, text: str, probabilities: Mapping[str, float]) -> Verdict:
        """The most pressing reason; crisis wins over every other, and one reviewed phrase is enough for it."""
        signs = self.signs.found(text)
        found = [
            label for label, limit in self.limits.items() if label in REASON_OF and probabilities.get(label, 0) >= limit
        ]
        if signs or Label.CRISIS in found:
            is_life_said = any(sign.level == Level.LIFE for sign in signs)
            return Verdict(Reason.CRISIS, Level.LIFE if is_life_said else crisis_level(probabilities))
        if not found:
            return Verdict()
        return Verdict(REASON_OF[max(found, key=lambda label: probabilities[label] - self.limits[label])])

    def is_in_doubt(self, probabilities: Mapping[str, float]) -> bool:
        """Whether the message shows harm unless an article surely answers it."""
        heard = probabilities.get(Label.CRISIS, 0.0)
        return self.unanswered is not None and self.unanswered <= heard < self.limits.get(Label.CRISIS, 0.0)


def crisis_level(probabilities: Mapping[str, float]) -> Level:
    """What the crisis is about: danger to life as soon as it may be, otherwise the most probable."""
    heard = {level: probabilities.get(f"{Label.CRISIS.value}_{level.value}", 0.0) for level in Level}
    if heard[Level.LIFE] >= LIFE_SHARE * sum(heard.values()) > 0:
        return Level.LIFE
    return max(heard, key=lambda level: (heard[level], level is Level.HARM))


def smalltalk_kind(probabilities: Mapping[str, float]) -> str:
    """Which small talk it most probably is: greeting, thanks, goodbye, bot, ack or mood."""
    kinds = {name.removeprefix("smalltalk_"): p for name, p in probabilities.items() if name.startswith("smalltalk_")}
    return max(kinds, key=lambda kind: kinds[kind], default="greeting")
