"""What an article knows of a question's words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from indexer.coverage import coverage
from indexer.postings import bm25
from indexer.stemming import question_stems

# Two articles, each once in Polish and once in English, as the index has them.
DOCUMENTS = [question_stems(text) for text in ("wypłata przelewem", "limit wpłat", "payout transfer", "deposit limit")]
BOTH = np.array([0, 1])


def covered(question):
    return coverage(question, BOTH, bm25(DOCUMENTS), 2)


def test_an_article_that_has_every_word_misses_nothing():
    assert covered("wypłata przelewem")[0].share == 1
    assert covered("wypłata przelewem")[0].missing == 0


def test_a_word_of_another_article_is_missing_with_its_weight():
    found = covered("wypłata limit")[1]
    # "wypłata" stands in one of two articles, "limit" in one document of each language: two documents.
    lacks, has = math.log(1 + 1.5 / 1.5), math.log(1 + 0.5 / 2.5)
    assert found.missing == pytest.approx(lacks)
    assert found.share == pytest.approx(has / (has + lacks))


def test_a_word_that_no_article_has_weighs_most():
    strange, common = covered("wypłata netflix")[0], covered("wypłata limit")[0]
    assert strange.rarest_missing > common.rarest_missing


def test_a_question_without_words_is_neither_covered_nor_missing():
    assert covered("???")[0].missing == 0
