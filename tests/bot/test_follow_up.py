"""Messages that go on from the one before, and what they find in its light; shares worked by hand.

An article found with share a alone and t together stands at (a + 0.0001)^0.5 * (t + 0.0001)^0.3 * e^nearness.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from bot.follow_up import FOLLOWING_WORDS_MAX, Bearing, bearings, in_context, joined, may_follow_up, spoken_of
from bot.ranking import Ranked
from knowledge_base.published import PublishedArticle
from tests.bot.fakes import article, candidate

LIMITS = "jak ustawić limit wpłat"
WEIGHTS = Bearing(alone=0.5, together=0.3, is_related=2.0, is_same_category=2.0, is_same_article=1.0)


def ranked(**shares: float) -> list[Ranked]:
    return [Ranked(candidate(article_id), share) for article_id, share in shares.items()]


def known(*articles: tuple[str, str, tuple[str, ...]]) -> dict[str, PublishedArticle]:
    """Articles from (id, category, related)."""
    return {name: article(name, category=category, related=related) for name, category, related in articles}


def shares(
    alone: Mapping[str, float],
    together: Mapping[str, float],
    previous: str = "before",
    articles: Mapping[str, PublishedArticle] | None = None,
) -> dict[str, float]:
    return dict(in_context(ranked(**alone), ranked(**together), previous, articles or {}, WEIGHTS))


# Which messages


@pytest.mark.parametrize(("count", "may"), [(0, True), (1, True), (FOLLOWING_WORDS_MAX, True), (13, False)])
def test_a_short_message_may_go_on_and_a_long_one_stands_alone(count: int, may: bool) -> None:
    assert may_follow_up(" ".join(["karta"] * count)) is may


# What was spoken of


def test_what_was_spoken_of_is_the_latest_message() -> None:
    assert spoken_of(["gdzie są moje spiny", LIMITS]) == LIMITS
    assert spoken_of([LIMITS]) == LIMITS


@pytest.mark.parametrize("thanks", [["ok, dzięki"], ["ok, dzięki", "super!"], ["thank you"], ["?!"]])
def test_thanks_are_passed_over(thanks: list[str]) -> None:
    assert spoken_of(["gdzie są moje spiny", LIMITS, *thanks]) == LIMITS


def test_three_words_say_something() -> None:
    assert spoken_of([LIMITS, "gdzie moje spiny"]) == "gdzie moje spiny"


def test_where_no_message_says_much_the_latest_counts() -> None:
    assert spoken_of(["hej", "bonus?", "ok, dzięki"]) == "ok, dzięki"


def test_a_message_is_looked_up_with_the_two_before_it() -> None:
    assert joined(["a", "b", "c"], "d") == "b c d"
    assert joined(["c"], "d") == "c d"


# What is found


def test_what_speaks_for_an_article_is_its_shares_and_where_it_stands() -> None:
    articles = known(("before", "money", ("kin",)), ("kin", "money", ()), ("far", "games", ()))
    found = bearings(ranked(kin=1.0), ranked(before=0.5, far=0.5), "before", articles)
    nothing, half, whole = math.log(0.0001), math.log(0.5001), math.log(1.0001)
    assert found == {
        "kin": Bearing(whole, nothing, 1.0, 1.0, 0.0),
        "before": Bearing(nothing, half, 0.0, 1.0, 1.0),
        "far": Bearing(nothing, half, 0.0, 0.0, 0.0),
    }
    assert list(found) == ["kin", "before", "far"]  # those found alone first, best first


def test_without_anything_near_what_is_found_alone_counts_more_than_together() -> None:
    # 10001^0.5 : 10001^0.3, so 6.310 : 1
    assert shares({"a": 1.0}, {"b": 1.0}) == pytest.approx({"a": 0.8632, "b": 0.1368}, abs=1e-4)
    assert list(shares({"a": 1.0}, {"b": 1.0})) == ["a", "b"]


def test_what_both_find_is_added_up() -> None:
    # a: 0.64^0.5 * 0.25^0.3 = 0.5278; b: 0.36^0.5 * 0.75^0.3 = 0.5504
    assert shares({"a": 0.64, "b": 0.36}, {"a": 0.25, "b": 0.75}) == pytest.approx({"b": 0.5105, "a": 0.4895}, abs=1e-4)


@pytest.mark.parametrize(
    ("b", "before", "nearness"),
    [
        (("b", "games", ()), ("before", "money", ()), 0),
        (("b", "games", ("before",)), ("before", "money", ()), 2),
        (("b", "games", ()), ("before", "money", ("b",)), 2),
        (("b", "games", ("before",)), ("before", "money", ("b",)), 2),  # related both ways counts once
        (("b", "money", ()), ("before", "money", ()), 2),
        (("b", "money", ("before",)), ("before", "money", ()), 4),
    ],
)
def test_a_related_article_and_one_of_the_same_category_come_nearer(
    b: tuple[str, str, tuple[str, ...]], before: tuple[str, str, tuple[str, ...]], nearness: int
) -> None:
    # even by themselves: 1 : e^0, e^2 = 7.389, e^4 = 54.60
    articles = known(("a", "account", ()), b, before)
    expected = {0: 0.5, 2: 0.8808, 4: 0.9820}[nearness]
    found = shares({"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.5}, articles=articles)
    assert found == pytest.approx({"a": 1 - expected, "b": expected}, abs=1e-4)


def test_the_same_article_comes_nearer_than_its_category_and_a_related_one_of_it_nearest() -> None:
    # other : neighbour : same : related stand as 1 : e^2 : e^3 : e^4, so 1 : 7.389 : 20.09 : 54.60 of 83.07
    articles = known(
        ("other", "games", ()), ("neighbour", "money", ()), ("same", "money", ("kin",)), ("kin", "money", ())
    )
    even = {"other": 0.25, "neighbour": 0.25, "same": 0.25, "kin": 0.25}
    found = shares(even, even, "same", articles)
    assert list(found) == ["kin", "same", "neighbour", "other"]
    assert found == pytest.approx({"kin": 0.6572, "same": 0.2418, "neighbour": 0.0889, "other": 0.0120}, abs=1e-4)


def test_what_is_near_but_found_by_neither_is_not_brought_in() -> None:
    articles = known(("a", "money", ()), ("b", "money", ("before",)), ("before", "money", ("b",)))
    assert shares({"a": 1.0}, {"a": 1.0}, articles=articles) == {"a": 1.0}


def test_an_unknown_previous_article_brings_nothing_nearer() -> None:
    articles = known(("a", "money", ("gone",)), ("b", "games", ()))
    even = {"a": 0.5, "b": 0.5}
    assert shares(even, even, "gone", articles) == pytest.approx(even)


def test_an_unknown_article_that_is_found_is_kept_with_no_nearness() -> None:
    articles = known(("b", "money", ()), ("before", "money", ()))
    even = {"a": 0.5, "b": 0.5}
    assert shares(even, even, "before", articles) == pytest.approx({"b": 0.8808, "a": 0.1192}, abs=1e-4)
    assert shares(even, even, "a", articles) == pytest.approx(even)


def test_even_ones_stand_in_the_order_of_their_ids_and_the_shares_add_up() -> None:
    found = shares({"c": 0.3, "a": 0.3, "b": 0.3}, {})
    assert list(found) == ["a", "b", "c"]
    assert math.fsum(found.values()) == pytest.approx(1.0)


def test_where_nothing_is_found_nothing_comes_of_it() -> None:
    assert shares({}, {}) == {}
