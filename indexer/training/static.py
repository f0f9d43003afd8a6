"""The static model: one vector a piece, a text is their mean; under a millisecond a question.

Trained like the student, towards the teacher's vector of the English side. Stored as bytes with one scale a piece, a
form that `sentence_transformers.StaticEmbedding` loads by itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from indexer.training.corpus import Material, with_typing_noise
from indexer.training.student import distillation_loss


def train_static(
    tokenizer: Any,
    material: Material,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    temperature: float,
    seed: int,
    report: Callable[[int, int, float], None],
) -> npt.NDArray[np.float32]:
    """Token vectors, shape (vocabulary, dimension); calls report(step, steps, loss)."""
    torch.manual_seed(seed)
    size, dimension = tokenizer.get_vocab_size(), material.targets.shape[1]
    table = nn.EmbeddingBag(size, dimension, mode="mean")
    nn.init.normal_(table.weight, std=0.05)
    optimizer = torch.optim.Adam(table.parameters(), lr=learning_rate)
    probabilities = material.weights / material.weights.sum()
    count = int((material.weights > 0).sum())
    steps = epochs * count // batch_size
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=learning_rate, total_steps=steps, pct_start=0.1)
    rng = random.Random(seed)
    draws = np.random.default_rng(seed)
    for step in range(steps):
        batch = draws.choice(len(material.polish), size=batch_size, p=probabilities, replace=False)
        target = torch.from_numpy(material.targets[batch].astype(np.float32))
        loss = torch.zeros(())
        for side in (material.polish, material.english):
            encodings = tokenizer.encode_batch(
                [with_typing_noise(side[i], rng) for i in batch], add_special_tokens=False
            )
            ids = [e.ids or [0] for e in encodings]
            offsets = torch.tensor([0, *np.cumsum([len(i) for i in ids])[:-1]])
            vectors = table(torch.tensor([i for row in ids for i in row]), offsets)
            loss = loss + distillation_loss(nn.functional.normalize(vectors, dim=1), target, temperature)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        scheduler.step()
        report(step + 1, steps, float(loss.detach()))
    trained: npt.NDArray[np.float32] = table.weight.detach().numpy().copy()
    return trained


def save_static(vectors: npt.NDArray[np.float32], tokenizer: Any, folder: Path) -> None:
    """A folder that plain `SentenceTransformer(folder)` loads: int8 rows and a scale for each."""
    from safetensors.numpy import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    tokenizer.no_truncation()
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=vectors), Normalize()], device="cpu"
    )
    model.save(str(folder), create_model_card=False)
    scale = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127
    rows = np.round(vectors / scale[:, None]).astype(np.int8)
    inner = next(folder.rglob("model.safetensors"))
    save_file({"embeddings": rows, "weights": scale.astype(np.float32)}, inner)
