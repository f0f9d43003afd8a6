"""Which articles speak of offers."""

from __future__ import annotations

import pytest

from knowledge_base.article import Language, RiskClass
from knowledge_base.promotion import PROMOTION, is_promotional
from knowledge_base.published import PublishedArticle, PublishedText, publish
from knowledge_base.reading import read_knowledge_base
from tests.knowledge_base.samples import TODAY

PL, EN = Language.PL, Language.EN


def article(category: str = "payouts", **texts: tuple[str, str | None]) -> PublishedArticle:
    """An article with (title, body) in the languages given."""
    published = {
        Language(lang): PublishedText(title, body, ("odbierz bonus",), TODAY, TODAY)
        for lang, (title, body) in texts.items()
    }
    return PublishedArticle("a", category, RiskClass.AUTO, (), published)


@pytest.mark.parametrize("category", ["bonuses", "loyalty"])
def test_articles_about_offers_are_promotional_whatever_they_say(category: str) -> None:
    assert is_promotional(article(category, pl=("Zasady", "Nic."), en=("Rules", "Nothing.")))
    assert is_promotional(article(category))


@pytest.mark.parametrize(
    "words",
    ["odbierz", "Odbierz nagrodę", "BONUS", "bonusu", "promocji", "darmowe spiny", "Darmowych spinów", "VIP", "vipów",
     "cashbacku", "jackpota", "zagraj", "Zagrajmy"],
)  # fmt: skip
def test_a_polish_word_of_promotion_is_heard_in_any_form_in_title_or_body(words: str) -> None:
    assert is_promotional(article(pl=("Wypłata", f"Najpierw {words}, potem reszta.")))
    assert is_promotional(article(pl=(words, "Nic.")))
    assert is_promotional(article(pl=(words, None)))


@pytest.mark.parametrize(
    "words", ["bonus", "Bonuses", "promotion", "promotional", "free spin", "FREE SPINS", "VIP", "cashback", "jackpots",
              "play now", "Claim"],
)  # fmt: skip
def test_an_english_word_of_promotion_is_heard_in_any_form(words: str) -> None:
    assert is_promotional(article(en=("Payout", f"First, {words} it.")))


def test_one_language_that_promotes_is_enough() -> None:
    plain, promoting = ("Tytuł", "Nic."), ("Title", "A bonus.")
    assert is_promotional(article(pl=plain, en=promoting))
    assert is_promotional(article(pl=("Tytuł", "Bonus."), en=("Title", "Nothing.")))
    assert not is_promotional(article(pl=plain, en=("Title", "Nothing.")))


@pytest.mark.parametrize(
    ("language", "words"),
    [("pl", "To zabonusowane? Nie."), ("pl", "Odbierzesz przesyłkę."), ("pl", "Grasz dalej."), ("en", "It is free."),
     ("en", "The player claims."), ("en", "Spins of a wheel."), ("pl", ""), ("en", "\U0001f3b0")],
)  # fmt: skip
def test_words_that_only_look_alike_are_no_promotion(language: str, words: str) -> None:
    assert not is_promotional(article(**{language: ("T", words)}))


def test_an_article_without_a_body_or_text_is_no_promotion() -> None:
    assert not is_promotional(article(pl=("Wypłata", None)))
    assert not is_promotional(article())


def test_phrasings_do_not_make_an_article_promotional() -> None:
    assert not is_promotional(article(pl=("Wypłata", "Nic.")))


def test_no_shipped_text_that_protects_players_is_promotional_and_all_about_offers_are() -> None:
    published = publish(read_knowledge_base()).values()
    protecting = [a.id for a in published if a.risk is RiskClass.PROTECT and is_promotional(a)]
    assert protecting == []
    assert [a.id for a in published if a.id.startswith(("bonus-", "vip-")) and not is_promotional(a)] == []
    assert set(PROMOTION) == {PL, EN}
