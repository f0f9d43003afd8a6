"""The adaptation to the articles at hand: a linear classifier from a text's vector to its article."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.views import LOGISTIC_ARTICLES_MAX, classified, fit_classifier


def texts(articles: list[int], dimension: int = 8, each: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors, a few around a corner of its own for each article, and whose they are."""
    rng = np.random.default_rng(4)
    owners = np.repeat(np.array(articles, np.int64), each)
    corners = np.eye(dimension)[owners % dimension] + 0.05 * rng.normal(size=(len(owners), dimension))
    return (corners / np.linalg.norm(corners, axis=1, keepdims=True)).astype(np.float32), owners


@pytest.mark.parametrize("articles", [[0, 1, 2], [0, 1], [0, 1, 2, 3, 4, 5, 6, 7], [7, 2, 5]])
def test_each_text_scores_highest_for_its_own_article(articles: list[int]) -> None:
    vectors, owners = texts(articles)
    scores = classified(vectors, fit_classifier(vectors, owners, 8))
    assert scores.shape == (len(owners), 8)
    assert scores.argmax(axis=1).tolist() == owners.tolist()
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("articles", [[0, 3], [0, 3, 5]])
def test_an_article_without_any_text_is_never_found(articles: list[int]) -> None:
    vectors, owners = texts(articles)
    scores = classified(vectors, fit_classifier(vectors, owners, 6))
    absent = [article for article in range(6) if article not in articles]
    assert scores[:, absent].max() < scores[:, articles].min()


def test_two_articles_stand_against_each_other_evenly() -> None:
    vectors, owners = texts([0, 1])
    scores = classified(vectors, fit_classifier(vectors, owners, 2))
    assert scores[:, 0] == pytest.approx(-scores[:, 1], abs=1e-5)


def test_one_article_alone_has_scores_too() -> None:
    vectors, owners = texts([0])
    scores = classified(vectors, fit_classifier(vectors, owners, 1))
    assert scores.shape == (6, 1)
    assert np.isfinite(scores).all()


def test_very_many_articles_are_told_apart_by_the_quicker_way() -> None:
    count = LOGISTIC_ARTICLES_MAX + 1
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(count, 450)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = classified(vectors, fit_classifier(vectors, np.arange(count), count))
    assert (scores.argmax(axis=1) == np.arange(count)).mean() > 0.95


def test_the_same_texts_give_the_same_classifier() -> None:
    vectors, owners = texts([0, 1, 2])
    assert np.array_equal(fit_classifier(vectors, owners, 3), fit_classifier(vectors, owners, 3))


def test_it_is_fitted_also_where_an_encoder_keeps_all_texts_close_together() -> None:
    # The gradient is tiny from the start: a loose tolerance would stop before the first step.
    rng = np.random.default_rng(3)
    meaning = rng.normal(size=(100, 64))
    owners = np.repeat(np.arange(100), 8)
    vectors = np.ones(64) * 2 + 0.25 * meaning[owners] + 0.05 * rng.normal(size=(800, 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    found = classified(vectors, fit_classifier(vectors, owners, 100)).argmax(axis=1)
    assert (found == owners).mean() > 0.95
