"""The sentence encoder: a bundled model by name, or any sentence-transformers model by path or hub id."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from indexer.errors import ModelDamagedError, ModelMissingError
from indexer.postings import Floats

BUNDLED = Path(__file__).parent / "models"
CHECKSUM_FILE = "checksum.sha256"
BATCH = 64
# How far up the inner layer is. Of six layers the fourth beside the last heard 6 to 10 more of a hundred messages of
# two new authors that show harm, at equal false alarms, than the last alone; four layers together were no better.
INNER_LAYER = 2 / 3


class QueryEncoder(Protocol):
    """Gives the wide vector of a question."""

    def wide_query(self, text: str) -> Floats: ...


class Encoder:
    """Texts to unit vectors. `name`, `checksum` and `dimension` say which model; loading may take seconds.

    A wide vector is the unit vector with, behind it, that of a layer below: what the last layers drop for the sake of
    meaning (who says it, in which mood), the screen wants to know. A model without layers has no more than the first.
    """

    def __init__(self, name: str, threads: int | None = None) -> None:
        folder = BUNDLED / name if (BUNDLED / name).is_dir() else Path(name)
        if not folder.is_dir() and (name.startswith((".", "/", "~")) or "/" not in name):
            bundled = ", ".join(sorted(p.name for p in BUNDLED.iterdir() if p.is_dir())) if BUNDLED.is_dir() else "none"
            raise ModelMissingError(
                f"There is no model '{name}': no folder of that path, and the bundled ones are: {bundled}. "
                "Set KRUPIER_MODEL to a bundled name, to a model folder, or to a hub id (owner/name)."
            )
        self.name = name
        self.checksum = _verified_checksum(folder) if folder.is_dir() else f"hub:{name}"
        self._model, self.dimension, self.wide_dimension = _load(str(folder) if folder.is_dir() else name, threads)

    def encode_documents(self, texts: Sequence[str]) -> Iterator[Floats]:
        """Vectors of texts to be found, batch by batch, each of shape (batch, dimension)."""
        for vectors in self.wide_documents(texts):
            yield vectors[:, : self.dimension]

    def encode_query(self, text: str) -> Floats:
        """The vector of a question, shape (dimension,)."""
        return self.wide_query(text)[: self.dimension]

    def wide_documents(self, texts: Sequence[str]) -> Iterator[Floats]:
        """Wide vectors of texts, batch by batch, each of shape (batch, wide_dimension)."""
        for start in range(0, len(texts), BATCH):
            yield self._unit(self._model.encode_document(list(texts[start : start + BATCH]), show_progress_bar=False))

    def wide_query(self, text: str) -> Floats:
        """The wide vector of a question, shape (wide_dimension,)."""
        vector: Floats = self._unit(self._model.encode_query([text], show_progress_bar=False))[0]
        return vector

    def _unit(self, vectors: Any) -> Floats:
        """Both parts of unit length."""
        array: Floats = np.asarray(vectors, np.float32)
        parts = np.split(array, [self.dimension], axis=1)
        return np.hstack([p / np.maximum(np.linalg.norm(p, axis=1, keepdims=True), 1e-9) for p in parts])


def folder_checksum(folder: Path) -> str:
    """SHA-256 over the names and contents of a model folder's files, the checksum file and the card aside."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name in {CHECKSUM_FILE, "README.md"}:
            continue
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _verified_checksum(folder: Path) -> str:
    found = folder_checksum(folder)
    record = folder / CHECKSUM_FILE
    if record.exists() and record.read_text().strip() != found:
        raise ModelDamagedError(
            f"The model in {folder} is not the one its {CHECKSUM_FILE} was written for "
            f"(expected {record.read_text().strip()[:12]}, found {found[:12]}). Fetch the files again (git checkout)."
        )
    return found


@functools.lru_cache(maxsize=2)
def _load(path: str, threads: int | None) -> tuple[Any, int, int]:
    """The model, its dimension and its wide dimension."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    if threads:
        torch.set_num_threads(threads)
    try:
        model = SentenceTransformer(path, device="cpu", local_files_only=Path(path).is_dir())
        dimension = int(model.get_embedding_dimension())
        return model, dimension, dimension + _widen(model)
    except Exception as error:  # any of four libraries' errors: torn files, wrong formats, no network
        raise ModelDamagedError(f"The model '{path}' cannot be loaded: {error}") from error


def _widen(model: Any) -> int:
    """Let the model give wide vectors; how many numbers are added."""
    import torch

    config: Any = getattr(getattr(model[0], "model", None), "config", None)
    layers = getattr(config, "num_hidden_layers", 0)
    if not layers:
        return 0
    config.output_hidden_states = True
    with torch.no_grad():
        if "all_layer_embeddings" not in model[0](model.preprocess(["a"])):  # not every kind of model shows its layers
            return 0

    class BelowTheLast(torch.nn.Module):  # type: ignore[misc]  # torch is not typed here
        """Puts the mean of an inner layer's states behind the sentence's vector."""

        def forward(self, features: dict[str, Any]) -> dict[str, Any]:
            states = features["all_layer_embeddings"][round(INNER_LAYER * layers)]
            mask = features["attention_mask"].unsqueeze(-1).to(states.dtype)
            inner = (states * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1)
            return {**features, "sentence_embedding": torch.cat([features["sentence_embedding"], inner], dim=1)}

    model.append(BelowTheLast())
    return int(config.hidden_size)
