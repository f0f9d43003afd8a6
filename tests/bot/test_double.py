"""Where a message may be cut into two questions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import double
from bot.double import CUTS_MAX, DOUBLE_WORDS_MAX, Cut
from bot.text import words
from knowledge_base.article import Language

PL, EN = Language.PL, Language.EN


def cuts(text: str, language: Language = PL) -> list[Cut]:
    """Where a message, Polish unless said otherwise, may be cut."""
    return double.cuts(text, language)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Ile trwa wypłata? Jak zmienić hasło?", "Ile trwa wypłata?", "Jak zmienić hasło?"),
        ("ile trwa wypłata?jak zmienić hasło", "ile trwa wypłata?", "jak zmienić hasło"),
        ("Ile trwa wypłata?! Jak zmienić hasło", "Ile trwa wypłata?!", "Jak zmienić hasło"),
        ("jak zmienić hasło oraz kiedy dostanę wypłatę", "jak zmienić hasło", "kiedy dostanę wypłatę"),
        ("jak zmienić hasło, a jeszcze kiedy będzie wypłata", "jak zmienić hasło", "kiedy będzie wypłata"),
        ("JAK ZMIENIĆ HASŁO, PRZY OKAZJI: KIEDY WYPŁATA", "JAK ZMIENIĆ HASŁO", "KIEDY WYPŁATA"),
        ("how do I withdraw and also where is my bonus", "how do I withdraw", "where is my bonus"),
        ("How do I withdraw? One more thing, where is my bonus?", "How do I withdraw?", "where is my bonus?"),
        ("how do I withdraw; how do I deposit", "how do I withdraw", "how do I deposit"),
        ("how do I withdraw.\nhow do I deposit", "how do I withdraw.", "how do I deposit"),
    ],
)
def test_the_end_of_a_sentence_and_words_that_turn_are_plain_places(text: str, first: str, second: str) -> None:
    cut = cuts(text)[0]
    assert (cut.first, cut.second) == (first, second)
    assert cut.is_turn or cut.is_sentence
    assert cut.both_ask
    assert cut.is_plain


@pytest.mark.parametrize(
    ("language", "text", "first", "second"),
    [
        (PL, "jak wypłacić kasę i jak zmienić hasło", "jak wypłacić kasę", "jak zmienić hasło"),
        (EN, "how to withdraw and how to deposit", "how to withdraw", "how to deposit"),
        (PL, "kiedy będzie wypłata, gdzie moje spiny", "kiedy będzie wypłata", "gdzie moje spiny"),
        (EN, "when is payday, where are my spins", "when is payday", "where are my spins"),
        (PL, "jak wypłacić + jak zmienić hasło", "jak wypłacić", "jak zmienić hasło"),
    ],
)
def test_a_mere_joint_between_two_questions_is_a_place_too_but_not_a_plain_one(
    language: Language, text: str, first: str, second: str
) -> None:
    (cut,) = cuts(text, language)
    assert cut == Cut(first, second, is_turn=False, is_sentence=False)
    assert cut.both_ask
    assert not cut.is_plain


@pytest.mark.parametrize(
    "text",
    [
        "czas wypłaty, zmiana hasła",
        "withdrawal time and password reset",
        "moja wypłata i moje spiny przepadły",
        "Mam problem z kontem. Nie mogę się zalogować",
    ],
)
def test_where_neither_half_asks_only_a_turning_word_makes_a_place(text: str) -> None:
    assert cuts(text) == []


@pytest.mark.parametrize(
    "text", ["how do I withdraw, if my card expired", "what should I do i lost my phone", "how can I do it"]
)
def test_the_english_i_joins_nothing(text: str) -> None:
    assert cuts(text, EN) == []


def test_after_a_turning_word_a_half_need_not_ask_and_the_place_is_not_plain_then() -> None:
    (cut,) = cuts("zmiana hasła oraz czas wypłaty")
    assert cut == Cut("zmiana hasła", "czas wypłaty", is_turn=True, is_sentence=False)
    assert not cut.is_plain


@pytest.mark.parametrize(
    "text",
    ["", " ", "?", "??? !!!", "wypłata", "ile trwa wypłata", "Ile trwa wypłata?", "hasło? wypłata",
     "ok. ile trwa wypłata", "\U0001f600 \U0001f600, \U0001f600 \U0001f600", "hej, ile trwa wypłata", "." * 4_000],
)  # fmt: skip
def test_a_message_whose_halves_would_not_both_have_two_words_is_one(text: str) -> None:
    assert cuts(text) == []


def test_plain_places_are_tried_before_joints_and_these_before_halves_that_do_not_ask() -> None:
    plain = cuts("jak zmienić hasło i gdzie moje spiny? Kiedy będzie wypłata?")
    assert [(cut.second, cut.is_plain) for cut in plain] == [
        ("Kiedy będzie wypłata?", True),
        ("gdzie moje spiny? Kiedy będzie wypłata?", False),
    ]
    asking = cuts("jak zmienić hasło i kiedy wypłata oraz pozdrawiam was")
    assert [(cut.second, cut.both_ask) for cut in asking] == [
        ("kiedy wypłata oraz pozdrawiam was", True),
        ("pozdrawiam was", False),
    ]


def test_no_more_places_are_tried_than_can_be_paid_for_and_the_plainest_are_kept() -> None:
    text = "jak to i jak tamto i jak owo tu i kiedy to, gdzie tam jest. Ile trwa wypłata? Jak zmienić hasło?"
    found = cuts(text)
    assert len(found) == CUTS_MAX
    assert found[0].is_plain
    assert found[0].both_ask


@pytest.mark.parametrize(
    ("half", "asks"),
    [("jak to zrobić", True), ("a kiedy wypłata", True), ("które gry", True), ("ktore gry", True), ("on what?", True),
     ("Can I withdraw", True), ("- czy mogę", True), ("mam problem", False), ("jakoś nie działa", False),
     ("whatever works", False), ("", False)],
)  # fmt: skip
def test_a_half_asks_by_its_first_word_or_its_sign(half: str, asks: bool) -> None:
    assert Cut(half, "jak to", is_turn=True, is_sentence=False).both_ask is asks


@pytest.mark.parametrize(
    "text", ["jak to? " * 500, "ab, cd i ef " * 333, "a?b!c;" * 660, "ile trwa ? ! ? ! wypłata tu"]
)
def test_each_half_is_a_part_of_the_message_and_nothing_is_said_twice(text: str) -> None:
    for cut in cuts(text):
        assert text.strip().startswith(cut.first)
        assert text.strip().endswith(cut.second)
        assert len(cut.first) + len(cut.second) <= len(text)


@pytest.mark.parametrize(
    "text", ["ab cd" + "," * 3_900 + "ab cd", "ab cd" + " , " * 50 + "ef gh", "jak to, " * 500, "ab;" * 1_333]
)
def test_a_hostile_message_is_looked_through_at_once(text: str) -> None:
    before = time.process_time()
    assert len(cuts(text)) <= CUTS_MAX
    assert time.process_time() - before < 0.5


def test_a_letter_is_no_double_question() -> None:
    assert cuts("jak to zrobić? " * (DOUBLE_WORDS_MAX // 3)) != []
    assert cuts("jak to zrobić? " * (DOUBLE_WORDS_MAX // 3 + 1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "jak wypłacić pieniądze, żeby nie czekać długo",
        "co zrobić, jeśli zapomniałem hasła",
        "jak ustawić limit, bo gram za dużo",
        "what happens to the money, if my card expired",
        "can someone help me, because the payout is late",
    ],
)
def test_a_clause_that_hangs_on_the_first_is_no_second_question(text: str) -> None:
    assert cuts(text) == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["jak", "czas", "?", ". ", ", ", " i ", " oraz ", "wypłaty", " ", "\U0001f600", "and", ";"]),
        max_size=30,
    )
)
def test_any_cut_gives_two_halves_of_two_words_or_more_that_stand_in_the_message(parts: list[str]) -> None:
    text = " ".join(parts).strip()
    found = cuts(text)
    assert len(found) <= CUTS_MAX
    for cut in found:
        assert text.startswith(cut.first)
        assert text.endswith(cut.second)
        assert min(len(words(cut.first)), len(words(cut.second))) >= 2
