"""The logistic curve and the features it reads, worked by hand."""

from __future__ import annotations

import math

import pytest

from bot.confidence import Logistic, confidence_features
from bot.ranking import Ranked
from bot.retrieval import Evidence
from tests.bot.fakes import candidate


def test_a_probability_by_hand() -> None:
    # 0.5 + 2 * 1 - 1 * 0.5 = 2, and 1 / (1 + e^-2) = 0.8808
    fitted = Logistic({"share": 2.0, "words": -1.0}, 0.5)
    assert fitted.probability({"share": 1.0, "words": 0.5, "unknown": 99.0}) == pytest.approx(0.8808, abs=1e-4)


def test_opposite_evidence_gives_opposite_probabilities() -> None:
    fitted = Logistic({"share": 1.0}, 0.0)
    assert fitted.probability({"share": 0.0}) == 0.5
    assert fitted.probability({"share": -3.0}) == pytest.approx(1 - fitted.probability({"share": 3.0}))


def test_evidence_beyond_all_measure_overflows_nothing() -> None:
    fitted = Logistic({"share": 1.0}, 0.0)
    assert [fitted.probability({"share": x}) for x in (-5000.0, 5000.0)] == [0.0, 1.0]


def test_without_candidates_there_are_no_features() -> None:
    assert confidence_features([], Evidence((), 0.5), 3, {}) == {}


def test_features_of_two_candidates_by_hand() -> None:
    first = candidate("a", 0.6, stem_article=1.5, phrasing=0.9)
    second = candidate("b", 0.4, centroid=0.7, classifier=0.6)
    ranked = [Ranked(first, 0.75), Ranked(second, 0.25)]
    features = confidence_features(ranked, Evidence((first, second), 0.4), 3, {"negative": 0.2, "ordinary": 0.8})
    assert features["share"] == pytest.approx(math.log(3))  # 0.75 : 0.25
    assert features["margin"] == pytest.approx(math.log(0.7501 / 0.2501))
    assert features["three"] == pytest.approx(math.log(0.9999 / 0.0001))  # all belief, clipped
    assert features["known_share"] == 0.4
    assert features["words"] == pytest.approx(math.log(4))
    assert features["screened_negative"] == pytest.approx(-math.log(4))  # 0.2 : 0.8
    assert features["screened_ordinary"] == pytest.approx(math.log(4))
    assert features["agreement"] == 4.0  # phrasing, classifier (a tie), ngram_article, stem_article; not centroid
    assert features["raw_phrasing"] == 0.9
    assert features["stems_per_word"] == pytest.approx(0.5)


def test_a_message_without_words_and_a_single_candidate_have_features_too() -> None:
    only = candidate("a", 0.6)
    features = confidence_features([Ranked(only, 1.0)], Evidence((only,), 0.0), 0, {})
    assert all(math.isfinite(value) for value in features.values())
    assert features["stems_per_word"] == 0.6


def test_words_beyond_forty_count_no_more() -> None:
    ranked = [Ranked(candidate("a"), 1.0)]
    features = [confidence_features(ranked, Evidence((), 1.0), n, {})["words"] for n in (39, 40, 400)]
    assert features[0] < features[1] == features[2]
