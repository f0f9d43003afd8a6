"""Figures: counted and given with honest intervals."""

from __future__ import annotations

import pytest

from bot.decision import Action, Decision, Proposal, Reason
from indexer.evaluation import Outcome, expected_calibration_error, figures, share
from knowledge_base.labelled import LabelledQuestion


def outcome(topic: str | None, found: str, confidence: float, action: Action = Action.ANSWER) -> Outcome:
    articles = (found,) if action is Action.ANSWER else ()
    decision = Decision(
        action, Reason.CONFIDENT, confidence, "pl", articles, (Proposal(found, confidence),), "t", (), "r"
    )
    return Outcome(LabelledQuestion("q", topic, (), "pl", "plain"), decision)


def test_wilsons_interval_of_eight_in_ten() -> None:
    found = share(8, 10)
    assert (found["share"], found["low"], found["high"]) == (0.8, 0.4902, 0.9433)


def test_a_share_of_nothing_is_no_number() -> None:
    assert share(0, 0)["share"] is None


def test_right_wrong_and_held_back_are_counted_apart() -> None:
    found = figures(
        [
            outcome("a", "a", 0.9),
            outcome("a", "b", 0.9),
            outcome(None, "a", 0.9),
            outcome(None, "a", 0.1, Action.ESCALATE),
        ]
    )["all"]
    assert found["first_right"]["count"] == 1
    assert found["first_right"]["of"] == 2
    assert found["wrong_among_answers"]["count"] == 2
    assert found["wrong_among_answers"]["of"] == 3
    assert found["not_answered"]["count"] == 1


def test_calibration_error_is_the_distance_of_confidence_from_truth() -> None:
    outcomes = [outcome("a", "a", 0.85), outcome("a", "b", 0.85)]
    assert expected_calibration_error(outcomes) == pytest.approx(0.35)
