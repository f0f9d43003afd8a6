"""Limits and weights, worked by hand where there is a number."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.fitting import PRIOR_WEIGHTS, choose_limit, fit_ranking, limits_by_language
from indexer.views import VIEWS


def test_the_limit_keeps_the_promise_with_the_finite_sample_counted_in() -> None:
    confidences = [1 - i / 1000 for i in range(200)]
    right = [i not in {120, 150} for i in range(200)]
    chosen = choose_limit(confidences, right, 0.02)
    # (2 + 1) / (n + 1) <= 0.02 holds from n = 149 answered on, so all 200 may be answered.
    assert (chosen.answered, chosen.wrong, chosen.is_met) == (200, 2, True)
    assert chosen.limit == pytest.approx(confidences[-1])


def test_too_few_questions_promise_nothing_and_answer_nothing() -> None:
    chosen = choose_limit([0.9] * 20, [True] * 20, 0.03)
    assert not chosen.is_met
    assert chosen.limit > 1


def test_questions_of_equal_confidence_are_answered_all_or_none() -> None:
    confidences = [0.9] * 60 + [0.5] * 40
    right = [True] * 60 + [False] * 40
    assert choose_limit(confidences, right, 0.03).limit == pytest.approx(0.9)


def test_each_language_has_its_own_limit_and_und_counts_for_both() -> None:
    languages = ["pl"] * 50 + ["und"] * 50
    chosen = limits_by_language(languages, [0.8] * 100, [True] * 100, 0.03)
    assert chosen["pl"].questions == 100
    assert chosen["en"].questions == 50


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
