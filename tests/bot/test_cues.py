"""What tells that a message is about one player's own affair."""

from __future__ import annotations

import pytest

from bot.cues import CUES, cues, tells_particulars


def given(text: str) -> set[str]:
    return {name for name, is_given in zip(CUES, cues(text), strict=True) if is_given}


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("200 zł", "sum"), ("200zl", "sum"), ("1 500,50 PLN", "sum"), ("€50", "sum"), ("50 €", "sum"),
        ("stówka", "sum"), ("two grand", "sum"), ("tysiąc", "sum"),
        ("wczoraj", "time"), ("o 14:30", "time"), ("W ŚRODĘ", "time"), ("3 dni temu", "time"), ("last night", "time"),
        ("nr AB-12345", "reference"), ("#7", "reference"), ("123456", "reference"),
        ("wpłaciłem", "self"), ("czekałam", "self"), ("I'm waiting", "self"), ("MOJE konto", "self"), ("mam", "self"),
    ],
)  # fmt: skip
def test_each_cue_is_heard_with_and_without_diacritics(text: str, cue: str) -> None:
    assert cue in given(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "?!", "\U0001f600", "jak zmienić hasło", "ile trwa wypłata", "how long does it take", "3-D Secure",
     "limit wpłat", "18 lat", "24/7"],
)  # fmt: skip
def test_a_question_that_anybody_may_ask_gives_no_cue(text: str) -> None:
    assert given(text) == set()
    assert not tells_particulars(text)


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("wpłaciłem 200 zł", {"sum", "self", "sum+self"}),
        ("wczoraj wpłaciłam", {"time", "self", "time+self"}),
        ("wczoraj 200 zł", {"sum", "time", "sum+time"}),
        ("mam numer 1234567", {"reference", "self", "reference+self"}),
    ],
)
def test_cues_that_come_together_are_a_cue_of_their_own(text: str, together: set[str]) -> None:
    assert given(text) == together


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("wpłaciłem 200 zł i nic", True),
        ("I deposited $50", True),
        ("moja wypłata nr 99887766", True),
        ("minimalna wpłata to 20 zł?", False),
        ("what is the limit, 5000 PLN?", False),
    ],
)
def test_particulars_are_a_sum_or_a_reference_of_ones_own_and_not_of_anybody(text: str, tells: bool) -> None:
    assert tells_particulars(text) is tells


@pytest.mark.parametrize("text", ["łem" * 1_000, "a-" * 2_000, "zł " * 1_000, "\U0001f4b0" * 4_000, "€" * 4_000])
def test_a_hostile_text_has_as_many_cues_as_any(text: str) -> None:
    assert len(cues(text)) == len(CUES) == len(set(CUES))
