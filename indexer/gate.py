"""The gate before publishing: what changes for the labelled questions, and whether too much goes wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from bot.bot import Limits
from bot.decision import Action, Decision
from indexer.evaluation import Outcome, share
from knowledge_base.article import Language, RiskClass


class Verdict(StrEnum):
    """What a changed answer is to the player."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"


@dataclass(frozen=True)
class ChangedAnswer:
    """A labelled question that is answered otherwise than before; ids of articles, () where nothing was answered."""

    question: str
    lang: str
    expected: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    before_action: str
    after_action: str
    before_confidence: float
    after_confidence: float
    verdict: Verdict


@dataclass(frozen=True)
class Figures:
    """How many labelled questions are answered, how many of the answers are wrong, and from which confidence on."""

    questions: int
    answered: int
    wrong: int
    limit: float | None  # for articles of class auto

    @property
    def wrong_share(self) -> float:
        """Of the answers; 0 without any."""
        return self.wrong / self.answered if self.answered else 0.0

    def to_json(self) -> dict[str, Any]:
        """With shares and their 95 % intervals."""
        return asdict(self) | {
            "answered_share": share(self.answered, self.questions),
            "wrong_share": share(self.wrong, self.answered),
        }


@dataclass(frozen=True)
class GateReport:
    """What an editor sees before an index goes live; `exceeded` names the groups that stop it."""

    changed: tuple[ChangedAnswer, ...]
    before: Mapping[str, Figures]
    after: Mapping[str, Figures]
    wrong_max: float
    exceeded: tuple[str, ...]

    def counted(self, verdict: Verdict) -> int:
        """How many answers changed so."""
        return sum(each.verdict is verdict for each in self.changed)


def judge(
    before: Sequence[Outcome], after: Sequence[Outcome], limits_before: Limits, limits_after: Limits, wrong_max: float
) -> GateReport:
    """Outcomes of the same questions in the same order, under the former index and the new one.

    A group is exceeded where more is wrong than before and the share of wrong answers is above `wrong_max`: an index
    that was above it already does not stop a change that makes nothing worse.
    """
    changed = [_changed(b, a) for b, a in zip(before, after, strict=True) if _answer(b.decision) != _answer(a.decision)]
    order = {Verdict.WORSE: 0, Verdict.BETTER: 1, Verdict.OTHER: 2}
    groups = ("all", *(language.value for language in Language))
    figures_before = {group: _figures(before, group, limits_before) for group in groups}
    figures_after = {group: _figures(after, group, limits_after) for group in groups}
    exceeded = tuple(
        group
        for group in groups
        if figures_after[group].wrong_share > wrong_max and figures_after[group].wrong > figures_before[group].wrong
    )
    return GateReport(
        tuple(sorted(changed, key=lambda c: order[c.verdict])), figures_before, figures_after, wrong_max, exceeded
    )


def _answer(decision: Decision) -> tuple[str, ...]:
    """The articles a player is shown; () for a person, a question back or small talk."""
    return tuple(sorted(decision.articles))


def _changed(before: Outcome, after: Outcome) -> ChangedAnswer:
    worth_before, worth_after = _worth(before), _worth(after)
    verdict = Verdict.OTHER
    if worth_before != worth_after:
        verdict = Verdict.BETTER if worth_after > worth_before else Verdict.WORSE
    question = after.question
    return ChangedAnswer(
        question.q, question.lang, tuple(sorted(question.accepted)), before.decision.articles, after.decision.articles,
        before.decision.action.value, after.decision.action.value,
        round(before.decision.confidence, 4), round(after.decision.confidence, 4), verdict,
    )  # fmt: skip


def _worth(outcome: Outcome) -> int:
    """A right answer is worth most, a person is worth more than a wrong one."""
    if outcome.decision.action is not Action.ANSWER:
        return 1
    return 0 if outcome.is_wrong_answer else 2


def _figures(outcomes: Sequence[Outcome], group: str, limits: Limits) -> Figures:
    mine = [o for o in outcomes if group in {"all", o.question.lang}]
    answered = [o for o in mine if o.is_answered]
    limit = limits.answer.get(Language(group), {}).get(RiskClass.AUTO) if group != "all" else None
    return Figures(len(mine), len(answered), sum(o.is_wrong_answer for o in answered), limit)
