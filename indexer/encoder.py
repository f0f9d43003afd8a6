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


class QueryEncoder(Protocol):
    """Gives the unit vector of a question."""

    def encode_query(self, text: str) -> Floats: ...


class Encoder:
    """Texts to unit vectors. `name`, `checksum` and `dimension` say which model; loading may take seconds."""

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
        self._model = _load(str(folder) if folder.is_dir() else name, threads)
        self.dimension = int(self._model.get_embedding_dimension())

    def encode_documents(self, texts: Sequence[str]) -> Iterator[Floats]:
        """Vectors of texts to be found, batch by batch, each of shape (batch, dimension)."""
        for start in range(0, len(texts), BATCH):
            yield self._unit(self._model.encode_document(list(texts[start : start + BATCH]), show_progress_bar=False))

    def encode_query(self, text: str) -> Floats:
        """The vector of a question, shape (dimension,)."""
        vector: Floats = self._unit(self._model.encode_query([text], show_progress_bar=False))[0]
        return vector

    @staticmethod
    def _unit(vectors: Any) -> Floats:
        array: Floats = np.asarray(vectors, np.float32)
        unit: Floats = array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), 1e-9)
        return unit


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
def _load(path: str, threads: int | None) -> Any:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    if threads:
        torch.set_num_threads(threads)
    try:
        return SentenceTransformer(path, device="cpu", local_files_only=Path(path).is_dir())
    except Exception as error:  # any of four libraries' errors: torn files, wrong formats, no network
        raise ModelDamagedError(f"The model '{path}' cannot be loaded: {error}") from error
