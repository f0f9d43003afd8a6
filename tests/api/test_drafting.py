"""Drafts: which articles, what of them, and the words around it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from api.suggestions.drafting import CONFIDENCE_MIN, WHOLE_MAX, drafts, fitted, render
from api.suggestions.figures import strange_figures
from bot.bot import Bot
from bot.decision import Proposal
from knowledge_base.article import Language
from tests.fakes import ARTICLES, FakeBot, article

BODY = "Wypłata trwa do 24\N{NO-BREAK SPACE}godzin.\n\n- karta: 2–5 dni roboczych"
WORDS = {"name": "Anna", "body": BODY}


def made(*proposals: tuple[str, float], is_protected: bool = False, **articles: object) -> list[str]:
    """The articles drafts are made from."""
    bot = cast(Bot, FakeBot(articles=dict(ARTICLES) | articles))  # type: ignore[arg-type]
    found = [Proposal(article_id, confidence) for article_id, confidence in proposals]
    return [each.article_id for each in drafts(bot, "pytanie", Language.PL, found, is_protected=is_protected)]


def test_at_most_three_drafts_best_first() -> None:
    assert made(("withdrawal-time", 0.4), ("withdrawal-pending", 0.3), ("rg-help", 0.2), ("contact-channels", 0.2)) == [
        "withdrawal-time",
        "withdrawal-pending",
        "rg-help",
    ]


def test_no_draft_from_what_is_unlikely_unknown_or_lacks_a_fact() -> None:
    assert made(("withdrawal-time", CONFIDENCE_MIN - 0.01), ("nowhere", 0.9), ("gap", 0.9)) == []


def test_a_person_may_use_what_the_bot_must_not_say_by_itself() -> None:
    assert made(("draft", 0.9)) == ["draft"]


def test_a_protected_player_gets_nothing_that_speaks_of_offers() -> None:
    bonus = replace(article("bonus", ("Bonus", "Oto on."), ("Bonus", "Here.")), category="bonuses")
    mention = article("mention", ("Wypłata", "Najpierw obróć bonusem."), ("Payout", "Wager the bonus first."))
    proposals = (("bonus", 0.5), ("mention", 0.3), ("rg-help", 0.2))
    assert made(*proposals, bonus=bonus, mention=mention) == ["bonus", "mention", "rg-help"]
    assert made(*proposals, bonus=bonus, mention=mention, is_protected=True) == ["rg-help"]


def test_a_short_answer_is_kept_whole() -> None:
    assert fitted(BODY, "cokolwiek") == BODY


def test_a_long_answer_keeps_its_beginning_and_what_is_nearest_to_the_question() -> None:
    filler = [f"Akapit {n} o czymś zupełnie innym. " + "Lorem ipsum dolor sit amet. " * 12 for n in "abc"]
    body = "\n\n".join(["Początek.", filler[0], "Terminy są takie:", "- na kartę do pięciu dni", *filler[1:]])
    short = fitted(body, "ile na kartę")
    assert short.startswith("Początek.")
    assert "Terminy są takie:\n\n- na kartę do pięciu dni" in short
    assert len(short) <= WHOLE_MAX < len(body)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(("is_account_specific", "is_protected"), [(True, False), (False, True), (False, False)])
def test_the_words_around_an_answer_add_no_figure_and_leave_no_hole(
    language: Language, is_first: bool, is_account_specific: bool, is_protected: bool
) -> None:
    text = render(
        "chat", language, is_first=is_first, is_account_specific=is_account_specific, is_protected=is_protected, **WORDS
    )
    assert BODY in text
    assert strange_figures(text, [BODY]) == []
    assert "\n\n\n" not in text
    assert ("Anna" in text) == is_first
