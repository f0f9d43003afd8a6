"""A decision in the words of the outside contract."""

from __future__ import annotations

import json

from bot.decision import Action, Decision, Proposal, Reason
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
    }


def test_the_actions_and_reasons_keep_the_contracts_names() -> None:
    assert {action.value for action in Action} == {"answer", "clarify", "escalate", "smalltalk"}
    assert {
        "confident", "ambiguous", "low_confidence", "human_requested", "account_specific", "complaint",
        "crisis", "minor", "fraud", "unsupported_language", "empty", "smalltalk",
    } <= {reason.value for reason in Reason}  # fmt: skip
