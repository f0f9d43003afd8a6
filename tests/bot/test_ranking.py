"""Shares of the belief, worked by hand."""

from __future__ import annotations

import math

import pytest

from bot.ranking import Ranking
from bot.retrieval import Candidate


def candidate(article_id: str, **standard: float) -> Candidate:
    return Candidate(article_id, {}, standard)


def test_two_candidates_share_the_belief_as_softmax_says() -> None:
    # scores 1*1 + 2*0.5 = 2 and 1*0 + 2*0.5 = 1, so the shares are e^2 : e^1 = e : 1
    found = [candidate("b", near=0.0, words=0.5), candidate("a", near=1.0, words=0.5)]
    ranked = Ranking({"near": 1.0, "words": 2.0}).rank(found)
    assert [r.candidate.article_id for r in ranked] == ["a", "b"]
    assert [r.share for r in ranked] == pytest.approx([math.e / (math.e + 1), 1 / (math.e + 1)])
    assert ranked[0].share == pytest.approx(0.7311, abs=1e-4)


def test_one_candidate_has_all_the_belief() -> None:
    assert [r.share for r in Ranking({"near": 1.0}).rank([candidate("a", near=-3.0)])] == [1.0]


def test_no_candidates_give_no_ranking() -> None:
    assert Ranking({"near": 1.0}).rank([]) == []


def test_equal_candidates_stand_in_the_order_of_their_ids() -> None:
    ranked = Ranking({"near": 1.0}).rank([candidate(i, near=1.0) for i in ("c", "a", "b")])
    assert [(r.candidate.article_id, r.share) for r in ranked] == [(i, pytest.approx(1 / 3)) for i in ("a", "b", "c")]


def test_scores_too_large_for_an_exponential_still_add_up() -> None:
    ranked = Ranking({"near": 1000.0}).rank([candidate("a", near=5.0), candidate("b", near=-5.0)])
    assert [r.share for r in ranked] == [1.0, 0.0]
