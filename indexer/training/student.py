"""The transformer student: the teacher's body under the bilingual vocabulary, distilled text by text.

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
from torch.utils.data import DataLoader

from indexer.training.corpus import Material, with_typing_noise

POSITIONS = 192
PADDED_TO = 8  # widths in eights suit the tensor units
BLOCK = 16  # batches drawn together and sorted by length, so that little is padding

Tokens = tuple[torch.Tensor, torch.Tensor]  # ids and mask, both of shape (texts, width)


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train; `steps` in batches of `batch_size` pairs, both sides of each."""

    steps: int
    batch_size: int
    learning_rate: float
    temperature: float
    closeness: float  # weight of the cosine distance beside finding the target among the batch's
    noise_share: float  # of the texts, those that somebody in a hurry typed
    tokens_max: int
    checkpoint_steps: int
    workers: int  # processes that prepare batches
    seed: int


def best_device() -> torch.device:
    """A GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def teacher_input_vectors(teacher: Any, pieces: Sequence[str]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """The teacher's token vectors for the pieces it has, and which those are; shapes (pieces, dimension), (pieces,)."""
    table = teacher[0].auto_model.embeddings.word_embeddings.weight.detach().float().cpu().numpy()
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

    body = copy.deepcopy(teacher[0].auto_model).float().cpu()
    embeddings = body.embeddings
    embeddings.word_embeddings = nn.Embedding.from_pretrained(torch.from_numpy(vectors), freeze=False, padding_idx=0)
    positions = embeddings.position_embeddings.weight.detach()[:POSITIONS].clone()
    embeddings.position_embeddings = nn.Embedding.from_pretrained(positions, freeze=False)
    embeddings.register_buffer("position_ids", torch.arange(POSITIONS).expand((1, -1)), persistent=False)
    embeddings.register_buffer("token_type_ids", torch.zeros((1, POSITIONS), dtype=torch.long), persistent=False)
    if layers is not None:
        body.encoder.layer = nn.ModuleList([body.encoder.layer[i] for i in layers])
        body.config.num_hidden_layers = len(layers)
    for module in body.modules():  # plenty of data, a few epochs: dropout only costs time here
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        if hasattr(module, "attention_dropout"):
            module.attention_dropout = 0.0
    body.config.hidden_dropout_prob = body.config.attention_probs_dropout_prob = 0.0
    body.config.vocab_size = len(vectors)
    body.config.max_position_embeddings = POSITIONS
    return body


def blend(body: nn.Module, before: nn.Module, share: float) -> None:
    """Move the body's weights part of the way back: `share` of its own, the rest of what it was tuned from.

    Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", arXiv:2109.01903: keeps nearly all that was learnt
    on both sides, at no cost.
    """
    with torch.no_grad():
        for own, earlier in zip(body.parameters(), before.parameters(), strict=True):
            own.mul_(share).add_(earlier, alpha=1 - share)


def load_exported(body: nn.Module, folder: Path) -> None:
    """Put the weights of an exported model into the body; RuntimeError if it was made otherwise."""
    from safetensors.torch import load_file

    body.load_state_dict({name: weights.float() for name, weights in load_file(folder / "model.safetensors").items()})


