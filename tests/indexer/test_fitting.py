"""Limits and weights, worked by hand where there is a number."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from bot.confidence import Confidence, Logistic
from bot.ranking import Ranking
from bot.retrieval import Evidence
from indexer.fitting import (
    ANSWERED_RISKS,
    LABELLED_MIN,
    PRIOR_WEIGHTS,
    Asked,
    Found,
    Guarantee,
    choose_limit,
    confidences_of,
    cross_fitted,
    fit_confidence,
    fit_ranking,
    limits_by_class,
    mixture_weights,
    nothing_limit,
)
from indexer.views import VIEWS
from knowledge_base.article import Language, RiskClass
from tests.bot.fakes import candidate

PL, EN = Language.PL, Language.EN
AUTO, PROTECT = RiskClass.AUTO, RiskClass.PROTECT
RANKING = Ranking({"phrasing": 10.0})
CONFIDENCE = Confidence(Logistic({"raw_phrasing": 10.0}, -5.0), Logistic({}, 0.0))


def equal(count: int) -> list[float]:
    """Each question counts the same."""
    return [1.0] * count


def asked(*rows: tuple[list[tuple[str, float]], frozenset[str]]) -> Asked:
    """Questions from (what is found with which strength, what is accepted)."""
    evidence = [Evidence([candidate(name, strength) for name, strength in found], 1.0) for found, _ in rows]
    count = len(rows)
    return Asked(["ile trwa"] * count, ["pl"] * count, evidence, [accepted for _, accepted in rows], [{}] * count)


def limits(
    *groups: tuple[int, str, RiskClass, float, bool],
    nothing: Sequence[tuple[int, str, RiskClass, float]] = (),
    wrong_max: float = 0.03,
) -> dict[Language, dict[RiskClass, Guarantee]]:
    """Limits for groups of (how many, language, risk class, confidence, right), and those that nothing answers."""
    rows = [(*group[1:], False) for group in groups for _ in range(group[0])]
    rows += [(*group[1:], False, True) for group in nothing for _ in range(group[0])]
    languages, risks, confidences, right, is_nothing = zip(*rows, strict=True) if rows else ((),) * 5
    return limits_by_class(languages, risks, confidences, right, wrong_max, equal(len(rows)), is_nothing)


def test_the_limit_keeps_the_promise_with_the_finite_sample_counted_in() -> None:
    confidences = [1 - i / 1000 for i in range(200)]
    right = [i not in {120, 150} for i in range(200)]
    chosen = choose_limit(confidences, right, equal(200), 0.02)
    # (2 + 1) / (n + 1) <= 0.02 holds from n = 149 answered on, so all 200 may be answered.
    assert (chosen.answered, chosen.wrong, chosen.is_met) == (200, 2, True)
    assert chosen.limit == pytest.approx(confidences[-1])


def test_too_few_questions_promise_nothing_and_answer_nothing() -> None:
    chosen = choose_limit([0.9] * 20, [True] * 20, equal(20), 0.03)
    assert not chosen.is_met
    assert chosen.limit > 1


@pytest.mark.parametrize(("count", "is_met"), [(0, False), (1, False), (32, False), (33, True)])
def test_thirty_three_right_answers_are_the_fewest_that_promise_three_percent(count: int, is_met: bool) -> None:
    # (0 + 1) / (32 + 1) = 0.0303, (0 + 1) / (33 + 1) = 0.0294
    chosen = choose_limit([0.7] * count, [True] * count, equal(count), 0.03)
    assert (chosen.is_met, chosen.questions) == (is_met, count)
    assert chosen.limit == (0.7 if is_met else 1.01)


def test_questions_of_equal_confidence_are_answered_all_or_none() -> None:
    confidences = [0.9] * 60 + [0.5] * 40
    right = [True] * 60 + [False] * 40
    assert choose_limit(confidences, right, equal(100), 0.03).limit == pytest.approx(0.9)


def test_what_weighs_less_costs_less_of_the_promise() -> None:
    # two wrong of 100: (2 + 1) / (100 + 1) = 0.0297 each counted once, (0.5 + 1) / (98.5 + 1) = 0.0151 at a quarter
    confidences, right = [0.9] * 100, [True] * 98 + [False] * 2
    assert not choose_limit(confidences, right, equal(100), 0.02).is_met
    chosen = choose_limit(confidences, right, [1.0] * 98 + [0.25] * 2, 0.02)
    assert (chosen.is_met, chosen.answered, chosen.wrong, chosen.limit) == (True, 100, 2, 0.9)


def test_the_lowest_limit_that_keeps_the_promise_is_taken_even_past_a_worse_one() -> None:
    # at 0.8 one of 10 is wrong: 2 / 11; further down 90 right ones make up for it: 2 / 101
    confidences, right = [0.8] * 10 + [0.6] * 90, [False] + [True] * 99
    chosen = choose_limit(confidences, right, equal(100), 0.02)
    assert (chosen.limit, chosen.answered, chosen.wrong) == (0.6, 100, 1)


def test_each_language_has_its_own_limit_and_questions_in_none_count_for_both() -> None:
    chosen = limits((50, "pl", AUTO, 0.8, True), (50, "en", AUTO, 0.6, True), (5, "und", AUTO, 0.5, True))
    assert {language: by[AUTO].limit for language, by in chosen.items()} == {PL: 0.5, EN: 0.5}
    assert {language: by[AUTO].questions for language, by in chosen.items()} == {PL: 55, EN: 55}
    chosen = limits((50, "pl", AUTO, 0.8, True), (50, "en", AUTO, 0.6, True))
    assert {language: by[AUTO].limit for language, by in chosen.items()} == {PL: 0.8, EN: 0.6}
    assert not any(by[AUTO].is_pooled for by in chosen.values())


def test_each_class_keeps_the_promise_by_itself() -> None:
    # 40 automatic ones all right down to 0.5; of the protecting ones the ten below 0.9 are all wrong
    chosen = limits(
        (40, "pl", AUTO, 0.5, True), (40, "pl", PROTECT, 0.9, True), (10, "pl", PROTECT, 0.7, False)
    )[PL]  # fmt: skip
    assert (chosen[AUTO].limit, chosen[PROTECT].limit) == (0.5, 0.9)
    assert (chosen[AUTO].questions, chosen[PROTECT].questions) == (40, 50)


def test_a_language_with_too_few_questions_shares_the_limit_of_both() -> None:
    chosen = limits((40, "pl", AUTO, 0.8, True), (10, "en", AUTO, 0.6, True))
    assert (chosen[PL][AUTO].limit, chosen[PL][AUTO].is_pooled, chosen[PL][AUTO].questions) == (0.8, False, 40)
    assert (chosen[EN][AUTO].limit, chosen[EN][AUTO].is_pooled, chosen[EN][AUTO].questions) == (0.6, True, 50)
    assert chosen[EN][AUTO].is_met


def test_both_languages_together_may_keep_a_promise_that_neither_can_alone() -> None:
    chosen = limits((20, "pl", AUTO, 0.8, True), (20, "en", AUTO, 0.7, True))
    assert {by[AUTO].limit for by in chosen.values()} == {0.7}
    assert all(by[AUTO].is_pooled and by[AUTO].is_met for by in chosen.values())


def test_where_even_both_together_are_too_few_nothing_of_the_class_is_answered() -> None:
    chosen = limits((40, "pl", AUTO, 0.8, True), (10, "pl", PROTECT, 0.99, True), (10, "en", PROTECT, 0.99, True))
    for language in Language:
        refused = chosen[language][PROTECT]
        assert (refused.is_met, refused.is_pooled, refused.questions, refused.answered) == (False, True, 20, 0)
        assert refused.limit > 1
    assert chosen[PL][AUTO].is_met


def test_a_language_that_is_wrong_too_often_is_not_rescued_by_itself() -> None:
    # English alone: 10 wrong of 50 never keep 3 %; together 10 wrong of 90 neither
    chosen = limits((40, "pl", AUTO, 0.8, True), (40, "en", AUTO, 0.8, True), (10, "en", AUTO, 0.9, False))
    assert chosen[PL][AUTO].is_met
    assert not chosen[EN][AUTO].is_met
    assert chosen[EN][AUTO].limit > 1


def test_what_finds_a_draft_or_nothing_sets_no_limit() -> None:
    chosen = limits(
        (40, "pl", AUTO, 0.8, True), (99, "pl", RiskClass.DRAFT, 0.9, False), (9, "pl", RiskClass.HUMAN, 1.0, False)
    )
    assert chosen[PL][AUTO].limit == 0.8
    assert {tuple(by) for by in chosen.values()} == {ANSWERED_RISKS}


def test_without_any_question_nothing_is_answered_in_either_language() -> None:
    chosen = limits()
    assert [by[risk].limit for by in chosen.values() for risk in ANSWERED_RISKS] == [1.01] * 4


# Of the messages that nothing answers six in a hundred may be answered here, whatever is tuned: of twenty that is
# int(0.06 * 21) = 1, so the limit stands above the second, 0.7. They find drafts, which the bot never answers with, so
# that they count for nothing else.
DRAFT = RiskClass.DRAFT
SECOND_AT_07 = [(1, 0.9), (1, 0.7), (18, 0.1)]


@pytest.fixture
def six_percent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.fitting.NOTHING_ANSWERED_MAX", 0.06)


def heard(language: str, *groups: tuple[int, float]) -> list[tuple[int, str, RiskClass, float]]:
    return [(count, language, DRAFT, confidence) for count, confidence in groups]


@pytest.mark.usefixtures("six_percent")
def test_what_nothing_answers_raises_the_limit_of_its_language_until_few_of_it_are_answered() -> None:
    right = [(40, lang, risk, sure, True) for lang in ("pl", "en") for risk in ANSWERED_RISKS for sure in (0.8, 0.5)]
    assert {by[risk].limit for by in limits(*right).values() for risk in ANSWERED_RISKS} == {0.5}
    chosen = limits(*right, nothing=heard("pl", *SECOND_AT_07))
    assert [chosen[PL][risk].limit for risk in ANSWERED_RISKS] == pytest.approx([0.7 + 1e-6] * 2, abs=1e-9)
    assert [chosen[EN][risk].limit for risk in ANSWERED_RISKS] == [0.5, 0.5]
    assert all(by[risk].is_met for by in chosen.values() for risk in ANSWERED_RISKS)


@pytest.mark.usefixtures("six_percent")
def test_what_nothing_answers_in_no_particular_language_raises_the_limits_of_both() -> None:
    right = [(40, lang, AUTO, sure, True) for lang in ("pl", "en") for sure in (0.8, 0.5)]
    chosen = limits(*right, nothing=heard("und", *SECOND_AT_07))
    assert [by[AUTO].limit for by in chosen.values()] == pytest.approx([0.7 + 1e-6] * 2, abs=1e-9)
    # 20 of each language and 14 of none: int(0.06 * 35) = 2 may be, so the limit stands above the third
    mixed = [*heard("pl", *SECOND_AT_07), *heard("en", (20, 0.1)), *heard("und", (1, 0.6), (13, 0.2))]
    chosen = limits(*right, nothing=mixed)
    assert [chosen[PL][AUTO].limit, chosen[EN][AUTO].limit] == pytest.approx([0.6 + 1e-6, 0.5], abs=1e-9)


@pytest.mark.usefixtures("six_percent")
def test_a_limit_that_is_higher_already_stays() -> None:
    chosen = limits((40, "pl", AUTO, 0.8, True), nothing=heard("pl", *SECOND_AT_07))[PL][AUTO]
    assert (chosen.limit, chosen.is_met, chosen.answered, chosen.wrong) == (0.8, True, 40, 0)


@pytest.mark.usefixtures("six_percent")
def test_a_message_that_nothing_answers_counts_as_a_wrong_answer_and_for_the_floor() -> None:
    # one wrong of 60 + 1: 2 / 62 is more than 3 %, and above it all are right
    rows = [(40, "pl", AUTO, 0.8, True), (20, "pl", AUTO, 0.5, True)]
    assert limits(*rows, nothing=[(1, "pl", AUTO, 0.6)])[PL][AUTO].limit == 0.8
    # one of 80 + 1: 2 / 82 keeps the promise, and yet the only one that nothing answers may not be answered
    rows = [(40, "pl", AUTO, 0.8, True), (40, "pl", AUTO, 0.5, True)]
    assert limits(*rows, nothing=[(1, "pl", AUTO, 0.6)])[PL][AUTO].limit == pytest.approx(0.6 + 1e-6, abs=1e-9)


@pytest.mark.usefixtures("six_percent")
def test_what_is_refused_stays_refused_whatever_nothing_answers() -> None:
    chosen = limits((10, "pl", AUTO, 0.8, True), nothing=heard("pl", *SECOND_AT_07))[PL][AUTO]
    assert (chosen.limit, chosen.is_met) == (1.01, False)


@pytest.mark.usefixtures("six_percent")
def test_a_shared_limit_is_raised_too() -> None:
    right = [(20, lang, AUTO, sure, True) for lang in ("pl", "en") for sure in (0.8, 0.5)]
    chosen = limits(*right[:1], *right[2:], nothing=heard("pl", *SECOND_AT_07))  # Polish: 20, too few
    assert (chosen[PL][AUTO].limit, chosen[PL][AUTO].is_pooled) == (pytest.approx(0.7 + 1e-6, abs=1e-9), True)
    assert (chosen[EN][AUTO].limit, chosen[EN][AUTO].is_pooled) == (0.5, False)


@pytest.mark.usefixtures("six_percent")
@pytest.mark.parametrize(
    ("count", "answered"), [(1, 0), (15, 0), (17, 1), (20, 1), (32, 1), (34, 2), (50, 3), (100, 6)]
)
def test_few_of_what_nothing_answers_are_answered_and_one_more_would_be_too_many(count: int, answered: int) -> None:
    # int(0.06 * (count + 1)) may be: 0.96 and 1.98 are cut down, 3.06 and 6.06 too
    confidences = [(i + 1) / 1000 for i in range(count)]
    limit = nothing_limit(confidences)
    assert sum(c >= limit for c in confidences) == answered
    assert limit == pytest.approx(sorted(confidences)[-1 - answered] + 1e-6, abs=1e-9)


@pytest.mark.usefixtures("six_percent")
def test_equal_ones_that_nothing_answers_are_kept_back_together() -> None:
    assert sum(c >= nothing_limit([0.9] * 3 + [0.2] * 17) for c in [0.9] * 3) == 0


@pytest.mark.usefixtures("six_percent")
def test_the_order_of_what_nothing_answers_does_not_matter() -> None:
    assert nothing_limit([0.1] * 18 + [0.7, 0.9]) == nothing_limit([0.9, *[0.1] * 18, 0.7]) == 0.7 + 1e-6


def test_without_anything_that_nothing_answers_there_is_no_floor() -> None:
    assert nothing_limit([]) == 0.0


def test_what_is_found_first_comes_with_its_confidence_and_whether_it_is_right() -> None:
    questions = asked(
        ([("a", 0.5), ("b", 0.7)], frozenset({"b"})),
        ([("a", 0.5), ("b", 0.2)], frozenset({"b", "c"})),
        ([("a", 1.0)], frozenset()),
        ([], frozenset({"a"})),
    )
    found = confidences_of(questions, RANKING, CONFIDENCE)
    assert [f.first for f in found] == ["b", "a", "a", ""]
    assert [f.is_right for f in found] == [True, False, False, False]
    assert [f.confidence for f in found] == pytest.approx([0.8808, 0.5, 0.9933, 0.0], abs=1e-4)
    assert found[3] == Found("", 0.0, is_right=False)


def test_the_only_right_one_is_no_proof_for_itself() -> None:
    # a confidence that has seen none but wrong ones is 1 / (1 + e^3), whatever it is asked about
    questions = asked(*[([(f"a{n}", 0.5)], frozenset({"a3"})) for n in range(12)])
    found = cross_fitted(questions, RANKING, 4, 0)
    assert [f.is_right for f in found] == [n == 3 for n in range(12)]
    assert found[3].confidence == pytest.approx(0.0474, abs=1e-4)
    assert max(f.confidence for f in found) > 0.06  # where the right one was seen, a little more is hoped for


@pytest.mark.parametrize(("folds", "seed"), [(2, 0), (5, 0), (5, 7), (50, 1)])
def test_each_question_gets_a_confidence_that_has_not_seen_it_and_the_order_is_kept(
    monkeypatch: pytest.MonkeyPatch, folds: int, seed: int
) -> None:
    # each question is told by the share of its words that is known, and a confidence says what it is asked about
    @dataclass(frozen=True)
    class Seen(Logistic):
        shares: frozenset[float] = frozenset()

        def probability(self, features: Mapping[str, float]) -> float:
            assert features["known_share"] not in self.shares
            assert self.shares
            return features["known_share"]

    def fit(asked: Asked, _ranking: Ranking) -> Confidence:
        seen = Seen({}, 0.0, frozenset(e.known_share for e in asked.evidence))
        return Confidence(seen, seen)

    monkeypatch.setattr("indexer.fitting.fit_confidence", fit)
    evidence = [Evidence([candidate(f"a{n}")], n / 20) for n in range(20)]
    accepted = [frozenset({f"a{n}"}) if n % 3 else frozenset[str]() for n in range(20)]
    questions = Asked(["ile trwa"] * 20, ["pl"] * 20, evidence, accepted, [{}] * 20)
    assert cross_fitted(questions, RANKING, folds, seed) == [Found(f"a{n}", n / 20, bool(n % 3)) for n in range(20)]


def test_what_is_found_and_whether_it_is_right_is_the_same_across_folds() -> None:
    strong, weak = [("a", 0.9), ("b", 0.1)], [("b", 0.2), ("a", 0.15)]
    questions = asked(*[(strong, frozenset({"a"})), (weak, frozenset[str]())] * 10)
    across, whole = cross_fitted(questions, RANKING, 5, 0), confidences_of(questions, RANKING, CONFIDENCE)
    assert [(f.first, f.is_right) for f in across] == [(f.first, f.is_right) for f in whole]
    assert across == cross_fitted(questions, RANKING, 5, 0)
    assert min(f.confidence for f in across[::2]) > max(f.confidence for f in across[1::2])


def test_messages_that_nothing_answers_weigh_a_fifth_of_the_whole_however_many_they_are() -> None:
    some, nothing = frozenset({"a"}), frozenset[str]()
    # 8 answerable and 8 not: 0.25 each, so that they weigh 2 of 10
    assert mixture_weights([some] * 8 + [nothing] * 8) == [1.0] * 8 + [0.25] * 8
    assert mixture_weights([some] * 8 + [nothing] * 2) == [1.0] * 10
    # fewer are not blown up
    assert mixture_weights([some] * 8 + [nothing]) == [1.0] * 9
    assert mixture_weights([some] * 3) == [1.0] * 3
    assert mixture_weights([nothing] * 3) == [1.0] * 3
    assert mixture_weights([]) == []


def test_fitted_confidence_is_higher_where_the_evidence_was_right() -> None:
    strong, weak = [("a", 0.9), ("b", 0.1)], [("a", 0.2), ("b", 0.15)]
    questions = asked(
        *[(strong, frozenset({"a"}))] * 30, *[(weak, frozenset({"b"}))] * 20, *[(weak, frozenset[str]())] * 20
    )
    fitted = fit_confidence(questions, RANKING)
    found = confidences_of(questions, RANKING, Confidence(fitted.first, fitted.first))
    assert found[0].confidence > 0.8 > 0.3 > found[-1].confidence
    assert all(math.isfinite(c) for c in fitted.first.coefficients.values())
    assert LABELLED_MIN > 33


def test_without_answered_questions_the_prior_decides() -> None:
    assert fit_ranking(np.zeros((1, 3, len(VIEWS)), np.float32), [frozenset()]).weights == PRIOR_WEIGHTS


def test_a_view_that_tells_right_from_wrong_gains_weight_and_none_is_negative() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(300, 6, len(VIEWS))).astype(np.float32)
    right = [frozenset({int(i)}) for i in rng.integers(0, 6, 300)]
    title, passage = VIEWS.index("title"), VIEWS.index("passage")
    for row, only in enumerate(right):
        scores[row, next(iter(only)), title] += 4
        scores[row, next(iter(only)), passage] -= 4
    weights = fit_ranking(scores, right).weights
    assert weights["title"] > PRIOR_WEIGHTS["title"]
    assert weights["passage"] == 0
    assert min(weights.values()) >= 0
