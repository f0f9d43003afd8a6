"""Articles and facts -> the files that `reading` and `facts` read back, value for value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from knowledge_base.article import Article, ArticleText, Language
from knowledge_base.facts import Fact

# Texts that YAML 1.1 reads as themselves: they begin with a letter and hold no sign that means something.
_PLAIN = re.compile(r"[^\W\d_](?:[\w ,.?!;()/%+&’„”–-]*[\w,.?!;()/%+&’„”–-])?")
_NOT_PLAIN = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"}
)  # read as truth values or as nothing


def article_markdown(article: Article, language: Language) -> str:
    """The file of one language."""
    text = article.texts[language]
    front = front_matter(article, language, text)
    return f"---\n{front}---\n{text.body}\n"


def front_matter(article: Article, language: Language, text: ArticleText) -> str:
    """The lines between the two ---, in the order that `reading` wants."""
    lines = [
        f"id: {scalar(article.id)}",
        f"lang: {language.value}",
        f"title: {scalar(text.title)}",
        f"category: {scalar(article.category)}",
        f"risk: {article.risk.value}",
        f"owner: {scalar(article.owner)}",
        f"reviewed: {text.reviewed.isoformat()}",
        f"review_by: {text.review_by.isoformat()}",
        *_list("related", article.related),
        *_list("phrasings", text.phrasings),
    ]
    return "\n".join(lines) + "\n"


def facts_yaml(facts: Iterable[Fact]) -> str:
    """The file of all facts, one a line."""
    return "".join(
        f"{scalar(fact.name)}: {{value: {_flow(fact.value)}, unit: {scalar(fact.unit)}, "
        f"source: {_flow(fact.source)}, checked: {fact.checked.isoformat()}}}\n"
        for fact in facts
    )


def scalar(text: str) -> str:
    """A text of one line as YAML writes it: bare where that reads back the same, else in single quotes."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _NOT_PLAIN:
        return text
    return "'" + text.replace("'", "''") + "'"


def _list(key: str, texts: Iterable[str]) -> list[str]:
    lines = [f"  - {scalar(text)}" for text in texts]
    return [f"{key}:", *lines] if lines else [f"{key}: []"]


def _flow(value: Any) -> str:
    """A value inside braces, where commas and brackets mean something: texts are always in quotes."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case date():
            return value.isoformat()
        case float():
            return _decimal(value)
        case _:
            return str(value)


def _decimal(value: float) -> str:
    """YAML 1.1 reads an exponent only with a point and a sign, as in 1.0e-07."""
    written = repr(value)
    return written if "e" not in written or "." in written else written.replace("e", ".0e")
