"""The time of day, moved forward by a test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class LateClock:
    """The real time, and so much later."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead
