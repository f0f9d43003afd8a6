"""How much one connection and one address may do: token buckets, in this process's memory."""

from __future__ import annotations

import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.problems import ProblemError

Seconds = Callable[[], float]

ADDRESSES_MAX = 50_000  # remembered at once; the one unused for longest is forgotten first


class RateLimitedError(ProblemError):
    """Too much at once; `retry_after` seconds later it goes."""

    status = 429
    code = "rate_limited"

    def __init__(self, retry_after: float) -> None:
        super().__init__("Too much at once; wait a moment.")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Rate:
    """So many at once, and so many a second in the long run."""

    at_once: int
    per_second: float


class Bucket:
    """Full at first; each use takes one, time puts them back."""

    def __init__(self, rate: Rate, seconds: Seconds = time.monotonic) -> None:
        self._rate = rate
        self._seconds = seconds
        self._left = float(rate.at_once)
        self._at = seconds()

    def take(self) -> float:
        """0 if it goes now, else after how many seconds."""
        now = self._seconds()
        self._left = min(self._rate.at_once, self._left + (now - self._at) * self._rate.per_second)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self._rate.per_second


class Limiter:
    """A bucket a key."""

    def __init__(self, rate: Rate, seconds: Seconds = time.monotonic) -> None:
        self._rate = rate
        self._seconds = seconds
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def check(self, key: str) -> None:
        """Count one more; RateLimitedError if that is one too many."""
        bucket = self._buckets.setdefault(key, Bucket(self._rate, self._seconds))
        self._buckets.move_to_end(key)
        if len(self._buckets) > ADDRESSES_MAX:
            self._buckets.popitem(last=False)
        refuse_if_waiting(bucket.take())


def refuse_if_waiting(seconds: float) -> None:
    """RateLimitedError unless there is nothing to wait for."""
    if seconds > 0:
        raise RateLimitedError(round(seconds, 1) + 0.1)


class Places:
    """So many places a key; taken for as long as a block runs."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[str, int] = defaultdict(int)

    @contextmanager
    def taking(self, key: str) -> Iterator[bool]:
        """Whether there was a place left."""
        if self._taken[key] >= self._most:
            yield False
            return
        self._taken[key] += 1
        try:
            yield True
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
