"""Cleaning, folding, stems and n-grams: the same for indexing and asking."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.text import character_ngrams, clean, fold, folded_words, stems, words
from knowledge_base.article import Language

PL, EN = Language.PL, Language.EN
ANY_TEXT = st.text(st.characters())  # surrogates and control characters too
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\x00\x07\x7f\ud800\udfff"


@settings(deadline=None)
@given(ANY_TEXT)
@example(f"a{INVISIBLE} \t\u3000 b\u2028")
def test_every_kept_character_stood_where_its_offset_says(message: str) -> None:
    cleaned = clean(message)
    assert len(cleaned.text) == len(cleaned.offsets)
    assert all(kept in (message[offset], " ") for kept, offset in zip(cleaned.text, cleaned.offsets, strict=True))
    assert all(a < b for a, b in zip(cleaned.offsets, cleaned.offsets[1:], strict=False))


@settings(deadline=None)
@given(ANY_TEXT)
@example(INVISIBLE)
def test_clean_text_can_be_printed_stored_and_cleaned_again(message: str) -> None:
    text = clean(message).text
    assert text.isprintable()
    assert text.encode("utf-8").decode("utf-8") == text
    assert text == text.strip()
    assert "  " not in text
    assert clean(text).text == text


@settings(deadline=None)
@given(ANY_TEXT)
def test_cleaning_drops_nothing_that_can_be_seen(message: str) -> None:
    seen = "".join(c for c in message if c.isprintable() and not c.isspace())
    assert clean(message).text.replace(" ", "") == seen


@pytest.mark.parametrize(
    ("message", "text", "offsets"),
    [
        ("", "", ()),
        (" \t\r\n\u3000", "", ()),
        (" a  b ", "a b", (1, 2, 4)),
        ("b\u200bl\u00adik", "blik", (0, 2, 4, 5)),
        ("a\x00b\ud800c", "abc", (0, 2, 4)),
        ("\ufeffa\r\nb", "a b", (1, 2, 4)),
        ("a\u2028b\x85c\xa0d", "a b c d", (0, 1, 2, 3, 4, 5, 6)),
        ("\U0001f600!", "\U0001f600!", (0, 1)),
    ],
)
def test_a_message_is_cleaned_to_what_can_be_seen(message: str, text: str, offsets: tuple[int, ...]) -> None:
    assert (clean(message).text, clean(message).offsets) == (text, offsets)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("zażółć gęślą jaźń", "zazolc gesla jazn"),
        ("ZAŻÓŁĆ GĘŚLĄ JAŹŃ", "zazolc gesla jazn"),
        ("ąćęłńóśźż", "acelnoszz"),
        ("ĄĆĘŁŃÓŚŹŻ", "acelnoszz"),
        ("wypl\u0328ata z\u0307", "wyplata z"),
        ("ＢＬＩＫ １２３", "blik 123"),
        ("ﬁrma", "firma"),
        ("Straße ẞ", "strasse ss"),
        ("Ærø ærø", "aero aero"),
        ("ĐURIĆ đurić", "duric duric"),
        ("Привет", "привет"),
    ],
)
def test_folding_drops_case_diacritics_and_compatibility_forms(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(deadline=None)
@given(st.text("aąbcćdeęflłmnńoóśzźżAĄCĆEĘLŁNŃOÓSŚZŹŻ ĐđÆæØøß1.!"))
def test_folding_is_the_same_in_capitals_and_twice(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(fold(text))


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("Kod_BLIK: 123-456, żółw?!") == ["Kod", "BLIK", "123", "456", "żółw"]
    assert folded_words("Kod_BLIK: 123-456, żółw?!") == ["kod", "blik", "123", "456", "zolw"]
    assert words("?! …") == []


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("wypłatę", "wyplate"),
        ("pieniędzy", "pieniedzy"),
        ("hasło", "haslo"),
        ("ZMIENIĆ", "zmienic"),
        ("środków", "srodkow"),
        ("weryfikację", "weryfikacje"),
        ("źródło", "zrodlo"),
    ],
)
def test_a_word_meets_itself_without_diacritics(typed: str, bare: str) -> None:
    assert stems(typed, PL) & stems(bare, PL)


def test_forms_of_a_word_meet_and_other_words_do_not() -> None:
    assert stems("withdrawals", EN) & stems("withdrawal", EN)
    assert stems("bonusów", PL) & stems("bonusy", PL)
    assert not stems("bonus", PL) & stems("wypłata", PL)


def test_stems_are_folded() -> None:
    assert [s for word in ("Żółć", "GĘŚLĄ", "jaźń") for s in stems(word, PL) if s != fold(s)] == []


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Threads change places as often as they can, so that what one can spoil for another is spoilt."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless_threads")
def test_threads_that_stem_at_once_do_not_mix_their_words() -> None:
    endings = ("ami", "ach", "owie", "ę", "ów")
    asked = [f"{word}{n}{ending}" for n in range(150) for word in ("wypłat", "logowan") for ending in endings]
    stems.cache_clear()
    alone = [stems(word, PL) for word in asked]
    stems.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda word: stems(word, PL), asked))
    assert together == alone


def test_character_ngrams_by_hand() -> None:
    assert character_ngrams("Łza") == [" l", "lz", "za", "a ", " lz", "lza", "za ", " lza", "lza ", " lza "]
    assert character_ngrams("a b", 2, 3) == [" a", "a ", " a ", " b", "b ", " b "]
    assert character_ngrams("blik", 3, 3) == [" bl", "bli", "lik", "ik "]
    assert character_ngrams("?!") == []
