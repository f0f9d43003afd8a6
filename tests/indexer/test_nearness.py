"""Too close is what is rare among the phrasings that stand."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.corpus import Corpus, Kind, Line
from indexer.nearness import ALMOST_THE_SAME, nearness_of
from indexer.views import build_views
from knowledge_base.article import Language


def test_the_limits_are_those_of_the_nearest_neighbours() -> None:
    angles = np.array([0.0, 0.1, 1.0, 1.2])  # two phrasings an article, in a plane
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    lines = tuple(Line(i // 2, Language.PL, Kind.PHRASING, f"phrasing {i}") for i in range(4))
    found = nearness_of(build_views(Corpus(("a", "b"), lines), vectors))
    assert found.to_own == pytest.approx(np.cos(0.1), abs=1e-3)
    assert found.to_other == pytest.approx(np.cos(0.9), abs=2e-2)


def test_a_single_phrasing_has_no_neighbour_to_be_near_to() -> None:
    lines = (Line(0, Language.PL, Kind.PHRASING, "one"),)
    found = nearness_of(build_views(Corpus(("a",), lines), np.ones((1, 1), np.float32)))
    assert (found.to_other, found.to_own) == (ALMOST_THE_SAME, ALMOST_THE_SAME)
