"""The gate's verdicts, worked by hand."""

from __future__ import annotations

import pytest

from bot.bot import Limits
from bot.decision import Action, Decision, Proposal, Reason
from indexer.evaluation import Outcome
from indexer.gate import Verdict, judge
from knowledge_base.article import Language, RiskClass
from knowledge_base.labelled import LabelledQuestion

LIMITS = Limits({Language.PL: {RiskClass.AUTO: 0.7}, Language.EN: {RiskClass.AUTO: 0.8}}, 0.6)
QUESTION = LabelledQuestion("kiedy wypłata", "payout", (), "pl", "any")


def outcome(article: str | None, question: LabelledQuestion = QUESTION) -> Outcome:
    """Answered with an article, or handed over."""
    action, reason = (Action.ANSWER, Reason.CONFIDENT) if article else (Action.ESCALATE, Reason.LOW_CONFIDENCE)
    articles = (article,) if article else ()
    candidates = (Proposal("payout", 0.9),)
    return Outcome(question, Decision(action, reason, 0.9, "pl", articles, candidates, question.q, (), ""))


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (None, "payout", Verdict.BETTER),
        ("bonus", "payout", Verdict.BETTER),
        ("bonus", None, Verdict.BETTER),
        ("payout", None, Verdict.WORSE),
        ("payout", "bonus", Verdict.WORSE),
        (None, "bonus", Verdict.WORSE),
        ("bonus", "limits", Verdict.OTHER),
    ],
)
def test_a_right_answer_is_best_and_a_person_better_than_a_wrong_one(
    before: str | None, after: str | None, verdict: Verdict
) -> None:
    report = judge([outcome(before)], [outcome(after)], LIMITS, LIMITS, 0.03)
    assert [each.verdict for each in report.changed] == [verdict]


def test_what_stays_the_same_is_not_listed() -> None:
    assert judge([outcome("payout")], [outcome("payout")], LIMITS, LIMITS, 0.03).changed == ()


def test_too_many_wrong_answers_stop_it_only_if_they_have_become_more() -> None:
    right, wrong = [outcome("payout")] * 9, [outcome("bonus")]
    assert judge([*right, *wrong], [*right, *wrong], LIMITS, LIMITS, 0.03).exceeded == ()
    assert judge([*right, outcome(None)], [*right, *wrong], LIMITS, LIMITS, 0.03).exceeded == ("all", "pl")
    assert judge([*right, outcome(None)], [*right, *wrong], LIMITS, LIMITS, 0.2).exceeded == ()


def test_the_figures_name_the_limit_of_each_language() -> None:
    report = judge([outcome("payout")], [outcome("payout")], LIMITS, LIMITS, 0.03)
    assert [report.after[group].limit for group in ("all", "pl", "en")] == [None, 0.7, 0.8]
    assert report.after["pl"].to_json()["answered_share"]["share"] == 1.0
