"""A publishing under way, what the gate found, and how a question would be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from api.content.values import Candidate
from api.staff.values import Staff
from bot.decision import Decision
from indexer.gate import ChangedAnswer, Figures, GateReport, Verdict
from knowledge_base.article import Problem


class JobState(StrEnum):
    """How far a publishing has come."""

    WAITING = "waiting"  # another one is under way
    BUILDING = "building"
    CHECKING = "checking"
    STOPPED = "stopped"  # by the gate
    FAILED = "failed"
    LIVE = "live"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self in {JobState.STOPPED, JobState.FAILED, JobState.LIVE}


class Why(StrEnum):
    """Why the gate stops a publishing."""

    PROBLEMS = "problems"
    WRONG_ANSWERS = "wrong_answers"


@dataclass(frozen=True)
class Report:
    """What the gate found; kept with the release."""

    problems: tuple[Problem, ...] = ()
    changed: tuple[ChangedAnswer, ...] = ()
    before: Mapping[str, Figures] = field(default_factory=dict)  # "all", "pl", "en"
    after: Mapping[str, Figures] = field(default_factory=dict)
    wrong_max: float = 0.0
    exceeded: tuple[str, ...] = ()  # the groups in which too much would be wrong
    fitted: Mapping[str, Any] = field(default_factory=dict)  # see indexer.incremental.FitRecord
    seconds: Mapping[str, float] = field(default_factory=dict)
    former_index: str = ""

    @property
    def why(self) -> list[Why]:
        """Why it is stopped; [] if it is not."""
        reasons = ((Why.PROBLEMS, bool(self.problems)), (Why.WRONG_ANSWERS, bool(self.exceeded)))
        return [why for why, holds in reasons if holds]

    @property
    def is_stopped(self) -> bool:
        """Whether it needs a manager's reason to go on."""
        return bool(self.why)

    @property
    def better(self) -> tuple[ChangedAnswer, ...]:
        """Questions that are answered better."""
        return tuple(c for c in self.changed if c.verdict is Verdict.BETTER)

    @property
    def worse(self) -> tuple[ChangedAnswer, ...]:
        """Questions that are answered worse."""
        return tuple(c for c in self.changed if c.verdict is Verdict.WORSE)

    def to_json(self) -> dict[str, Any]:
        """Plain values, as a release keeps them."""
        return {
            "problems": [asdict(p) | {"path": str(p.path)} for p in self.problems],
            "changed": [asdict(c) for c in self.changed],
            "before": {group: figures.to_json() for group, figures in self.before.items()},
            "after": {group: figures.to_json() for group, figures in self.after.items()},
            "wrong_max": self.wrong_max,
            "exceeded": list(self.exceeded),
            "fitted": dict(self.fitted),
            "seconds": dict(self.seconds),
            "former_index": self.former_index,
            "why": [why.value for why in self.why],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Report:
        """The reverse; an empty one for a release without a report."""
        if not kept:
            return cls()
        return cls(
            tuple(Problem(**p | {"path": Path(p["path"])}) for p in kept["problems"]),
            tuple(_changed_from_json(c) for c in kept["changed"]),
            {group: _figures_from_json(f) for group, f in kept["before"].items()},
            {group: _figures_from_json(f) for group, f in kept["after"].items()},
            kept["wrong_max"], tuple(kept["exceeded"]), kept["fitted"], kept["seconds"], kept["former_index"],
        )  # fmt: skip


def report_of(gate: GateReport | None, problems: list[Problem], fitted: Mapping[str, Any]) -> Report:
    """What an editor is shown; without a former index there is nothing to compare."""
    if gate is None:
        return Report(tuple(problems), fitted=fitted)
    return Report(
        tuple(problems), gate.changed, gate.before, gate.after, gate.wrong_max, gate.exceeded, fitted=fitted
    )  # fmt: skip


@dataclass(frozen=True)
class Job:
    """One publishing, as it stands; a later state is a new value."""

    id: str
    candidate: Candidate
    by: Staff | None
    reason: str | None
    state: JobState = JobState.WAITING
    stage: str = ""  # what is done right now, in the builder's words
    done: int = 0
    of: int = 0
    report: Report | None = None
    error: str | None = None  # why it failed
    release_id: int | None = None  # once it is live
    number: int = 0  # of the state, for who waits for the next one


@dataclass(frozen=True)
class EvidenceLine:
    """One article that could answer, and what speaks for it."""

    article_id: str
    title: str
    confidence: float
    phrasing: str | None  # the article's line that is nearest to the question
    shared_words: tuple[str, ...]  # words of the question that this line or the title has too


@dataclass(frozen=True)
class Sight:
    """How one index answers a question."""

    decision: Decision
    evidence: tuple[EvidenceLine, ...]


@dataclass(frozen=True)
class Tried:
    """A question asked of what players get now and of what they would get."""

    before: Sight
    after: Sight


def _changed_from_json(kept: Mapping[str, Any]) -> ChangedAnswer:
    lists = {name: tuple(kept[name]) for name in ("expected", "before", "after")}
    return ChangedAnswer(**dict(kept) | lists | {"verdict": Verdict(kept["verdict"])})


def _figures_from_json(kept: Mapping[str, Any]) -> Figures:
    return Figures(kept["questions"], kept["answered"], kept["wrong"], kept["limit"])
