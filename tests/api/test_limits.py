"""Token buckets and places, by a clock that is set."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from api.limits import Bucket, Limiter, Places, Rate, RateLimitedError


@dataclass
class Seconds:
    """A clock that goes when it is told to."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_so_many_at_once_and_fills_again_with_time() -> None:
    clock = Seconds()
    bucket = Bucket(Rate(2, 0.5), clock)
    assert [bucket.take(), bucket.take(), bucket.take()] == [0, 0, 2]
    clock.now = 2
    assert [bucket.take(), bucket.take()] == [0, 2]


def test_a_bucket_never_holds_more_than_it_can() -> None:
    clock = Seconds()
    bucket = Bucket(Rate(2, 1), clock)
    clock.now = 1_000
    assert [bucket.take(), bucket.take(), bucket.take()] == [0, 0, 1]


def test_each_key_has_its_own_and_the_refusal_says_how_long_to_wait() -> None:
    limiter = Limiter(Rate(1, 0.1), Seconds())
    limiter.check("one")
    limiter.check("other")
    with pytest.raises(RateLimitedError) as refused:
        limiter.check("one")
    assert refused.value.retry_after == pytest.approx(10.1)


def test_places_are_given_back() -> None:
    places = Places(1)
    with places.taking("address") as first, places.taking("address") as second, places.taking("other") as third:
        assert (first, second, third) == (True, False, True)
    with places.taking("address") as again:
        assert again
