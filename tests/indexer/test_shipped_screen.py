"""A screen that is shipped counts for its model and its examples alone, and saves a build their embedding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from indexer.encoder import Encoder
from indexer.screen import Message, ScreenModel, fit_screen
from indexer.shipped_screen import SHIPPED, save_screen, shipped_screen
from indexer.sources import read_sources
from knowledge_base.reading import read_knowledge_base

SAID = {"ordinary": "wypłata", "human": "konsultant", "fraud": "włamanie"}
EXAMPLES = [Message(f"{word} {n}", "pl", label, "") for n in range(8) for label, word in SAID.items()]


def a_screen() -> ScreenModel:
    vectors = np.tile(np.eye(3, dtype=np.float32), (8, 1))
    return fit_screen([m.q for m in EXAMPLES], vectors, [m.label for m in EXAMPLES])


def test_it_is_found_for_its_model_and_its_examples(tmp_path: Path) -> None:
    screen = a_screen()
    save_screen(tmp_path / "small.npz", screen, "model-1", EXAMPLES)
    found = shipped_screen("model-1", EXAMPLES, tmp_path)
    assert found is not None
    asked = np.array((0.9, 0.1, 0.0), np.float32)
    assert found.probabilities("wypłata", asked) == screen.probabilities("wypłata", asked)


def test_another_model_or_one_changed_example_fits_its_own(tmp_path: Path) -> None:
    save_screen(tmp_path / "small.npz", a_screen(), "model-1", EXAMPLES)
    assert shipped_screen("model-2", EXAMPLES, tmp_path) is None
    assert shipped_screen("model-1", EXAMPLES[1:], tmp_path) is None
    assert shipped_screen("model-1", [replace(EXAMPLES[0], label="fraud"), *EXAMPLES[1:]], tmp_path) is None
    assert shipped_screen("model-1", EXAMPLES, tmp_path / "nothing here") is None


def test_the_shipped_screen_was_fitted_on_the_shipped_examples() -> None:
    examples = read_sources(read_knowledge_base()).examples
    assert any(SHIPPED.glob("*.npz"))
    assert shipped_screen(Encoder("krupier-mini").checksum, examples) is not None, (
        "the examples changed: run python -m indexer.training screen"
    )
