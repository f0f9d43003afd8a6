"""What the help centre holds in a language: readable articles by category, made once for each published index."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from api.reply_parts import Articles, excerpt, readable
from api.text import to_html
from bot.text import fold
from knowledge_base.article import Language, RiskClass
from knowledge_base.promotion import is_promotional
from knowledge_base.published import PublishedText

HELP_ARTICLE = "rg-help"
HELP_LINE_BLOCKS = 3  # of that article: an opening, the lines, when they were checked and the emergency number
FIRST_CATEGORIES = ("account", "verification", "deposits", "withdrawals", "bonuses", "games")  # as players need them
LAST_CATEGORIES = ("responsible-gambling", "contact", "legal")


@dataclass(frozen=True)
class Card:
    """An article as a list shows it."""

    id: str
    category: str
    title: str
    excerpt: str
    reviewed: date
    path: str


@dataclass(frozen=True)
class Catalogue:
    """Cards by id and by category, categories in their order."""

    language: Language
    cards: Mapping[str, Card]
    categories: Mapping[str, tuple[Card, ...]]


class Catalogues:
    """The catalogue of each language for the articles in use; made anew when others are published."""

    def __init__(self) -> None:
        self._made: dict[Language, tuple[Articles, Catalogue]] = {}

    def of(self, articles: Articles, language: Language) -> Catalogue:
        """The catalogue of exactly these articles."""
        made = self._made.get(language)
        if made is None or made[0] is not articles:
            made = self._made[language] = articles, catalogue(articles, language)
        return made[1]


def catalogue(articles: Articles, language: Language) -> Catalogue:
    """All articles that players may read in the language."""
    cards = {}
    for article in articles.values():
        text = readable(articles, article.id, language)
        if text is not None:
            short = excerpt(text.body or "")
            path = article_path(article.id, article.category, language)
            cards[article.id] = Card(article.id, article.category, text.title, short, text.reviewed, path)
    by_category: dict[str, list[Card]] = {}
    for card in sorted(cards.values(), key=lambda card: fold(card.title)):
        by_category.setdefault(card.category, []).append(card)
    ordered = sorted(by_category, key=_place)
    return Catalogue(language, cards, {category: tuple(by_category[category]) for category in ordered})


def article_path(article_id: str, category: str, language: Language) -> str:
    """Where an article is read."""
    return f"{category_path(category, language)}/{article_id}"


def category_path(category: str, language: Language) -> str:
    """Where a category is listed."""
    return f"/help/{language.value}/{category}"


def related(articles: Articles, article_id: str, found: Catalogue) -> tuple[Card, ...]:
    """What the article names as related; beside a protection text nothing that so much as speaks of offers."""
    article = articles[article_id]
    cards = (found.cards[each] for each in article.related if each in found.cards)
    if article.risk is not RiskClass.PROTECT:
        return tuple(cards)
    return tuple(card for card in cards if not is_promotional(articles[card.id]))


def help_lines(articles: Articles, language: Language) -> Markup | None:
    """Whom to call, from the article about it, so that the numbers stand in one place."""
    text = readable(articles, HELP_ARTICLE, language)
    if text is None:
        return None
    return article_html("\n\n".join((text.body or "").split("\n\n")[:HELP_LINE_BLOCKS]), language)


def text_html(text: PublishedText, language: Language) -> Markup:
    """An article's text."""
    return article_html(text.body or "", language)


@functools.lru_cache(maxsize=2_000)
def article_html(markdown: str, language: Language) -> Markup:
    """Markdown of ours as HTML; its links to other articles lead to their pages."""
    html = to_html(markdown).replace('href="#article/', f'href="/help/{language.value}/articles/')
    return Markup(html)  # noqa: S704 - to_html shows raw HTML as text


def _place(category: str) -> tuple[int, str]:
    if category in FIRST_CATEGORIES:
        return FIRST_CATEGORIES.index(category), category
    return len(FIRST_CATEGORIES) + LAST_CATEGORIES.index(category) + 1 if category in LAST_CATEGORIES else len(
        FIRST_CATEGORIES
    ), category
