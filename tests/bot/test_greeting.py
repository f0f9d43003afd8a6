"""A greeting before a question is not part of what is asked."""

from __future__ import annotations

import pytest

from bot.greeting import without_greeting


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("dzień dobry\nkiedy przyjda pieniadze", "kiedy przyjda pieniadze"),
        ("DZIEN DOBRY! Kiedy przyjdą pieniądze?", "Kiedy przyjdą pieniądze?"),
        ("Witam serdecznie, ile trwa wypłata", "ile trwa wypłata"),
        ("hej, dzień dobry, jak ustawić limit", "jak ustawić limit"),
        ("Hi there, where is my bonus?", "where is my bonus?"),
        ("siema :) kiedy kasa", "kiedy kasa"),
    ],
)
def test_a_greeting_goes_and_the_question_stays_as_it_was_typed(text, asked):
    assert without_greeting(text) == asked


@pytest.mark.parametrize(
    "text",
    ["dzień dobry", "hej!", "Witam serdecznie", "hi all", "cześć kasyno", "", "hitem jest ten slot", "historia gier"],
)
def test_a_greeting_alone_and_words_that_only_begin_like_one_stay(text):
    assert without_greeting(text) == text
