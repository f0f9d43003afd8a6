"""How good a bot is on labelled questions: figures with counts and 95 % intervals, by style and language."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.bot import Bot
from bot.decision import Action, Decision
from knowledge_base.labelled import LabelledQuestion

CALIBRATION_BINS = 10


@dataclass(frozen=True)
class Outcome:
    """A question and what the bot did with it."""

    question: LabelledQuestion
    decision: Decision

    @property
    def is_first_right(self) -> bool:
        return bool(self.decision.candidates) and self.decision.candidates[0].id in self.question.accepted

    @property
    def is_three_right(self) -> bool:
        return any(c.id in self.question.accepted for c in self.decision.candidates[:3])

    @property
    def is_answered(self) -> bool:
        return self.decision.action is Action.ANSWER

    @property
    def is_wrong_answer(self) -> bool:
        return self.is_answered and not (set(self.decision.articles) & self.question.accepted)


def ask_all(
    bot: Bot, questions: Sequence[LabelledQuestion], progress: Callable[[int, int], None] = lambda _d, _t: None
) -> list[Outcome]:
    """Every question asked as a player's message."""
    outcomes = []
    for number, question in enumerate(questions, 1):
        outcomes.append(Outcome(question, bot.reply(question.q)))
        progress(number, len(questions))
    return outcomes


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Shares as {"share", "count", "of", "low", "high"}, overall, by language, and by language and style."""
    groups: dict[str, list[Outcome]] = {"all": list(outcomes)}
    for outcome in outcomes:
        lang, style = outcome.question.lang, outcome.question.style
        groups.setdefault(lang, []).append(outcome)
        groups.setdefault(f"{lang}/{style}", []).append(outcome)
    result = {name: _group_figures(group) for name, group in sorted(groups.items())}
    result["all"]["expected_calibration_error"] = round(expected_calibration_error(outcomes), 4)
    return result


def share(count: int, of: int) -> dict[str, Any]:
    """A share with its 95 % interval after Wilson 1927, which is right for small counts and near 0 and 1."""
    if of == 0:
        return {"share": None, "count": 0, "of": 0, "low": None, "high": None}
    z = 1.959964
    p = count / of
    centre = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return {
        "share": round(p, 4), "count": count, "of": of,
        "low": round(max(0.0, centre - half), 4), "high": round(min(1.0, centre + half), 4),
    }  # fmt: skip


def expected_calibration_error(outcomes: Sequence[Outcome]) -> float:
    """Mean distance of confidence from share right, over ten bins of equal width weighted by size (Guo et al. 2017).

    Over the messages that reached retrieval: what was screened or escalated before has no confidence.
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(CALIBRATION_BINS)]
    for outcome in outcomes:
        if outcome.decision.candidates:
            confidence = outcome.decision.candidates[0].confidence
            position = min(CALIBRATION_BINS - 1, int(confidence * CALIBRATION_BINS))
            bins[position].append((confidence, outcome.is_first_right))
    total = sum(map(len, bins))
    gaps = (abs(sum(c for c, _ in b) - sum(right for _, right in b)) for b in bins if b)
    return sum(gaps) / total if total else 0.0


def _group_figures(group: Sequence[Outcome]) -> dict[str, Any]:
    answerable = [o for o in group if o.question.accepted]
    negatives = [o for o in group if not o.question.accepted]
    answered = [o for o in group if o.is_answered]
    found: dict[str, Any] = {"questions": len(group)}
    if answerable:
        found["first_right"] = share(sum(o.is_first_right for o in answerable), len(answerable))
        found["three_right"] = share(sum(o.is_three_right for o in answerable), len(answerable))
        found["answered"] = share(sum(o.is_answered for o in answerable), len(answerable))
        found["clarified"] = share(sum(o.decision.action is Action.CLARIFY for o in answerable), len(answerable))
    if negatives:
        found["not_answered"] = share(sum(not o.is_answered for o in negatives), len(negatives))
    found["wrong_among_answers"] = share(sum(o.is_wrong_answer for o in answered), len(answered))
    return found
