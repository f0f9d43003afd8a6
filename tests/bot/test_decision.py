"""A decision in the words of the outside contract."""

from __future__ import annotations

import json

import pytest

from bot.decision import Action, Decision, Level, Proposal, Reason
from bot.masking import Masked, Personal


def test_a_decision_is_worded_as_the_contract_says() -> None:
    decision = Decision(
        Action.ANSWER, Reason.CONFIDENT, 0.912345, "pl", ("a",), (Proposal("a", 0.912345), Proposal("b", 0.05)),
        "mój pesel [pesel]", (Masked(Personal.PESEL, 10, 21),), "Odpowiedź.",
    )  # fmt: skip
    assert json.loads(json.dumps(decision.to_json())) == {
        "action": "answer",
        "reason": "confident",
        "confidence": 0.9123,
        "language": "pl",
        "articles": ["a"],
        "candidates": [{"id": "a", "confidence": 0.9123}, {"id": "b", "confidence": 0.05}],
        "text": "mój pesel [pesel]",
        "masked": [{"type": "pesel", "start": 10, "end": 21}],
        "reply": "Odpowiedź.",
        "choices": [],
        "level": None,
        "protected": False,
    }


def test_a_crisis_and_a_question_back_are_worded_with_level_protection_and_choices() -> None:
    plain = Decision(Action.CLARIFY, Reason.AMBIGUOUS, 0.5, "en", (), (), "t", (), "r", choices=("a", "b"))
    assert plain.to_json()["choices"] == ["a", "b"]
    crisis = Decision(
        Action.ESCALATE, Reason.CRISIS, 0.0, "en", (), (), "t", (), "r", level=Level.LIFE, is_protected=True
    )
    told = json.loads(json.dumps(crisis.to_json()))
    assert (told["level"], told["protected"], told["choices"]) == ("life", True, [])


@pytest.mark.parametrize(
    ("action", "reason", "needs_person"),
    [
        (Action.ANSWER, Reason.CONFIDENT, False),
        (Action.ANSWER, Reason.PARTLY, True),
        (Action.CLARIFY, Reason.AMBIGUOUS, False),
        (Action.CLARIFY, Reason.EMPTY, False),
        (Action.SMALLTALK, Reason.SMALLTALK, False),
        (Action.ESCALATE, Reason.AMBIGUOUS, True),
        (Action.ESCALATE, Reason.CRISIS, True),
        (Action.ESCALATE, Reason.LOW_CONFIDENCE, True),
    ],
)
def test_a_person_is_needed_for_all_that_is_handed_over_and_for_the_open_half_of_two_questions(
    action: Action, reason: Reason, needs_person: bool
) -> None:
    assert Decision(action, reason, 0.0, "pl", (), (), "t", (), "r").needs_person is needs_person


def test_the_actions_and_reasons_keep_the_contracts_names() -> None:
    assert {action.value for action in Action} == {"answer", "clarify", "escalate", "smalltalk"}
    assert {
        "confident", "ambiguous", "low_confidence", "human_requested", "account_specific", "complaint",
        "crisis", "minor", "fraud", "unsupported_language", "empty", "smalltalk", "partly",
    } <= {reason.value for reason in Reason}  # fmt: skip
    assert {level.value for level in Level} == {"life", "lift", "third", "harm"}
