"""Versions -> the knowledge base that checks, index and bot work on, the same as one read from files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from api.content.values import ArticleContent, Contents, EntryKind, FactContent, Key, TextContent, article_key, fact_key
from knowledge_base.article import Article, ArticleText, Language
from knowledge_base.facts import Fact
from knowledge_base.reading import KnowledgeBase
from knowledge_base.writing import facts_yaml, front_matter


def knowledge_base_of(contents: Mapping[Key, Contents], folder: Path) -> KnowledgeBase:
    """All articles and facts; `folder` is where labelled questions and the screen's examples are."""
    articles, facts = {}, {}
    for key in sorted(contents):
        content = contents[key]
        if isinstance(content, ArticleContent):
            articles[key.name] = article_of(key.name, content, folder)
        else:
            facts[key.name] = fact_of(key.name, content)
    return KnowledgeBase(folder, articles, facts, (), facts_yaml(facts.values()))


def article_of(article_id: str, content: ArticleContent, folder: Path) -> Article:
    """The article as its files would give it."""
    bare = {language: _text(text, Path(), 0, "") for language, text in content.texts.items()}
    article = Article(article_id, content.category, content.risk, content.owner, content.related, bare)
    texts = {}
    for language, text in content.texts.items():
        front = front_matter(article, language, bare[language])
        path = folder / "articles" / (content.category or "-") / f"{article_id}.{language.value}.md"
        source = f"---\n{front}---\n{text.body}\n"
        texts[language] = _text(text, path, front.count("\n") + 3, source)
    return Article(article_id, content.category, content.risk, content.owner, content.related, texts)


def fact_of(name: str, content: FactContent) -> Fact:
    """The fact as its file would give it."""
    return Fact(name, content.value, content.unit, content.source, content.checked)


def contents_of(knowledge_base: KnowledgeBase) -> dict[Key, Contents]:
    """The reverse: a knowledge base that was read from files, entry by entry."""
    contents: dict[Key, Contents] = {}
    for article in knowledge_base.articles.values():
        texts = {
            language: TextContent(text.title, text.body, text.phrasings, text.reviewed, text.review_by)
            for language, text in sorted(article.texts.items(), key=lambda each: list(Language).index(each[0]))
        }
        contents[article_key(article.id)] = ArticleContent(
            article.category, article.risk, article.owner, article.related, texts
        )
    for fact in knowledge_base.facts.values():
        contents[fact_key(fact.name)] = FactContent(fact.value, fact.unit, fact.source, fact.checked)
    return contents


def _text(text: TextContent, path: Path, body_line: int, source: str) -> ArticleText:
    return ArticleText(
        text.title, text.body, text.phrasings, text.reviewed, text.review_by, path, body_line, source
    )  # fmt: skip


def is_article(key: Key) -> bool:
    """Whether the entry is an article."""
    return key.kind is EntryKind.ARTICLE