def tokenize(tokenizer: Any, texts: Sequence[str], tokens_max: int) -> Tokens:
    """Padded ids and their mask."""
    encodings = tokenizer.encode_batch(list(texts))
    longest = min(tokens_max, max(len(e.ids) for e in encodings))
    width = min(tokens_max, -(-longest // PADDED_TO) * PADDED_TO)
    ids = np.zeros((len(texts), width), np.int64)
    mask = np.zeros((len(texts), width), np.int64)
    for row, encoding in enumerate(encodings):
        kept = encoding.ids[:width]
        ids[row, : len(kept)], mask[row, : len(kept)] = kept, 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def embed(body: nn.Module, tokens: Tokens) -> torch.Tensor:
    """Mean-pooled unit vectors, shape (texts, dimension), computed where the body is."""
    device = next(body.parameters()).device
    ids, mask = (part.to(device, non_blocking=True) for part in tokens)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        states = body(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    weights = mask.unsqueeze(-1).float()
    return nn.functional.normalize((states * weights).sum(1) / weights.sum(1), dim=1)


def distillation_loss(
    student: torch.Tensor, target: torch.Tensor, temperature: float, closeness: float = 2.0
) -> torch.Tensor:
    """The cosine distance to the target, weighed, plus the cross-entropy of finding it among the batch's targets."""
    scores = student @ target.T
    found = nn.functional.cross_entropy(scores / temperature, torch.arange(len(student), device=student.device))
    return closeness * (1 - scores.diagonal()).mean() + found


class Batches:
    """Batch number n, always the same for a seed: tokens of the Polish and the English sides, and their targets."""

    def __init__(self, material: Material, tokenizer: Any, schedule: Schedule) -> None:
        self._material = material
        self._tokenizer = tokenizer
        self._schedule = schedule
        self._cumulative = np.cumsum(material.weights / material.weights.sum())
        self._lengths = np.array([len(text) for text in material.polish])
        self._block: tuple[int, list[npt.NDArray[np.int64]]] = (-1, [])

    def __len__(self) -> int:
        return self._schedule.steps

    def __getitem__(self, step: int) -> tuple[Tokens, Tokens, torch.Tensor]:
        rng = random.Random(self._schedule.seed + step)
        chosen = self._drawn(step // BLOCK)[step % BLOCK]
        polish = [self._typed(self._material.polish[i], rng) for i in chosen]
        english = [self._typed(self._material.english[i], rng) for i in chosen]
        target = torch.from_numpy(self._material.targets[chosen].astype(np.float32))
        tokens_max = self._schedule.tokens_max
        return tokenize(self._tokenizer, polish, tokens_max), tokenize(self._tokenizer, english, tokens_max), target

    def _typed(self, text: str, rng: random.Random) -> str:
        return with_typing_noise(text, rng) if rng.random() < self._schedule.noise_share else text

    def _drawn(self, block: int) -> list[npt.NDArray[np.int64]]:
        if self._block[0] != block:
            rng = np.random.default_rng((self._schedule.seed, block))
            drawn = np.searchsorted(self._cumulative, rng.random(self._schedule.batch_size * BLOCK))
            drawn = np.minimum(drawn, len(self._lengths) - 1)
            drawn = drawn[np.argsort(self._lengths[drawn] + rng.random(len(drawn)) * 15)]
            batches = [np.unique(batch) for batch in np.split(drawn, BLOCK)]
            rng.shuffle(batches)
            self._block = block, batches
        return self._block[1]


def cosine_rate(step: int, steps: int) -> float:
    """Share of the learning rate at a step: a short warm-up, then half a cosine down to a hundredth."""
    warmup = max(1, steps // 20)
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warmup) / max(1, steps - warmup)))) + 0.01


def distil(
    body: nn.Module,
    tokenizer: Any,
    material: Material,
    schedule: Schedule,
    checkpoint: Path,
    report: Callable[[int, Any], None],
) -> None:
    """Train the body in place; the checkpoint is written now and then, and continued from when it is there."""
    device = best_device()
    body.to(device).train()
    optimizer = torch.optim.AdamW(body.parameters(), lr=schedule.learning_rate, weight_decay=0.01, fused=True)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: cosine_rate(step, schedule.steps))
    step = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=device)
        body.load_state_dict(state["body"])
        optimizer.load_state_dict(state["optimizer"])
        scheduler.load_state_dict(state["scheduler"])
        step = state["step"]
    loader = DataLoader(
        Batches(material, tokenizer, schedule),
        batch_size=None,
        sampler=range(step, schedule.steps),
        num_workers=schedule.workers,
        prefetch_factor=8 if schedule.workers else None,
        pin_memory=device.type == "cuda",
    )
    for polish, english, target_here in loader:
        target = target_here.to(device, non_blocking=True)
        loss = sum(
            distillation_loss(embed(body, side), target, schedule.temperature, schedule.closeness)
            for side in (polish, english)
        )
        loss = loss / 2
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(body.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        step += 1
        report(step, loss.detach())
        if step % schedule.checkpoint_steps == 0 or step == schedule.steps:
            save_checkpoint(checkpoint, body, optimizer, scheduler, step)


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
    body.cpu().save_pretrained(plain)
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
