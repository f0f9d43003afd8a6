"""Reviewed phrases are heard however they are typed, and nothing else is taken for them."""

from __future__ import annotations

import pytest

from bot.signs import Signs
from knowledge_base.reading import SHIPPED
from knowledge_base.signs import Sign, read_signs

LIFE = Sign(("nie", "chc*", "zyc"), "pl", "life", "Says so outright.")
THOUGHTS = Sign(("mysli", "samobojcz*"), "pl", "life", "Names them.")
SUICIDE = Sign(("samobojstwo",), "pl", "life", "A plain word.")
KILL = Sign(("i", "want", "to", "kill", "myself"), "en", "life", "Says so outright.")
SIGNS = Signs([LIFE, THOUGHTS, SUICIDE, KILL])


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("nie chce zyc", LIFE),
        ("NIE CHCĘ ŻYĆ!!!", LIFE),
        ("a może nie chciałbym żyć, nie wiem", LIFE),
        ("nie chcę już żyć", LIFE),
        ("nie bardzo chcę dłużej żyć", LIFE),
        ("\U0001f62d\U0001f62d nie chcę… żyć \U0001f494", LIFE),
        ("nie\u00a0chcę\nżyć", LIFE),
        ("mam myśli samobójcze", THOUGHTS),
        ("jestem na dnie. I want to kill myself", KILL),
        ("i just want to kill myself", KILL),
        ("ile trwa wypłata? bo jak nie to samobójstwo", SUICIDE),
    ],
)
def test_a_phrase_is_heard_in_any_case_without_diacritics_and_with_a_word_in_between(text: str, sign: Sign) -> None:
    assert SIGNS.found(text) == [sign]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?!",
        "\U0001f62d",
        "[pesel]",
        "nie chcę bonusu",
        "chcę żyć",
        "nie chcę tak dalej żyć",  # two words in between
        "żyć nie chcę",  # another order
        "nie chce",
        "zyc",
        "niechcezyc",
        "samo bójstwo",
        "nie ma co chwalić życia",
    ],
)
def test_a_phrase_is_not_heard_in_part_in_another_order_or_with_more_between(text: str) -> None:
    assert SIGNS.found(text) == []


@pytest.mark.parametrize(
    "word", ["samobojstwo", "samobjostwo", "samobojsto", "samoobojstwo", "samobojstwi", "sambojstwo"]
)
def test_one_slip_in_a_long_word_is_forgiven(word: str) -> None:
    assert SIGNS.found(f"mysle o {word}") == [SUICIDE]


@pytest.mark.parametrize("word", ["samobojstwami", "samobjostow", "samochodowo"])
def test_two_slips_make_another_word(word: str) -> None:
    assert SIGNS.found(word) == []


@pytest.mark.parametrize(
    "text", ["nie chce zyx", "nie chce ryc", "mie chce zyc", "nie hcce zyc", "i want to kiss myself"]
)
def test_no_slip_is_forgiven_in_a_short_word(text: str) -> None:
    assert SIGNS.found(text) == []


def test_forgiveness_begins_at_six_letters() -> None:
    five, six = Sign(("umrec",), "pl", "life", "r"), Sign(("umrzec",), "pl", "life", "r")
    assert Signs([five]).found("umrex") == []
    assert Signs([six]).found("umrzex") == [six]


def test_a_slip_in_the_first_two_letters_of_a_phrase_is_not_forgiven() -> None:
    assert SIGNS.found("asmobojstwo") == []


def test_a_starred_word_goes_on_in_any_way_and_forgives_one_slip_in_its_stem() -> None:
    heard = [
        f"mysli {word}"
        for word in (
            "samobojcz", "samobojczych", "samobojxze", "samobojzce", "samobjcze", "saamobojcze", "samobojczczych",
        )
    ]  # fmt: skip
    assert [text for text in heard if SIGNS.found(text) != [THOUGHTS]] == []
    assert [text for text in ("mysli samoboj", "mysli samochodowe", "mysli samobjsze") if SIGNS.found(text)] == []


def test_a_star_on_a_short_stem_forgives_nothing() -> None:
    assert SIGNS.found("nie chx zyc") == []


def test_all_phrases_in_a_text_are_found() -> None:
    assert SIGNS.found("Nie chcę żyć, mam myśli samobójcze, I want to kill myself") == [LIFE, THOUGHTS, KILL]


def test_without_phrases_nothing_is_heard() -> None:
    assert Signs().found("nie chcę żyć") == []
    assert Signs().all == ()


def test_a_very_long_text_is_heard_to_its_end() -> None:
    assert SIGNS.found("nie chce " * 20_000 + "zyc") == [LIFE]


@pytest.mark.parametrize(
    "text",
    [
        "jak zmienić hasło do konta",
        "kiedy przyjdą pieniądze na kartę",
        "chcę żyć zdrowo i grać z głową, jak ustawić limit",
        "zabijacie mnie tym czekaniem na wypłatę",
        "how long does a withdrawal take",
        "this slot is killing my battery",
        "I am dying to try the new game",
    ],
)
def test_the_shipped_phrases_are_not_heard_in_everyday_messages(text: str) -> None:
    assert Signs(read_signs(SHIPPED / "screening" / "phrases.yaml")).found(text) == []


def test_each_shipped_phrase_hears_itself() -> None:
    shipped = read_signs(SHIPPED / "screening" / "phrases.yaml")
    signs = Signs(shipped)
    deaf = [sign for sign in shipped if sign not in signs.found(" ".join(sign.words).replace("*", ""))]
    assert deaf == []
    assert {(sign.language, sign.level) for sign in shipped} >= {("pl", "life"), ("en", "life")}
