"""Who must see a message: crisis before everything, otherwise what is most pressing; what a crisis is about."""

from __future__ import annotations

import pytest

from bot.decision import Level, Reason
from bot.screening import REASON_OF, Label, Screening, Verdict, crisis_level, smalltalk_kind
from bot.signs import Signs
from knowledge_base.signs import Sign

LIMITS = {Label.CRISIS: 0.2, Label.FRAUD: 0.5, Label.COMPLAINT: 0.4, Label.SMALLTALK: 0.6}
SIGNS = Signs(
    [
        Sign(("nie", "chc*", "zyc"), "pl", "life", "Says so outright."),
        Sign(("przegral*", "wyplate"), "pl", "harm", "Wages gone."),
    ]
)
SCREENING = Screening(LIMITS)
LISTENING = Screening(LIMITS, SIGNS)


def test_crisis_wins_even_when_barely_there() -> None:
    assert SCREENING.verdict("", {"crisis": 0.2, "fraud": 0.99, "complaint": 0.99}).reason is Reason.CRISIS


def test_otherwise_the_reason_furthest_above_its_limit_wins() -> None:
    # fraud is 0.1 above its limit, complaint 0.15
    assert SCREENING.verdict("", {"fraud": 0.6, "complaint": 0.55}) == Verdict(Reason.COMPLAINT)
    assert SCREENING.verdict("", {"fraud": 0.7, "complaint": 0.55}) == Verdict(Reason.FRAUD)


@pytest.mark.parametrize(("probability", "expected"), [(0.49, None), (0.5, Reason.FRAUD), (0.51, Reason.FRAUD)])
def test_a_reason_counts_from_its_limit_on(probability: float, expected: Reason | None) -> None:
    assert SCREENING.verdict("", {"fraud": probability, "crisis": 0.19}).reason is expected


def test_ordinary_messages_have_no_reason_however_sure() -> None:
    limits = dict.fromkeys(Label, 0.1)
    assert Screening(limits).verdict("", {"ordinary": 1.0, "lookalike": 1.0, "negative": 1.0}) == Verdict()
    assert SCREENING.verdict("", {}) == Verdict(None, None)


@pytest.mark.parametrize("label", list(REASON_OF))
def test_each_special_label_alone_gives_its_reason_and_only_a_crisis_a_level(label: Label) -> None:
    verdict = Screening(dict.fromkeys(Label, 0.5)).verdict("", {label: 0.9})
    assert verdict.reason is REASON_OF[label]
    assert (verdict.level is not None) is (label is Label.CRISIS)


def test_one_reviewed_phrase_is_enough_for_a_crisis_however_ordinary_the_rest_sounds() -> None:
    verdict = LISTENING.verdict("ile trwa wypłata, bo NIE CHCĘ już ŻYĆ", {"ordinary": 1.0, "crisis": 0.0})
    assert verdict == Verdict(Reason.CRISIS, Level.LIFE)


def test_a_phrase_of_danger_to_life_sets_the_level_against_all_probabilities() -> None:
    sure_of_harm = {"crisis": 0.99, "crisis_harm": 0.99, "crisis_life": 0.0, "smalltalk": 0.99}
    assert LISTENING.verdict("nie chce zyc", sure_of_harm) == Verdict(Reason.CRISIS, Level.LIFE)


def test_a_phrase_of_other_harm_leaves_the_level_to_the_probabilities() -> None:
    assert LISTENING.verdict("przegrałam wypłatę", {}) == Verdict(Reason.CRISIS, Level.HARM)
    leaning = {"crisis": 0.1, "crisis_third": 0.08, "crisis_harm": 0.02}
    assert LISTENING.verdict("przegrał wypłatę", leaning) == Verdict(Reason.CRISIS, Level.THIRD)


def test_phrases_do_not_tell_of_a_crisis_where_they_do_not_stand() -> None:
    assert LISTENING.verdict("nie chcę bonusu", {"fraud": 0.6}) == Verdict(Reason.FRAUD)
    assert LISTENING.verdict("", {}) == Verdict()
    assert SCREENING.verdict("nie chcę żyć", {}) == Verdict()


@pytest.mark.parametrize(
    ("life", "lift", "third", "harm", "level"),
    [
        # danger to life from a quarter of the crisis on
        (0.10, 0.0, 0.0, 0.30, Level.LIFE),
        (0.09, 0.0, 0.0, 0.31, Level.HARM),
        (0.25, 0.25, 0.25, 0.25, Level.LIFE),
        (0.30, 0.0, 0.0, 0.70, Level.LIFE),
        (0.01, 0.0, 0.0, 0.0, Level.LIFE),
        # otherwise the most probable, and harm where that is even
        (0.0, 0.5, 0.3, 0.2, Level.LIFT),
        (0.1, 0.2, 0.5, 0.2, Level.THIRD),
        (0.0, 0.4, 0.2, 0.4, Level.HARM),
        (0.0, 0.0, 0.0, 0.0, Level.HARM),
    ],
)
def test_a_crisis_is_about_life_as_soon_as_it_may_be(
    life: float, lift: float, third: float, harm: float, level: Level
) -> None:
    told = {"crisis_life": life, "crisis_lift": lift, "crisis_third": third, "crisis_harm": harm}
    assert crisis_level({**told, "crisis": life + lift + third + harm, "fraud": 0.9}) is level


def test_a_crisis_of_which_nothing_more_is_known_is_harm() -> None:
    assert SCREENING.verdict("", {"crisis": 0.9}) == Verdict(Reason.CRISIS, Level.HARM)


def test_small_talk_is_of_the_most_probable_kind() -> None:
    assert (
        smalltalk_kind({"smalltalk": 0.9, "smalltalk_thanks": 0.5, "smalltalk_bot": 0.4, "ordinary": 0.8}) == "thanks"
    )
    assert smalltalk_kind({"smalltalk": 0.9}) == "greeting"


# In doubt


@pytest.mark.parametrize(
    ("heard", "is_in_doubt"), [(0.0, False), (0.09, False), (0.1, True), (0.19, True), (0.2, False)]
)
def test_harm_is_in_doubt_between_the_two_limits(heard: float, is_in_doubt: bool) -> None:
    assert Screening(LIMITS, unanswered=0.1).is_in_doubt({"crisis": heard}) is is_in_doubt
    assert not SCREENING.is_in_doubt({"crisis": heard})


def test_nothing_said_of_harm_or_no_limit_for_it_is_no_doubt() -> None:
    assert not Screening(LIMITS, unanswered=0.1).is_in_doubt({"fraud": 0.15})
    assert not Screening({Label.FRAUD: 0.5}, unanswered=0.1).is_in_doubt({"crisis": 0.15})
