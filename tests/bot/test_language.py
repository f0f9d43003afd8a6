"""Which language: by the articles' own words, and by the general detector only in doubt."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.language import LanguageDetector
from tests.bot.fakes import FakeGeneralDetector, article

GERMAN = [("de", 0.9), ("en", 0.06), ("pl", 0.04)]


def detected(text: str, opinion: Sequence[tuple[str, float]] = GERMAN) -> str:
    return LanguageDetector([article("a"), article("b")], FakeGeneralDetector(opinion)).detect(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ile trwa wypłata", "pl"),
        ("ILE TRWA WYPLATA", "pl"),
        ("kiedy wyplata pieniedzy xyz", "pl"),
        ("how long does the withdrawal take", "en"),
        ("when is the payout withdrawal", "en"),
    ],
)
def test_words_of_the_articles_settle_it_without_asking_further(text: str, language: str) -> None:
    general = FakeGeneralDetector(GERMAN)
    assert LanguageDetector([article("a"), article("b")], general).detect(text) == language
    assert general.asked == []


def test_a_foreign_message_of_three_words_or_more_is_foreign() -> None:
    assert detected("wo ist Geld") == "de"


@pytest.mark.parametrize("text", ["blik", "paypal skrill", "Guten Tag"])
def test_short_messages_are_never_foreign(text: str) -> None:
    assert detected(text) in {"pl", "en"}


def test_a_short_message_in_another_script_is_foreign() -> None:
    assert detected("привіт", [("uk", 0.9)]) == "uk"


@pytest.mark.parametrize(("sureness", "language"), [(0.56, "de"), (0.54, "en")])
def test_an_unsure_detector_sends_nobody_away(sureness: float, language: str) -> None:
    assert detected("wo ist mein Geld", [("de", sureness), ("en", 0.3), ("pl", 0.1)]) == language


def test_polish_letters_weigh_for_polish() -> None:
    opinion = [("en", 0.5), ("pl", 0.4)]
    assert detected("żółwie zjadły", opinion) == "pl"
    assert detected("zolwie zjadly", opinion) == "en"


@pytest.mark.parametrize("text", ["", "123 456", "2026-12-01 18:30", "?!", "\U0001f600", "100%"])
def test_nothing_can_be_told_of_digits_and_signs(text: str) -> None:
    general = FakeGeneralDetector(GERMAN)
    assert LanguageDetector([article("a")], general).detect(text) == "und"
    assert general.asked == []


def test_nothing_can_be_told_where_nobody_knows() -> None:
    assert detected("qwertyuiop asdfgh zxcvbn", []) == "und"


def test_a_foreign_language_far_ahead_of_ours_is_believed_where_no_word_is_known() -> None:
    assert detected("comment puis changer", [("fr", 0.49), ("en", 0.13), ("pl", 0.05)]) == "fr"
    assert detected("comment puis changer", [("fr", 0.49), ("pl", 0.17), ("en", 0.1)]) == "pl"  # not three times ahead
    assert detected("wyplata pieniedzy xyz qwe rty", [("sk", 0.49), ("pl", 0.1)]) == "pl"  # words of ours among them
