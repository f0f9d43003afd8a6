"""What `krupier kb check` promises about the content; each check yields problems that name file, line and remedy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from knowledge_base.article import Article, ArticleText, Language, Problem, RiskClass, line_of
from knowledge_base.promotion import PROMOTION
from knowledge_base.reading import KnowledgeBase
from knowledge_base.rendering import TemplateProblem, render_facts

WORDS_MIN, WORDS_MAX = 60, 180
PHRASINGS_MIN = {Language.PL: 12, Language.EN: 8}
_LINK = re.compile(r"\]\(([^)]*)\)")
_RAW_HTML = re.compile(r"<[A-Za-z/!]")
_LIST_NUMBER = re.compile(r"^\s*\d+\.\s", re.MULTILINE)
_EXPRESSION = re.compile(r"\{\{.*?\}\}")
_ARTICLE_LINK = re.compile(r"\(article:[\w-]+\)")
_NAMES_WITH_DIGITS = re.compile(r"3-D Secure")
_FORMAL_ADDRESS = re.compile(r"\b(Pan|Pani|Pana|Panu|Panią|Państwo|Państwa|Państwu)\b")

Check = Callable[[KnowledgeBase], Iterator[Problem]]


def check(knowledge_base: KnowledgeBase, today: date | None = None) -> list[Problem]:
    """All problems of a knowledge base, ordered by file and line; `today` decides what is overdue."""
    problems = list(knowledge_base.problems)
    for one in _CHECKS:
        problems.extend(one(knowledge_base))
    problems.extend(_dates(knowledge_base, today or date.today()))
    return sorted(problems, key=lambda p: (str(p.path), p.line, p.what))


def _texts(knowledge_base: KnowledgeBase) -> Iterator[tuple[Article, Language, ArticleText]]:
    for article in knowledge_base.articles.values():
        for language, text in article.texts.items():
            yield article, language, text


def _line(text: ArticleText, needle: str) -> int:
    return line_of(text.path.read_text(encoding="utf-8"), needle)


def _languages(knowledge_base: KnowledgeBase) -> Iterator[Problem]:
    for article in knowledge_base.articles.values():
        for language in Language:
            if language not in article.texts:
                path = next(iter(article.texts.values())).path
                yield Problem(path, 1, f"'{article.id}' has no text in '{language}'", f"Add {article.id}.{language}.md")


def _categories(knowledge_base: KnowledgeBase) -> Iterator[Problem]:
    for article, _, text in _texts(knowledge_base):
        if text.path.parent.name != article.category:
            todo = f"Move it to {article.category}/ or mend 'category'"
            yield Problem(
                text.path, _line(text, "\ncategory:") + 1, f"stands in the folder {text.path.parent.name}", todo
            )


def _facts(knowledge_base: KnowledgeBase) -> Iterator[Problem]:
    quoted: set[str] = set()
    for _, language, text in _texts(knowledge_base):
        try:
            quoted |= render_facts(text.body, knowledge_base.facts, language)[1]
        except TemplateProblem as error:
            line = text.body_line + error.line - 1
            yield Problem(text.path, line, str(error), "Quote a fact that facts.yaml has, as {{ fact.name }}")
    if any(p.path.name != "facts.yaml" for p in knowledge_base.problems):
        return  # an unreadable article may quote what seems unused
    path = knowledge_base.folder / "facts.yaml"
    source = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    for name in sorted(set(knowledge_base.facts) - quoted):
        line = line_of(f"\n{source}", f"\n{name}:")
        yield Problem(path, line, f"fact '{name}' is quoted nowhere", "Quote it in an article or remove it")


def _digits(knowledge_base: KnowledgeBase) -> Iterator[Problem]:
    for _, _, text in _texts(knowledge_base):
        for number, line in enumerate(text.body.splitlines()):
            bare = _NAMES_WITH_DIGITS.sub("", _ARTICLE_LINK.sub("", _LIST_NUMBER.sub("", _EXPRESSION.sub("", line))))
            found = re.search(r"\d+", bare)
            if found:
                what = f"the figure '{found[0]}' is typed into the body"
                yield Problem(text.path, text.body_line + number, what, "Put it into facts.yaml and quote it")


def _links(knowledge_base: KnowledgeBase) -> Iterator[Problem]:
    for article, _, text in _texts(knowledge_base):
        for target in _LINK.findall(text.body):
            if target.removeprefix("article:") not in knowledge_base.articles or not target.startswith("article:"):
                yield Problem(
                    text.path, _line(text, f"]({target})"), f"the link '{target}' leads nowhere", "Link article:<id>"
                )
        for related in article.related:
            if related not in knowledge_base.articles or related == article.id:
                line = _line(text, f"  - {related}")
                yield Problem(text.path, line, f"related article '{related}' is not another article", "Name another id")


def _phrasings(knowledge_base: KnowledgeBase) -> Iterator[Problem]:
    seen: dict[str, tuple[str, Path]] = {}
    for article, language, text in _texts(knowledge_base):
        if len(text.phrasings) < PHRASINGS_MIN[language]:
            what = f"{len(text.phrasings)} phrasings"
            todo = f"Write at least {PHRASINGS_MIN[language]}, as different as players are"
            yield Problem(text.path, _line(text, "\nphrasings:") + 1, what, todo)
        for phrasing in text.phrasings:
            key = _folded(phrasing)
            if key in seen:
                other_id, other_path = seen[key]
                what = f"the phrasing '{phrasing}' stands in {other_path.name} too"
                yield Problem(text.path, _line(text, phrasing), what, f"Keep it in {article.id} or {other_id}")
            seen.setdefault(key, (article.id, text.path))


def _folded(phrasing: str) -> str:
    decomposed = unicodedata.normalize("NFKD", phrasing.casefold().replace("ł", "l"))
    return " ".join(re.findall(r"\w+", "".join(c for c in decomposed if not unicodedata.combining(c))))


def _bodies(knowledge_base: KnowledgeBase) -> Iterator[Problem]:
    for article, language, text in _texts(knowledge_base):
        words = len(_EXPRESSION.sub("xx xx", text.body).split())
        if not WORDS_MIN <= words <= WORDS_MAX:
            todo = f"Write between {WORDS_MIN} and {WORDS_MAX}"
            yield Problem(text.path, text.body_line, f"the body has {words} words", todo)
        for pattern, what, todo in (
            (_RAW_HTML, "raw HTML", "Write plain Markdown"),
            (_FORMAL_ADDRESS, "formal address", "Write in the second person, without Pan or Pani"),
        ):
            found = pattern.search(text.body)
            if found:
                line = text.body_line + text.body.count("\n", 0, found.start())
                yield Problem(text.path, line, f"{what} ('{found[0]}')", todo)
        if article.risk is RiskClass.PROTECT:
            yield from _promotion(language, text)


def _promotion(language: Language, text: ArticleText) -> Iterator[Problem]:
    for number, line in enumerate(text.body.splitlines()):
        found = PROMOTION[language].search(_ARTICLE_LINK.sub("", line).lower())
        if found:
            what = f"'{found[0]}' in a text that protects players"
            yield Problem(text.path, text.body_line + number, what, "Take promotion out of protect articles")


def _dates(knowledge_base: KnowledgeBase, today: date) -> Iterator[Problem]:
    for _, _, text in _texts(knowledge_base):
        if text.review_by <= text.reviewed:
            line = _line(text, "\nreview_by:") + 1
            yield Problem(text.path, line, "'review_by' is not after 'reviewed'", "Give a later date")
        elif text.review_by < today:
            line = _line(text, "\nreview_by:") + 1
            what = f"the review was due on {text.review_by}; the bot no longer answers with it"
            yield Problem(text.path, line, what, "Review the text and set both dates")


_CHECKS: tuple[Check, ...] = (_languages, _categories, _facts, _digits, _links, _phrasings, _bodies)
