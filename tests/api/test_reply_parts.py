"""A reply taken apart: what is shown as a link goes from the words, and nothing else."""

from __future__ import annotations

import pytest

from api.reply_parts import reply_words
from bot.decision import Action, Decision, Reason

NOTE = "*Dla bezpieczeństwa ukryłem w Twojej wiadomości dane osobowe.*"


def answered(reply: str, *articles: str) -> Decision:
    return Decision(Action.ANSWER, Reason.CONFIDENT, 0.9, "pl", articles, (), "text", (), reply)


@pytest.mark.parametrize("source", ["*Źródło: Hasło, sprawdzone 23 listopada 2026.*", "*Source: Password, checked.*"])
def test_the_one_source_is_left_to_its_link_and_a_note_on_privacy_stays(source: str) -> None:
    assert reply_words(answered(f"Treść.\n\n{source}", "a")) == "Treść."
    assert reply_words(answered(f"Treść.\n\n{source}\n\n{NOTE}", "a")) == f"Treść.\n\n{NOTE}"


def test_of_two_answers_each_keeps_its_source_where_it_ends() -> None:
    reply = "Jedno.\n\n*Źródło: A, sprawdzone.*\n\nDrugie.\n\n*Źródło: B, sprawdzone.*"
    assert reply_words(answered(reply, "a", "b")) == reply
