"""The nearest examples of each label, by hand and against comparing with all of them."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.neighbours import HITS, NEAREST, Neighbours


def around(corners: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """So many unit vectors around each corner, with the corner each belongs to."""
    rng = np.random.default_rng(seed)
    owners = np.repeat(np.arange(len(corners)), count)
    vectors = corners[owners] + rng.normal(scale=0.3, size=(len(owners), corners.shape[1]))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), owners


def test_a_label_counts_by_its_nearest_three_and_a_missing_one_as_the_last_hit() -> None:
    examples = np.array([(1, 0), (0.8, 0), (0.6, 0), (0.2, 0), (0.5, 0)], np.float32)
    near = Neighbours.of(examples, np.array([0, 0, 0, 0, 1]), 3).similarity(np.array([1, 0], np.float32))
    # the second label has one example, at 0.5, and twice the last hit, 0.2; the third none
    assert near == pytest.approx([0.8, (0.5 + 0.2 + 0.2) / 3, 0.2], abs=0.01)


def test_looking_into_some_cells_finds_nearly_what_comparing_with_all_finds() -> None:
    corners = np.random.default_rng(1).normal(size=(6, 32))
    examples, owners = around(corners, 3_000, 2)
    asked, _ = around(corners, 20, 3)
    neighbours = Neighbours.of(examples, owners, len(corners))
    for vector in asked:
        similarity = examples @ vector
        best = max(np.sort(similarity[owners == label])[-NEAREST:].mean() for label in range(len(corners)))
        assert neighbours.similarity(vector).max() == pytest.approx(best, abs=0.05)


def test_what_is_saved_finds_the_same() -> None:
    examples, owners = around(np.eye(4, 8), 50, 4)
    neighbours = Neighbours.of(examples, owners, 4)
    again = Neighbours.from_arrays(**neighbours.to_arrays(), labels=4)
    assert np.array_equal(again.similarity(examples[7]), neighbours.similarity(examples[7]))
    assert len(examples) > HITS
