"""Figures, amounts, links, masked data and names come through a translation as they are; otherwise it is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.translation.checking import differences
from api.translation.protecting import names_in, protect
from tests.fakes import ARTICLES, article

TEXT = "Anna wypłaci 1 234,50 zł w 3-5 dni, patrz https://casino.example/pay?id=7. Konto [pesel], nick lisek77, PayPal."


def test_what_must_stay_leaves_as_marks_and_comes_back_in_its_place() -> None:
    protected = protect(TEXT, {"Anna"})
    assert "1 234,50 zł" in protected.kept
    assert {"Anna", "3-5", "https://casino.example/pay?id=7", "[pesel]", "lisek77", "PayPal"} <= set(protected.kept)
    assert not any(kept in protected.text for kept in protected.kept)
    assert protected.restored(protected.text) == TEXT


def test_marks_may_change_places_and_get_spaces() -> None:
    protected = protect("Wyślij 50 zł do Anna", {"Anna"})
    assert protected.restored("To { 1 } send {0}") == "To Anna send 50 zł"


@pytest.mark.parametrize("spoilt", ["Send to {1}", "Send {0} {0} to {1}", "Send {0} to {1} {2}", "Send to nobody"])
def test_a_mark_lost_doubled_or_invented_is_noticed(spoilt: str) -> None:
    assert protect("Wyślij 50 zł do Anna", {"Anna"}).restored(spoilt) is None


def test_a_text_that_has_such_marks_itself_is_not_touched() -> None:
    assert protect("wpisz {0} i 5").kept == ()


def test_a_text_of_figures_alone_has_nothing_to_translate() -> None:
    assert protect("100 zł, 24").is_all_marks


def test_names_are_what_both_languages_of_an_article_write_alike_inside_a_sentence() -> None:
    both = article(
        "x", ("T", "Wypłata przez Skrill. Zobacz Historia konta."), ("T", "A payment by Skrill. See History.")
    )
    assert names_in({"x": both}) == {"Skrill"}
    assert "Neteller" not in names_in(ARTICLES)  # the English text of the sample has none


@pytest.mark.parametrize(
    ("original", "translated", "found"),
    [
        ("do 24 godzin, 1 000 zł", "within 24 hours, PLN 1,000", []),
        ("do 24 godzin", "within 42 hours", ["24 godzin", "42 hours"]),
        ("2 dni", "2 weeks", ["2 dni", "2 weeks"]),
        ("patrz https://a.example/b", "see https://a.example/c", ["https://a.example/b", "https://a.example/c"]),
        ("konto [iban]", "an account", ["[iban]"]),
        ("napisz na pomoc@a.example", "write to pomoc@a.example", []),
    ],
)
def test_a_translation_is_held_against_its_original(original: str, translated: str, found: list[str]) -> None:
    assert differences(original, translated) == found


@settings(deadline=None)
@given(st.text(st.sampled_from("abcz ąŁ.,:/-0123456789{}[]_@%złPLN\n"), max_size=80))
def test_whatever_is_typed_comes_back_as_it_was(text: str) -> None:
    protected = protect(text, {"abc"})
    if protected.kept:
        assert protected.restored(protected.text) == text
    else:
        assert protected.text == text


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert differences(text, text) == []
