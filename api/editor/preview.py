"""An unfinished article as players will see it, and what the checks say about it, while it is being typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.content.assembling import article_of
from api.content.checking import article_problems
from api.content.values import ArticleContent
from api.text import to_html
from bot.rendering import Replies
from indexer.assembly import warsaw_now
from knowledge_base.article import Article, Language, Problem
from knowledge_base.published import PublishedText
from knowledge_base.reading import KnowledgeBase
from knowledge_base.rendering import TemplateProblem, render_facts

_FIELD_OF_CODE = {
    "few_phrasings": "phrasings", "same_phrasing": "phrasings", "dates": "review_by", "overdue": "review_by",
    "related": "related", "language": "title", "folder": "category",
}  # fmt: skip
_LANGUAGE_NEEDED = "language"


@dataclass(frozen=True)
class Fault:
    """A problem at its field; `line` counts from 1 within the field, where it is a text."""

    field: str
    line: int
    code: str
    value: str
    what: str


@dataclass(frozen=True)
class Seen:
    """A text as the three channels show it, the facts it quotes with their values, and its faults."""

    page: str
    chat: str
    mail: str
    facts: Mapping[str, str]
    faults: Sequence[Fault]


def seen(
    base: KnowledgeBase, article_id: str, content: ArticleContent, t: Mapping[str, Any], today: date
) -> dict[Language, Seen]:
    """Both languages; `base` is what the article will stand among, `t` the words around an e-mail by language."""
    article = article_of(article_id, content, base.folder)
    among = KnowledgeBase(base.folder, {**base.articles, article_id: article}, base.facts, (), base.facts_source)
    faults = faults_of(article, article_problems(among, article_id, today))
    return {
        language: _seen(among, article, language, t, [f for f in faults if _is_of(f, language)])
        for language in Language
    }


def faults_of(article: Article, problems: Sequence[Problem]) -> list[Fault]:
    """Problems at the fields of the form."""
    return [_fault(article, problem) for problem in problems]


def _seen(
    base: KnowledgeBase, article: Article, language: Language, t: Mapping[str, Any], faults: Sequence[Fault]
) -> Seen:
    text = article.texts.get(language)
    if text is None:
        return Seen("", "", "", {}, faults)
    try:
        body, quoted = render_facts(text.body, base.facts, language)
    except TemplateProblem:
        return Seen("", "", "", {}, faults)
    published = PublishedText(text.title, body, text.phrasings, text.reviewed, text.review_by)
    facts = {name: render_facts(f"{{{{ fact.{name} }}}}", base.facts, language)[0] for name in sorted(quoted)}
    try:
        answer = Replies(base.facts, warsaw_now).answer([published], language)
    except TemplateProblem:
        answer = body
    mail = f"{t[language.value]['greeting']}\n\n{body}\n\n{t[language.value]['signature']}"
    return Seen(to_html(body), to_html(answer), to_html(mail), facts, faults)


def _fault(article: Article, problem: Problem) -> Fault:
    language = problem.path.name.removesuffix(".md").rpartition(".")[2]
    field = problem.value if problem.code == "field" else _FIELD_OF_CODE.get(problem.code, "body")
    if problem.code == _LANGUAGE_NEEDED:
        language = problem.value
    line = 1
    text = article.texts.get(Language(language)) if language in set(Language) else None
    if field == "body" and text is not None:
        line = max(1, problem.line - text.body_line + 1)
    elif field == "phrasings" and problem.code == "same_phrasing" and text is not None:
        line = text.phrasings.index(problem.value) + 1 if problem.value in text.phrasings else 1
    name = field if field in {"category", "risk", "owner", "related"} else f"{language}.{field}"
    return Fault(name, line, problem.code, problem.value, f"{problem.what}. {problem.todo}.")


def _is_of(fault: Fault, language: Language) -> bool:
    """Faults of what both languages share are told once, with the first."""
    own, _, rest = fault.field.partition(".")
    return own == language.value if rest else language is Language.PL
