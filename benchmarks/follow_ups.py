"""The weights of bot/follow_up.py, fitted: python -m benchmarks.follow_ups <dialogues.jsonl> <dialogues.jsonl> ...

A conditional logit (McFadden 1974) over the articles that a last message finds, alone and together with those before.
Prints the weights fitted on all files and, for each file, how often the right article comes first with weights fitted
on the other files, with those in use, and without any history.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from api.engine import open_engine
from api.settings import Settings
from bot.bot import Bot
from bot.follow_up import SURE_ALONE, WEIGHTS, Bearing, bearings, joined, may_follow_up, spoken_of
from bot.reading import Reader

PENALTY = 0.02  # on the weights' squares

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A last message: the articles it may mean, best first by itself, with what speaks for each; which are right."""

    file: Path
    kind: str
    ids: tuple[str, ...]
    bearings: Floats  # (articles, 5)
    right: frozenset[str]
    leans: bool  # on the messages before

    def first(self, weights: Floats) -> str:
        """The article that comes first."""
        return self.ids[int(np.argmax(self.bearings @ weights))] if self.leans else self.ids[0]


def main(arguments: Sequence[str]) -> int:
    """Prints weights and figures."""
    paths = [Path(a) for a in arguments]
    if len(paths) < 2 or not all(path.is_file() for path in paths):
        print("Usage: python -m benchmarks.follow_ups <two or more dialogues.jsonl>")
        return 2
    bot = open_engine(Settings(), lambda line: print(line, file=sys.stderr)).bot
    asked = []
    for path in paths:
        asked += [a for line in path.read_text("utf-8").splitlines() if (a := _ask(bot, path, json.loads(line)))]
        print(f"{path}: asked", file=sys.stderr, flush=True)
    used = np.array(astuple(WEIGHTS))
    for kind in sorted({a.kind for a in asked}):
        print(f"{kind}, by the others / in use / alone:")
        for path in paths:
            others = fitted([a for a in asked if a.file != path])
            mine = [a for a in asked if a.file == path and a.kind == kind]
            rules: tuple[Callable[[Asked], str], ...] = (
                lambda a, w=others: a.first(w), lambda a: a.first(used), lambda a: a.ids[0],
            )  # fmt: skip
            found = [np.mean([rule(a) in a.right for a in mine]) for rule in rules]
            print(f"  {path}: " + " / ".join(f"{share:.1%}" for share in found))
    names = Bearing.__dataclass_fields__
    print("fitted on all: " + ", ".join(f"{n} {w:.2f}" for n, w in zip(names, fitted(asked), strict=True)))
    return 0


def _ask(bot: Bot, file: Path, entry: dict[str, Any]) -> Asked | None:
    reader = Reader(bot.retriever, bot.ranking, bot.confidence, bot.articles)
    question, history = entry["q"], entry["history"]

    def ranked(text: str) -> Any:
        return bot.ranking.rank(bot.retriever.retrieve(text).candidates)

    alone, before = ranked(question), ranked(spoken_of(history))
    if not alone or not before:
        return None
    together = ranked(joined(history, question))
    found = bearings(alone, together, before[0].candidate.article_id, bot.articles)
    leans = may_follow_up(question) and reader.weigh(question, bot.screen.screen(question)).first < SURE_ALONE
    return Asked(
        file, entry["kind"], tuple(found), np.array([astuple(b) for b in found.values()]),
        frozenset({entry["topic"], *entry.get("also", [])}), leans,
    )  # fmt: skip


def fitted(asked: Sequence[Asked]) -> Floats:
    """Weights under which the right articles are most probable; shape (5,)."""
    cases = [(a.bearings, np.array([i in a.right for i in a.ids])) for a in asked if a.leans and a.right & set(a.ids)]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros(len(weights))
        for rows, right in cases:
            scores = rows @ weights
            belief = np.exp(scores - scores.max())
            belief /= belief.sum()
            share = belief[right].sum() + 1e-9
            total -= float(np.log(share))
            slope -= rows.T @ (belief * right / share - belief)
        return (
            total / len(cases) + PENALTY * float(weights @ weights) / 2,
            slope / len(cases) + PENALTY * weights,
        )

    found: Floats = minimize(loss, np.full(5, 0.1), jac=True, method="L-BFGS-B").x
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
