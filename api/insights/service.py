"""The figures of a range of days, and of as many days before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import anyio.to_thread

from api.database.connection import Database
from api.insights import promise_queries, queries
from api.insights.report import CASINO_TIME, By, report
from api.insights.values import Range, Report
from api.learning.service import Learning
from api.problems import ProblemError

DAYS_MAX = 366
EARLIEST = date(2020, 1, 1)  # nothing is older, and every calendar can count back from there


class BadRangeError(ProblemError):
    """Days that cannot be shown."""

    status = 422
    code = "bad_range"


class Insights:
    """Reads only."""

    def __init__(self, database: Database, learning: Learning, now: Callable[[], datetime]) -> None:
        self._database = database
        self._learning = learning
        self._now = now

    def today(self) -> date:
        """By the casino's clock."""
        return self._now().astimezone(CASINO_TIME).date()

    async def report(self, days: Range, by: By, language: str = "", article: str = "") -> Report:
        """All figures, of one language or article if asked for; BadRangeError for days that cannot be shown."""
        if days.first > days.last:
            raise BadRangeError("The first day is after the last.")
        if days.first < EARLIEST or days.last > self.today() + timedelta(days=1):
            raise BadRangeError(f"Choose days from {EARLIEST} until today.")
        if days.days > DAYS_MAX:
            raise BadRangeError(f"At most {DAYS_MAX} days are shown at once.")
        await self._learning.gather()  # what was answered wrongly is found in conversations
        middle, end = _start(days.first), _start(days.last + timedelta(days=1))
        since = _start(days.first - timedelta(days=days.days))
        async with self._database.scanning() as connection:
            found = await queries.observed(connection, since, end)
            found += await promise_queries.kept(connection, since, end, self._now())
        fit = [
            each
            for each in found
            if (not language or each.lang == language) and (not article or each.article == article)
        ]
        now, before = [each for each in fit if each.at >= middle], [each for each in fit if each.at < middle]
        return await anyio.to_thread.run_sync(report, now, before, days, by)


def _start(day: date) -> datetime:
    """Midnight by the casino's clock."""
    return datetime.combine(day, time(), CASINO_TIME)
