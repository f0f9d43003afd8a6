"""Term indexes, worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from indexer.postings import BM25_B, BM25_K1, COMMON_MIN, Postings, bm25, tf_idf_cosine, tf_idf_cosine_of
from indexer.terms import counted


def test_bm25_of_one_term_is_the_formula() -> None:
    index = bm25([["blik", "limit"], ["karta"]])
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    slope = BM25_K1 * (1 - BM25_B + BM25_B * 2 / 1.5)
    assert index.score([["blik"]])[0].tolist() == pytest.approx([idf * (BM25_K1 + 1) / (1 + slope), 0])


def test_a_document_asked_with_its_own_terms_has_cosine_one() -> None:
    index = tf_idf_cosine([["a", "b", "b"], ["c"]])
    assert index.score([["b", "a", "b"]])[0].tolist() == pytest.approx([1, 0], abs=1e-6)


def test_unknown_terms_lower_a_cosine_and_leave_bm25_alone() -> None:
    documents = [["a", "b"], ["c"]]
    cosine, plain = tf_idf_cosine(documents), bm25(documents)
    assert cosine.score([["a", "zzz"]])[0, 0] < cosine.score([["a"]])[0, 0]
    assert plain.score([["a", "zzz"]])[0, 0] == plain.score([["a"]])[0, 0]


def test_many_questions_score_as_one_by_one() -> None:
    index = tf_idf_cosine([["a", "b"], ["b", "c"], ["d"]])
    questions = [["a"], ["b", "c", "c"], [], ["x"]]
    together = index.score(questions)
    assert together.shape == (4, 3)
    for row, question in enumerate(questions):
        assert together[row].tolist() == pytest.approx(index.score([question])[0].tolist())
    assert together[2].tolist() == [0, 0, 0]


def test_saved_and_read_again_it_scores_the_same() -> None:
    index = tf_idf_cosine([["a", "b"], ["b"]])
    again = Postings.from_arrays(list(index.terms), index.to_arrays())
    assert again.score([["b"]]).tolist() == index.score([["b"]]).tolist()


def test_very_common_terms_are_left_out_of_a_large_base_and_nothing_of_a_small_one() -> None:
    small = counted([["a", "b"], ["a", "c"]])
    assert np.array_equal(
        tf_idf_cosine_of(small, with_common=False).score([["a", "c"]]), tf_idf_cosine_of(small).score([["a", "c"]])
    )
    large = counted([["a", str(n)] for n in range(COMMON_MIN * 2)])
    thinned = tf_idf_cosine_of(large, with_common=False)
    assert not thinned.score([["a"]]).any()
    assert thinned.score([["7"]]) == pytest.approx(tf_idf_cosine_of(large).score([["7"]]))
    assert thinned.score([["a", "7"]]).argmax() == 7
