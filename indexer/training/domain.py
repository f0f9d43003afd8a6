"""Stage 2, the support domain: texts that mean the same come together, everything else stays where stage 1 put it.

Supervised contrastive learning (Khosla et al. 2020, arXiv:2004.11362) over texts written for this project: phrasings,
titles and sentences of one article, the wordings of one need in the support groups, questions and answers of help
pages. All articles are in every batch, so that each has its neighbours as hard negatives. A linear head, thrown away
afterwards, tells the screen's labels apart, so that the vectors carry what distress or theft sounds like. A pull
towards the stage-1 vectors, and a replay of stage 1's own pairs, keep what was learnt there.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from indexer.training.corpus import Material, with_typing_noise
from indexer.training.student import best_device, cosine_rate, distillation_loss, embed, tokenize

TEXTS_OF_ARTICLE = 3  # a step
TEXTS_OF_GROUP = 2
NOISE_SHARE = 0.5
REPLAY_TEMPERATURE = 0.05
HEAD_RATE = 3e-3
HEAD_SCALE = 10.0  # of the unit vectors, so that a linear head of usual size can be sure

Meanings = Sequence[Sequence[str]]


@dataclass(frozen=True)
class OwnTexts:
    """What is tuned on: lists of texts that mean the same or answer one another."""

    articles: Meanings
    groups: Meanings
    faq: Meanings
    messages: Sequence[tuple[str, str]]  # examples of the screen, with labels


@dataclass(frozen=True)
class DomainSchedule:
    """Sizes a step, and how strongly the old place holds."""

    steps: int
    groups: int  # support groups a step
    faq: int  # questions and answers of our own help pages a step
    messages: int  # examples of the screen a step
    message_weight: float  # of telling their labels apart
    replay: int  # stage-1 texts a step
    learning_rate: float
    temperature: float
    pull: float
    tokens_max: int
    seed: int


def contrastive_loss(vectors: torch.Tensor, meaning: torch.Tensor, temperature: float) -> torch.Tensor:
    """The mean surprise at finding, among all other texts, one of the same meaning; `meaning` numbers each text's."""
    itself = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    surprise = -(vectors @ vectors.T / temperature).masked_fill(itself, -torch.inf).log_softmax(dim=1)
    same = (meaning[:, None] == meaning[None, :]) & ~itself
    return (surprise.masked_fill(~same, 0).sum(1) / same.sum(1).clamp(min=1)).mean()


def tune(
    body: nn.Module,
    tokenizer: Any,
    texts: OwnTexts,
    replayed: Material,
    schedule: DomainSchedule,
    report: Callable[[int, Any], None],
) -> None:
    """Tune the body in place."""
    device = best_device()
    body.to(device).train()
    frozen = copy.deepcopy(body).eval()
    labels = sorted({label for _text, label in texts.messages})
    head = nn.Linear(body.config.hidden_size, max(1, len(labels))).to(device)
    optimizer = torch.optim.AdamW(
        [{"params": body.parameters()}, {"params": head.parameters(), "lr": HEAD_RATE}],
        lr=schedule.learning_rate, weight_decay=0.01, fused=True,
    )  # fmt: skip
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: cosine_rate(step, schedule.steps))
    rng = random.Random(schedule.seed)
    for step in range(schedule.steps):
        chosen = [rng.sample(list(lines), TEXTS_OF_ARTICLE) for lines in texts.articles]
        chosen += _drawn(texts.groups, schedule.groups, rng) + _drawn(texts.faq, schedule.faq, rng)
        clean = [line for lines in chosen for line in lines]
        meaning = torch.tensor([i for i, lines in enumerate(chosen) for _ in lines], device=device)
        vectors = embed(body, tokenize(tokenizer, [_typed(text, rng) for text in clean], schedule.tokens_max))
        with torch.no_grad():
            before = embed(frozen, tokenize(tokenizer, clean, schedule.tokens_max))
        loss = contrastive_loss(vectors, meaning, schedule.temperature)
        loss = loss + schedule.pull * (1 - (vectors * before).sum(dim=1)).mean()
        if schedule.messages:
            drawn = rng.choices(texts.messages, k=schedule.messages)
            tokens = tokenize(tokenizer, [_typed(text, rng) for text, _label in drawn], schedule.tokens_max)
            right = torch.tensor([labels.index(label) for _text, label in drawn], device=device)
            told_apart = nn.functional.cross_entropy(head(HEAD_SCALE * embed(body, tokens)), right)
            loss = loss + schedule.message_weight * told_apart
        if schedule.replay:
            part = slice(step * schedule.replay, (step + 1) * schedule.replay)
            loss = loss + _replay_loss(body, tokenizer, replayed, part, rng, schedule.tokens_max)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(body.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        report(step + 1, loss.detach())


def _drawn(meanings: Meanings, count: int, rng: random.Random) -> list[list[str]]:
    """Two texts of each of some meanings."""
    return [rng.sample(list(lines), TEXTS_OF_GROUP) for lines in rng.sample(list(meanings), min(count, len(meanings)))]


def _replay_loss(
    body: nn.Module, tokenizer: Any, replayed: Material, part: slice, rng: random.Random, tokens_max: int
) -> torch.Tensor:
    pairs = zip(replayed.polish[part], replayed.english[part], strict=True)
    texts = [_typed(english if rng.random() < 1 / 3 else polish, rng) for polish, english in pairs]
    target = torch.from_numpy(replayed.targets[part].astype(np.float32)).to(next(body.parameters()).device)
    return distillation_loss(embed(body, tokenize(tokenizer, texts, tokens_max)), target, REPLAY_TEMPERATURE)


def _typed(text: str, rng: random.Random) -> str:
    return with_typing_noise(text, rng) if rng.random() < NOISE_SHARE else text
