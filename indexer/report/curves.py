"""The numbers behind the report's two drawings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.evaluation import CALIBRATION_BINS, Outcome


@dataclass(frozen=True)
class Bin:
    """Questions of about one confidence: how sure the bot was, how often it was right, how many there were."""

    confidence: float
    right: float
    count: int


@dataclass(frozen=True)
class Point:
    """If the bot answered all questions at least this sure: the share answered, and the share of those wrong."""

    confidence: float
    coverage: float
    risk: float


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Bins of equal width over the questions that reached retrieval, empty ones left out."""
    bins: list[list[Outcome]] = [[] for _ in range(CALIBRATION_BINS)]
    for outcome in outcomes:
        if outcome.decision.candidates:
            bins[min(CALIBRATION_BINS - 1, int(_sure(outcome) * CALIBRATION_BINS))].append(outcome)
    return [Bin(sum(map(_sure, b)) / len(b), sum(o.is_first_right for o in b) / len(b), len(b)) for b in bins if b]


def risk_and_coverage(outcomes: Sequence[Outcome]) -> list[Point]:
    """One point a question, surest first; [] without questions (El-Yaniv and Wiener 2010)."""
    ranked = sorted((o for o in outcomes if o.decision.candidates), key=_sure, reverse=True)
    points, wrong = [], 0
    for answered, outcome in enumerate(ranked, 1):
        wrong += not outcome.is_first_right
        points.append(Point(_sure(outcome), answered / len(outcomes), wrong / answered))
    return points


def chosen_point(outcomes: Sequence[Outcome]) -> Point | None:
    """What the bot really answered; None where it answered nothing."""
    answered = [o for o in outcomes if o.is_answered]
    if not answered:
        return None
    wrong = sum(o.is_wrong_answer for o in answered)
    return Point(min(map(_sure, answered)), len(answered) / len(outcomes), wrong / len(answered))


def _sure(outcome: Outcome) -> float:
    return outcome.decision.candidates[0].confidence
