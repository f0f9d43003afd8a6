"""What was kept of what was promised, counted by channel, by person and by week."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from api.promises.values import Ending, Promise


@dataclass(frozen=True)
class Counted:
    """One row of the report; `share` of those that are decided, None where none is."""

    of: str
    made: int
    kept: int
    late: int
    closed: int
    running: int
    overdue: int
    share: float | None
    median: timedelta | None
    longest: timedelta | None


def counted(promises: Sequence[Promise], now: datetime, key: Callable[[Promise], str | None]) -> list[Counted]:
    """Rows by key, those with most promises first; a promise without a key is in none."""
    groups: dict[str, list[Promise]] = {}
    for promise in promises:
        of = key(promise)
        if of is not None:
            groups.setdefault(of, []).append(promise)
    return [_row(of, group, now) for of, group in sorted(groups.items(), key=lambda item: -len(item[1]))]


def missed(promises: Iterable[Promise], now: datetime) -> list[Promise]:
    """Those that ran out before an answer, the newest first."""
    return [promise for promise in promises if promise.is_missed(now)]


def _row(of: str, promises: Sequence[Promise], now: datetime) -> Counted:
    answers = [promise for promise in promises if promise.ended_by is Ending.ANSWER]
    kept = sum(promise.is_kept for promise in answers)
    overdue = sum(promise.ended_at is None and promise.is_missed(now) for promise in promises)
    times = sorted(promise.took for promise in answers if promise.took is not None)
    decided = len(answers) + overdue  # what is closed without an answer was no question
    return Counted(
        of,
        made=len(promises),
        kept=kept,
        late=len(answers) - kept,
        closed=sum(promise.ended_by is Ending.CLOSED for promise in promises),
        running=sum(promise.ended_at is None for promise in promises),
        overdue=overdue,
        share=kept / decided if decided else None,
        median=median_low(times) if times else None,
        longest=times[-1] if times else None,
    )
