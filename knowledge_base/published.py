"""An article as it is published: facts filled in, nothing left to render; what an index carries and the bot reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge_base.article import Language, RiskClass
from knowledge_base.reading import KnowledgeBase
from knowledge_base.rendering import TemplateProblem, render_facts


@dataclass(frozen=True)
class PublishedText:
    """Title and Markdown body in one language; `body` is None where a fact was missing, and is then never shown."""

    title: str
    body: str | None
    phrasings: tuple[str, ...]
    reviewed: date
    review_by: date


@dataclass(frozen=True)
class PublishedArticle:
    """One article, ready to be shown."""

    id: str
    category: str
    risk: RiskClass
    related: tuple[str, ...]
    texts: Mapping[Language, PublishedText]


def publish(knowledge_base: KnowledgeBase) -> dict[str, PublishedArticle]:
    """Every article with its facts filled in, by id."""
    published = {}
    for article in knowledge_base.articles.values():
        texts = {}
        for language, text in article.texts.items():
            try:
                body: str | None = render_facts(text.body, knowledge_base.facts, language)[0]
            except TemplateProblem:
                body = None
            texts[language] = PublishedText(text.title, body, text.phrasings, text.reviewed, text.review_by)
        published[article.id] = PublishedArticle(article.id, article.category, article.risk, article.related, texts)
    return published


def to_json(articles: Iterable[PublishedArticle]) -> list[dict[str, Any]]:
    """Plain values, in the order given."""
    return [
        {
            "id": article.id,
            "category": article.category,
            "risk": article.risk.value,
            "related": list(article.related),
            "texts": {
                language.value: {
                    "title": text.title,
                    "body": text.body,
                    "phrasings": list(text.phrasings),
                    "reviewed": text.reviewed.isoformat(),
                    "review_by": text.review_by.isoformat(),
                }
                for language, text in article.texts.items()
            },
        }
        for article in articles
    ]


def from_json(entries: Iterable[Mapping[str, Any]]) -> dict[str, PublishedArticle]:
    """The reverse of `to_json`, by id; KeyError or ValueError for entries that are not whole."""
    articles = {}
    for entry in entries:
        texts = {
            Language(language): PublishedText(
                text["title"],
                text["body"],
                tuple(text["phrasings"]),
                date.fromisoformat(text["reviewed"]),
                date.fromisoformat(text["review_by"]),
            )
            for language, text in entry["texts"].items()
        }
        articles[entry["id"]] = PublishedArticle(
            entry["id"], entry["category"], RiskClass(entry["risk"]), tuple(entry["related"]), texts
        )
    return articles
