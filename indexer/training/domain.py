"""Stage 2, the support domain: texts that mean the same come together, everything else stays where stage 1 put it.

Supervised contrastive learning (Khosla et al. 2020, arXiv:2004.11362) over pairs written for this project: phrasings,
titles and sentences of one article, and the wordings of one need in the support groups. A pull towards the stage-1
vectors, and a replay of stage 1's own pairs, keep what was learnt there.
"""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from indexer.training.corpus import with_typing_noise
from indexer.training.student import distillation_loss, embed


@dataclass(frozen=True)
class DomainSchedule:
    """Sizes a step, and how strongly the old place holds."""

    steps: int
    meanings: int  # meanings a step, each with two texts
    replay: int  # stage-1 sentences a step
    learning_rate: float
    temperature: float
    pull: float
    tokens_max: int
    seed: int


def contrastive_loss(vectors: torch.Tensor, temperature: float) -> torch.Tensor:
    """Each of (2n) unit vectors must find its partner, n apart, among all others."""
    count = len(vectors) // 2
    scores = vectors @ vectors.T / temperature
    scores = scores.masked_fill(torch.eye(len(vectors), dtype=torch.bool), -torch.inf)
    partner = torch.arange(len(vectors)).roll(count)
    return nn.functional.cross_entropy(scores, partner)


def tune(
    body: nn.Module,
    tokenizer: Any,
    meanings: Sequence[Sequence[str]],
    replay_texts: Sequence[str],
    replay_targets: npt.NDArray[np.float32],
    schedule: DomainSchedule,
    report: Callable[[int, float], None],
) -> None:
    """Tune the body in place; `meanings` are lists of texts that mean the same or answer one another."""
    frozen = copy.deepcopy(body).eval()
    optimizer = torch.optim.AdamW(body.parameters(), lr=schedule.learning_rate, weight_decay=0.01, fused=True)
    warmup = max(1, schedule.steps // 10)
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / warmup, 0.5 * (1 + math.cos(math.pi * step / schedule.steps)) + 0.02),
    )
    rng = random.Random(schedule.seed)
    body.train()
    for step in range(schedule.steps):
        chosen = rng.sample(range(len(meanings)), min(schedule.meanings, len(meanings)))
        pairs = [rng.sample(list(meanings[i]), 2) for i in chosen]
        clean = [pair[0] for pair in pairs] + [pair[1] for pair in pairs]
        noisy = [with_typing_noise(text, rng) for text in clean]
        drawn = [rng.randrange(len(replay_texts)) for _ in range(schedule.replay)]
        texts = noisy + [with_typing_noise(replay_texts[i], rng) for i in drawn]
        vectors = embed(body, tokenizer, texts, schedule.tokens_max)
        with torch.no_grad():
            before = embed(frozen, tokenizer, clean, schedule.tokens_max)
        domain, replayed = vectors[: len(clean)], vectors[len(clean) :]
        loss = contrastive_loss(domain, schedule.temperature)
        loss = loss + schedule.pull * (1 - (domain * before).sum(dim=1)).mean()
        loss = loss + distillation_loss(replayed, torch.from_numpy(replay_targets[drawn]), 0.05)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(body.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        report(step + 1, float(loss.detach()))
