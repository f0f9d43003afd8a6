"""Who must see a message: crisis before everything, otherwise what is most pressing."""

from __future__ import annotations

import pytest

from bot.decision import Reason
from bot.screening import REASON_OF, Label, Screening, smalltalk_kind

SCREENING = Screening({Label.CRISIS: 0.2, Label.FRAUD: 0.5, Label.COMPLAINT: 0.4, Label.SMALLTALK: 0.6})


def test_crisis_wins_even_when_barely_there() -> None:
    assert SCREENING.verdict({"crisis": 0.2, "fraud": 0.99, "complaint": 0.99}) is Reason.CRISIS


def test_otherwise_the_reason_furthest_above_its_limit_wins() -> None:
    # fraud is 0.1 above its limit, complaint 0.15
    assert SCREENING.verdict({"fraud": 0.6, "complaint": 0.55}) is Reason.COMPLAINT
    assert SCREENING.verdict({"fraud": 0.7, "complaint": 0.55}) is Reason.FRAUD


@pytest.mark.parametrize(("probability", "expected"), [(0.49, None), (0.5, Reason.FRAUD), (0.51, Reason.FRAUD)])
def test_a_reason_counts_from_its_limit_on(probability: float, expected: Reason | None) -> None:
    assert SCREENING.verdict({"fraud": probability, "crisis": 0.19}) is expected


def test_ordinary_messages_have_no_reason_however_sure() -> None:
    limits = dict.fromkeys(Label, 0.1)
    assert Screening(limits).verdict({"ordinary": 1.0, "lookalike": 1.0, "negative": 1.0}) is None
    assert SCREENING.verdict({}) is None


@pytest.mark.parametrize("label", list(REASON_OF))
def test_each_special_label_alone_gives_its_reason(label: Label) -> None:
    assert Screening(dict.fromkeys(Label, 0.5)).verdict({label: 0.9}) is REASON_OF[label]


def test_small_talk_is_of_the_most_probable_kind() -> None:
    assert (
        smalltalk_kind({"smalltalk": 0.9, "smalltalk_thanks": 0.5, "smalltalk_bot": 0.4, "ordinary": 0.8}) == "thanks"
    )
    assert smalltalk_kind({"smalltalk": 0.9}) == "greeting"
