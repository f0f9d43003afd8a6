"""What a message asks for: alone, in the light of the messages before, or as two questions; worked by hand.

By the fakes' curve, strength s is calibrated to 1 / (1 + e^-(10 s - 5)): 1.0 -> 0.993, 0.8 -> 0.953, 0.7 -> 0.881,
0.6 -> 0.731, 0.5 -> 0.5, 0.45 -> 0.378, 0.4 -> 0.269, 0.2 -> 0.047.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from bot.double import CUTS_MAX
from bot.follow_up import WEIGHTS
from bot.masking import mask
from bot.question import Question
from bot.reading import Half, Reader, Reading
from bot.retrieval import Candidate
from bot.screening import Verdict
from knowledge_base.published import PublishedArticle
from tests.bot.fakes import FakeRetriever, article, candidate, make_bot

PASSWORD, MONEY = "jak zmienić hasło?", "kiedy będzie wypłata?"
BOTH = f"{PASSWORD} {MONEY}"
JOINED = "jak zmienić hasło i kiedy będzie wypłata"
FIRST, SECOND = "jak zmienić hasło", "kiedy będzie wypłata"


def reader(found: dict[str, Sequence[Candidate]], *articles: PublishedArticle) -> tuple[Reader, FakeRetriever]:
    retriever = FakeRetriever(found)
    bot = make_bot(retriever, *articles)
    return Reader(retriever, bot.ranking, bot.confidence, bot.articles), retriever


def question(text: str, *history: str) -> Question:
    return Question(mask(text), text, "pl", history, {}, Verdict(), was_harm_shown=False, was_told_to_hide=False)


def ids(reading: Reading) -> list[str]:
    return [p.id for p in reading.proposals]


def test_nothing_found_is_an_empty_reading() -> None:
    nothing = reader({})[0].read(question("pogoda"))
    assert nothing == Reading()
    assert (nothing.first, nothing.three, nothing.proposals, nothing.halves) == (0.0, 0.0, (), ())


def test_the_first_gets_the_calibrated_confidence_and_the_rest_theirs_in_proportion() -> None:
    # phrasing weighs 10, so that shares stand as e^5 : e^4, and the second gets 0.5 / e
    reading = reader({"wypłata": [candidate("b", 0.4), candidate("a", 0.5)]})[0].read(question("wypłata"))
    assert ids(reading) == ["a", "b"]
    assert reading.first == pytest.approx(0.5)
    assert reading.proposals[1].confidence == pytest.approx(0.5 * 0.36788, abs=1e-4)


def test_the_others_never_get_more_than_what_the_first_leaves() -> None:
    reading = reader({"wypłata": [candidate("a", 1.0), candidate("b", 1.0)]})[0].read(question("wypłata"))
    assert reading.first == pytest.approx(0.9933, abs=1e-4)
    assert reading.proposals[1].confidence == pytest.approx(1 - 0.9933, abs=1e-4)


def test_that_one_of_three_is_right_is_at_least_as_sure_as_that_the_first_is() -> None:
    reading = reader({"wypłata": [candidate("a", 0.7, centroid=0.1)]})[0].read(question("wypłata"))
    assert reading.three == reading.first == pytest.approx(0.8808, abs=1e-4)


def test_a_follow_up_is_looked_up_alone_then_what_was_spoken_of_then_with_the_last_two_messages() -> None:
    joined = f"{PASSWORD} ok, dzięki a w aplikacji"
    one, retriever = reader({joined: [candidate("a", 1.0)]})
    reading = one.read(question("a w aplikacji", MONEY, PASSWORD, "ok, dzięki"))
    assert retriever.asked == ["a w aplikacji", PASSWORD, joined]
    # what finds nothing by itself is what it is together
    assert reading == one.weigh(joined, {})
    assert (ids(reading), reading.first) == (["a"], pytest.approx(0.9933, abs=1e-4))


def test_without_a_message_before_nothing_else_is_looked_up() -> None:
    one, retriever = reader({"a teraz": [candidate("new", 0.5)]})
    assert ids(one.read(question("a teraz"))) == ["new"]
    assert retriever.asked == ["a teraz"]


@pytest.mark.parametrize(("strength", "is_sure"), [(0.7, False), (0.71, False), (0.72, True), (1.0, True)])
def test_what_is_sure_by_itself_needs_no_history(strength: float, is_sure: bool) -> None:
    # 0.71 -> 0.891, 0.72 -> 0.900
    one, retriever = reader({"a teraz": [candidate("new", strength)], MONEY: [candidate("payout", 1.0)]})
    one.read(question("a teraz", MONEY))
    assert retriever.asked == (["a teraz"] if is_sure else ["a teraz", MONEY, f"{MONEY} a teraz"])


def test_a_long_message_needs_no_history() -> None:
    text = "a na kartę to ile dokładnie trwa ta wypłata wszystkich moich pieniędzy teraz"
    one, retriever = reader({text: [candidate("new", 0.5)], MONEY: [candidate("payout", 1.0)]})
    assert one.read(question(text, MONEY)) == one.weigh(text, {})
    assert retriever.asked == [text, text]


@pytest.mark.parametrize(
    ("old", "nearness"),
    [
        (article("old", category="other"), 0.0),
        (article("old", category="other", related=("payout",)), WEIGHTS.is_related),
        (article("old", category="money"), WEIGHTS.is_same_category),
        (article("old", category="money", related=("payout",)), WEIGHTS.is_related + WEIGHTS.is_same_category),
    ],
)
def test_in_a_follow_up_both_readings_add_up_and_what_is_near_the_article_before_comes_nearer(
    old: PublishedArticle, nearness: float
) -> None:
    found = {"a teraz": [candidate("new", 0.5)], f"{MONEY} a teraz": [candidate("old", 0.8)]}
    one, _ = reader(
        {**found, MONEY: [candidate("payout", 1.0), candidate("old", 0.9)]},
        article("payout", category="money"),
        article("new", category="third"),
        old,
    )
    reading = one.read(question("a teraz", MONEY))
    # alone finds 'new' and together 'old', each with a share of one against the floor of 0.0001
    stand = {"new": 10_001**WEIGHTS.alone, "old": 10_001**WEIGHTS.together * math.exp(nearness)}
    shares = {name: value / sum(stand.values()) for name, value in stand.items()}
    assert ids(reading) == sorted(shares, key=lambda name: -shares[name])
    # of 0.953, what the surer reading says
    assert {p.id: p.confidence for p in reading.proposals} == pytest.approx(
        {name: 0.9526 * share for name, share in shares.items()}, abs=1e-4
    )
    assert reading.three == pytest.approx(0.9526, abs=1e-4)


def test_a_follow_up_is_no_surer_than_the_surer_reading_and_its_first_three_no_more_than_their_shares() -> None:
    # alone four stand even: 0.5 / 4 each, and three of the four 0.375
    one, _ = reader({"a teraz": [candidate(name, 0.5) for name in "dbca"], MONEY: [candidate("payout", 1.0)]})
    reading = one.read(question("a teraz", MONEY))
    assert ids(reading) == ["a", "b", "c", "d"]
    assert [p.confidence for p in reading.proposals] == pytest.approx([0.125] * 4)
    assert reading.three == pytest.approx(0.375)


def test_in_a_follow_up_no_more_than_five_are_proposed() -> None:
    one, _ = reader({"a teraz": [candidate(f"m{n}", 0.5) for n in range(9)], MONEY: [candidate("payout", 1.0)]})
    assert ids(one.read(question("a teraz", MONEY))) == ["m0", "m1", "m2", "m3", "m4"]


def test_where_what_was_spoken_of_is_not_found_the_message_is_read_alone() -> None:
    one, _ = reader({"a teraz": [candidate("new", 0.5)], f"{MONEY} a teraz": [candidate("old", 1.0)]})
    assert one.read(question("a teraz", MONEY)) == one.weigh("a teraz", {})


def test_where_neither_reading_finds_anything_a_follow_up_is_an_empty_reading() -> None:
    assert reader({MONEY: [candidate("payout", 1.0)]})[0].read(question("a teraz", MONEY)) == Reading()


def test_two_plain_questions_are_two_halves_in_the_order_asked() -> None:
    one, _ = reader({PASSWORD: [candidate("password", 0.7)], MONEY: [candidate("payout", 1.0)]})
    reading = one.read(question(BOTH))
    assert [(half.text, half.best.id) for half in reading.halves] == [(PASSWORD, "password"), (MONEY, "payout")]
    assert reading.halves[0].best.confidence == pytest.approx(0.8808, abs=1e-4)
    assert reading.halves[1].best.confidence == pytest.approx(0.9933, abs=1e-4)
    assert ids(reading) == ["password", "payout"]
    assert reading.is_plainly_double


def test_what_the_whole_message_finds_stands_behind_what_its_halves_find() -> None:
    one, _ = reader(
        {
            BOTH: [candidate("whole", 0.9), candidate("payout", 0.8)],
            PASSWORD: [candidate("password", 0.7)],
            MONEY: [candidate("payout", 0.7), candidate("x", 0.6), candidate("y", 0.5), candidate("z", 0.4)],
        }
    )
    assert ids(one.read(question(BOTH))) == ["password", "payout", "whole", "x", "y"]


def test_no_article_is_proposed_twice_and_no_more_than_five_are() -> None:
    many = [candidate(f"m{n}", 0.9 - n / 100) for n in range(9)]
    one, _ = reader({BOTH: many, PASSWORD: [candidate("m0", 1.0)], MONEY: [candidate("m1", 1.0)]})
    found = ids(one.read(question(BOTH)))
    assert found == ["m0", "m1", "m2", "m3", "m4"]


@pytest.mark.parametrize(
    ("text", "first", "second", "weak", "is_double"),
    [
        # plainly two questions: 0.378 is enough, 0.269 is not
        (BOTH, PASSWORD, MONEY, 0.45, True),
        (BOTH, PASSWORD, MONEY, 0.4, False),
        # two questions at a mere joint: 0.622 is enough, 0.5 is not
        (JOINED, FIRST, SECOND, 0.55, True),
        (JOINED, FIRST, SECOND, 0.5, False),
        # one half does not ask: 0.881 is enough, 0.731 is not
        (f"{FIRST} i czas wypłaty", FIRST, "czas wypłaty", 0.7, True),
        (f"{FIRST} i czas wypłaty", FIRST, "czas wypłaty", 0.6, False),
    ],
)
def test_each_half_must_surely_find_an_article_the_plainer_the_cut_the_less_surely(
    text: str, first: str, second: str, weak: float, is_double: bool
) -> None:
    one, _ = reader({text: [candidate("whole", 0.6)], first: [candidate("a", 1.0)], second: [candidate("b", weak)]})
    reading = one.read(question(text))
    assert bool(reading.halves) is is_double
    assert ids(reading)[0] == ("a" if is_double else "whole")


def test_halves_that_find_the_same_article_are_one_question() -> None:
    same = [candidate("payout", 1.0)]
    reading = reader({BOTH: same, PASSWORD: same, MONEY: same})[0].read(question(BOTH))
    assert (ids(reading), reading.halves) == (["payout"], ())


def test_a_half_that_finds_nothing_is_no_question() -> None:
    reading = reader({BOTH: [candidate("password", 0.9)], PASSWORD: [candidate("password", 1.0)]})[0].read(
        question(BOTH)
    )
    assert reading.halves == ()


def test_of_several_cuts_the_one_whose_weaker_half_is_surest_counts() -> None:
    # 'a jeszcze' cuts into 0.731 and 0.993, the joint into 0.881 and 0.953
    text = "jak zmienić hasło i kiedy będzie wypłata, a jeszcze gdzie mój bonus"
    one, _ = reader(
        {
            "jak zmienić hasło i kiedy będzie wypłata": [candidate("password", 0.6)],
            "gdzie mój bonus": [candidate("bonus", 1.0)],
            "jak zmienić hasło": [candidate("password", 0.7)],
            "kiedy będzie wypłata, a jeszcze gdzie mój bonus": [candidate("payout", 0.8)],
        }
    )
    assert [half.best.id for half in one.read(question(text)).halves] == ["password", "payout"]


def test_a_joint_is_not_plainly_double() -> None:
    one, _ = reader({FIRST: [candidate("a", 1.0)], SECOND: [candidate("b", 1.0)]})
    reading = one.read(question(JOINED))
    assert reading.halves
    assert not reading.is_plainly_double


def test_halves_whose_words_lead_nowhere_of_their_own_are_not_looked_up() -> None:
    one, retriever = reader({PASSWORD: [candidate("password", 1.0)], MONEY: [candidate("payout", 1.0)]})
    retriever.together = [MONEY]
    assert one.read(question(BOTH)).halves == ()
    assert retriever.asked == [BOTH]


def test_a_long_list_costs_few_look_ups() -> None:
    one, retriever = reader({})
    one.read(question("kiedy wypłata, " * 50))
    assert len(retriever.asked) == 1 + 2 * CUTS_MAX  # the message, and two halves for each cut


def test_without_unwanted_articles_the_rest_keeps_its_order_and_confidence() -> None:
    reading = reader({"gra": [candidate("a", 0.6), candidate("bonus", 0.7), candidate("c", 0.5)]})[0].read(
        question("gra")
    )
    kept = reading.without(lambda article_id: article_id == "bonus")
    assert ids(kept) == ["a", "c"]
    assert kept.proposals == tuple(p for p in reading.proposals if p.id != "bonus")
    assert kept.three == reading.three
    assert reading.without(lambda _: False) == reading
    assert ids(reading.without(lambda _: True)) == []


def test_a_half_that_found_an_unwanted_article_stays_without_it() -> None:
    one, _ = reader({PASSWORD: [candidate("password", 1.0)], MONEY: [candidate("bonus", 1.0)]})
    reading = one.read(question(BOTH))
    assert len(reading.halves) == 2
    kept = reading.without(lambda article_id: article_id == "bonus")
    assert (kept.halves, ids(kept)) == ((reading.halves[0], Half(MONEY, None)), ["password"])
    assert kept.without(lambda article_id: article_id == "bonus") == kept
    assert reading.without(lambda article_id: article_id == "other").halves == reading.halves
    assert reading.without(lambda _: True).halves == ()
