"""Vectors of texts, kept between builds, so that an unchanged text is not embedded again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.encoder import Encoder
from indexer.postings import Floats

Progress = Callable[[str, int, int], None]


class VectorCache:
    """A file of wide vectors by text for one model; a torn or foreign file counts as empty.

    They are kept in half precision, also before they are saved: a build finds the same numbers in each of them.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._path = folder / f"vectors-{encoder.checksum.removeprefix('hub:').replace('/', '_')[:16]}.npz"
        self._encoder = encoder
        self.dimension = encoder.dimension
        self._known: dict[bytes, npt.NDArray[np.float16]] = {}
        self._used: set[bytes] = set()
        if self._path.exists():
            try:
                with np.load(self._path) as stored:
                    keys, vectors = stored["keys"], stored["vectors"].astype(np.float16)
                if vectors.ndim == 2 and vectors.shape[1] == encoder.wide_dimension:
                    self._known = {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}
            except (OSError, ValueError, KeyError, EOFError):
                self._known = {}

    def encode(self, texts: Sequence[str], what: str, progress: Progress) -> Floats:
        """Wide vectors, shape (texts, wide_dimension); only texts not seen before are embedded."""
        keys = [_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        order = sorted(missing, key=lambda key: len(missing[key]))
        done = 0
        for batch in self._encoder.wide_documents([missing[key] for key in order]):
            for vector in batch.astype(np.float16):
                self._known[order[done]] = vector
                done += 1
            progress(what, done, len(order))
        self._used.update(keys)
        if not texts:
            return np.zeros((0, self._encoder.wide_dimension), np.float32)
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def vector(self, text: str) -> Floats:
        """The wide vector of one text, embedded if it was not before."""
        known = self._known.get(_key(text))
        self._used.add(_key(text))
        return self.encode([text], "", lambda *_: None)[0] if known is None else known.astype(np.float32)

    def begin(self) -> None:
        """A new build: what earlier ones used counts no more."""
        self._used = set()

    def keep(self, texts: Sequence[str]) -> None:
        """Texts that count as used, as far as their vectors are known."""
        self._used.update(self._known.keys() & {_key(text) for text in texts})

    def save(self) -> None:
        """Keep what was used since `begin`, and nothing else."""
        used = sorted(self._used)
        keys = np.frombuffer(b"".join(used), np.uint8).reshape(len(used), 16)
        partial = self._path.with_suffix(f".{os.getpid()}.part")
        with partial.open("wb") as stream:
            np.savez(stream, keys=keys, vectors=np.stack([self._known[key] for key in used]))
        partial.replace(self._path)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
