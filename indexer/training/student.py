"""The transformer student: the teacher's body under the bilingual vocabulary, distilled sentence by sentence.

Both languages of a pair are pulled to the teacher's vector of the English side (Reimers and Gurevych 2020, "Making
Monolingual Sentence Embeddings Multilingual", arXiv:2004.09813), by cosine and by telling it from the batch's others.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from indexer.training.corpus import batches_by_length, with_typing_noise

POSITIONS = 128


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train; `steps` in batches."""

    steps: int
    batch_size: int
    learning_rate: float
    temperature: float
    english_share: float
    tokens_max: int
    checkpoint_steps: int
    seed: int


def teacher_input_vectors(teacher: Any, pieces: Sequence[str]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """The teacher's token vectors for the pieces it has, and which those are; shapes (pieces, dimension), (pieces,)."""
    table = teacher[0].auto_model.embeddings.word_embeddings.weight.detach().numpy()
    known = teacher.tokenizer.get_vocab()
    vectors = np.zeros((len(pieces), table.shape[1]), np.float32)
    is_known = np.zeros(len(pieces), bool)
    for i, piece in enumerate(pieces):
        if piece in known:
            vectors[i], is_known[i] = table[known[piece]], True
    return vectors, is_known


def build_body(teacher: Any, vectors: npt.NDArray[np.float32], layers: Sequence[int] | None = None) -> nn.Module:
    """A copy of the teacher's body with the given token table, fewer positions, and (optionally) only some layers."""
    import copy

    body = copy.deepcopy(teacher[0].auto_model).float()
    embeddings = body.embeddings
    embeddings.word_embeddings = nn.Embedding.from_pretrained(torch.from_numpy(vectors), freeze=False, padding_idx=0)
    positions = embeddings.position_embeddings.weight.detach()[:POSITIONS].clone()
    embeddings.position_embeddings = nn.Embedding.from_pretrained(positions, freeze=False)
    embeddings.register_buffer("position_ids", torch.arange(POSITIONS).expand((1, -1)), persistent=False)
    embeddings.register_buffer("token_type_ids", torch.zeros((1, POSITIONS), dtype=torch.long), persistent=False)
    if layers is not None:
        body.encoder.layer = nn.ModuleList([body.encoder.layer[i] for i in layers])
        body.config.num_hidden_layers = len(layers)
    for module in body.modules():  # plenty of data, one or two epochs: dropout only costs time here
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        if hasattr(module, "attention_dropout"):
            module.attention_dropout = 0.0
    body.config.hidden_dropout_prob = body.config.attention_probs_dropout_prob = 0.0
    body.config.vocab_size = len(vectors)
    body.config.max_position_embeddings = POSITIONS
    return body


def embed(body: nn.Module, tokenizer: Any, texts: Sequence[str], tokens_max: int) -> torch.Tensor:
    """Mean-pooled unit vectors of the texts, shape (texts, dimension)."""
    encodings = tokenizer.encode_batch(list(texts))
    width = min(tokens_max, max(len(e.ids) for e in encodings))
    ids = torch.zeros((len(texts), width), dtype=torch.long)
    mask = torch.zeros((len(texts), width), dtype=torch.long)
    for row, encoding in enumerate(encodings):
        kept = encoding.ids[:width]
        ids[row, : len(kept)] = torch.tensor(kept)
        mask[row, : len(kept)] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = body(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    weights = mask.unsqueeze(-1).float()
    return nn.functional.normalize((states * weights).sum(1) / weights.sum(1), dim=1)


def distillation_loss(student: torch.Tensor, target: torch.Tensor, temperature: float) -> torch.Tensor:
    """Twice the cosine distance to the target plus the cross-entropy of finding it among the batch's targets."""
    scores = student @ target.T
    found = nn.functional.cross_entropy(scores / temperature, torch.arange(len(student)))
    return 2 * (1 - scores.diagonal()).mean() + found


def distil(
    body: nn.Module,
    tokenizer: Any,
    english: Sequence[str],
    polish: Sequence[str],
    targets: npt.NDArray[np.float16],
    weights: npt.NDArray[np.float64],
    schedule: Schedule,
    checkpoint: Path,
    report: Callable[[int, float], None],
) -> None:
    """Train the body in place; the checkpoint is written now and then, and continued from when it is there."""
    optimizer = torch.optim.AdamW(body.parameters(), lr=schedule.learning_rate, weight_decay=0.01, fused=True)
    warmup = max(1, schedule.steps // 20)

    def rate(step: int) -> float:
        if step < warmup:
            return step / warmup
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warmup) / max(1, schedule.steps - warmup)))) + 0.01

    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    step = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        body.load_state_dict(state["body"])
        optimizer.load_state_dict(state["optimizer"])
        scheduler.load_state_dict(state["scheduler"])
        step = state["step"]
    lengths = [len(text) // 5 for text in polish]
    probabilities = weights / weights.sum()
    body.train()
    while step < schedule.steps:
        rng = random.Random(schedule.seed + step)
        drawn = np.random.default_rng(schedule.seed + step).choice(
            len(polish), size=schedule.batch_size * 200, p=probabilities
        )
        for batch in batches_by_length(lengths, [int(i) for i in drawn], schedule.batch_size, rng):
            unique = list(dict.fromkeys(batch))
            texts = [
                with_typing_noise(english[i] if rng.random() < schedule.english_share else polish[i], rng)
                for i in unique
            ]
            target = torch.from_numpy(targets[unique].astype(np.float32))
            loss = distillation_loss(embed(body, tokenizer, texts, schedule.tokens_max), target, schedule.temperature)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(body.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            step += 1
            report(step, float(loss.detach()))
            if step % schedule.checkpoint_steps == 0 or step == schedule.steps:
                save_checkpoint(checkpoint, body, optimizer, scheduler, step)
            if step >= schedule.steps:
                break


def save_checkpoint(path: Path, body: nn.Module, optimizer: Any, scheduler: Any, step: int) -> None:
    """Written beside and renamed, so that a stop in the middle loses nothing."""
    partial = path.with_suffix(".part")
    torch.save(
        {
            "body": body.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict(),
            "step": step,
        },
        partial,
    )
    partial.rename(path)


def save_as_sentence_transformer(body: nn.Module, tokenizer: Any, folder: Path, tokens_max: int) -> None:
    """A folder that plain `SentenceTransformer(folder)` loads; weights in half precision, computed in single."""
    from safetensors.torch import load_file, save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast

    plain = folder.with_name(folder.name + ".body")
    body.save_pretrained(plain)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=tokens_max,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    ).save_pretrained(plain)
    transformer = Transformer(str(plain), max_seq_length=tokens_max)
    model = SentenceTransformer(
        modules=[transformer, Pooling(transformer.get_embedding_dimension(), "mean"), Normalize()], device="cpu"
    )
    model.save(str(folder), create_model_card=False)
    weights = load_file(folder / "model.safetensors")
    save_file({k: v.half() for k, v in weights.items()}, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    config["dtype"] = "float32"
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
