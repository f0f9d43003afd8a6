"""The screens that come with the bundled models, fitted beforehand: a first start need not embed all their examples.

One counts only for the model, the examples and the features it was fitted with; else a build fits its own. Its limits
are set at every build either way. `python -m indexer.training screen` makes it anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer.screen import FEATURES, Message, ScreenModel

SHIPPED = Path(__file__).parent / "screens"


def shipped_screen(model_checksum: str, examples: Sequence[Message], folder: Path = SHIPPED) -> ScreenModel | None:
    """The screen fitted with this model on these examples, if it was shipped."""
    wanted = fitted_on(model_checksum, examples)
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as arrays:
            if str(arrays["fitted_on"]) == wanted:
                return ScreenModel.from_arrays(arrays)
    return None


def save_screen(path: Path, screen: ScreenModel, model_checksum: str, examples: Sequence[Message]) -> None:
    """Write a screen to be shipped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = np.array(fitted_on(model_checksum, examples))
    np.savez_compressed(path, fitted_on=stamp, **screen.to_arrays())  # type: ignore[arg-type]


def fitted_on(model_checksum: str, examples: Sequence[Message]) -> str:
    """Checksum of the model, the examples and the features. The articles' phrasings, which are ordinary questions to
    the screen, do not count: an editor's change must not cost a fit."""
    seen = [model_checksum, FEATURES, sorted((m.q, m.lang, m.label) for m in examples)]
    return hashlib.sha256(json.dumps(seen).encode("utf-8", "surrogatepass")).hexdigest()
