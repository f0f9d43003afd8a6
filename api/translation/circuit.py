"""A circuit breaker: what has failed often is left alone for a while (Nygard, "Release It!", 2007)."""

from __future__ import annotations

from collections.abc import Callable

FAILURES_MAX = 3  # in a row: one may be chance, and each costs a consultant the time limit
REST_SECONDS = 30.0  # a restart of a translation server takes about that long


class Circuit:
    """Closed while all is well, open after failures, half open for one trial after a rest."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_from = 0.0

    @property
    def is_open(self) -> bool:
        """Whether to leave it alone for now."""
        return self._failures >= FAILURES_MAX and self._clock() < self._closed_from

    def succeeded(self) -> None:
        """All is well again."""
        self._failures = 0

    def failed(self) -> None:
        """One more; each one after the last allowed begins a new rest, so that a trial that fails does too."""
        self._failures += 1
        self._closed_from = self._clock() + REST_SECONDS
