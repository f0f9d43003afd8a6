"""What `krupier kb check` promises about the content; each check yields problems that name file, line and remedy."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from knowledge_base.article import Article, ArticleText, Language, Problem, RiskClass, line_of
from knowledge_base.promotion import PROMOTION
from knowledge_base.reading import KnowledgeBase
from knowledge_base.rendering import TemplateProblem, render_facts

WORDS_MIN, WORDS_MAX = 60, 180
PHRASINGS_MIN = {Language.PL: 12, Language.EN: 8}
_LINK = re.compile(r"\]\((?P<target>[^)]*)\)|^ {0,3}\[[^\]\n]+\]:\s*(?P<defined>\S+)", re.MULTILINE)
PHRASINGS_REMEMBERED = 131_072  # an article is checked against all others while somebody types in it
COMPARED_MAX = 2_000  # other articles; with more it would take seconds for each, and the check of all compares all
SHOWN_MAX = 80  # characters of a link; an image pasted as data has thousands
_RAW_HTML = re.compile(r"<[A-Za-z/!]")
_FACT_NAMED = re.compile(r"\bfact\s*(?:\.\s*(\w+)|\[\s*[\"'](\w+))")
_LIST_NUMBER = re.compile(r"^\s*\d+\.\s", re.MULTILINE)
_EXPRESSION = re.compile(r"\{\{.*?\}\}")
_ARTICLE_LINK = re.compile(r"\(article:[\w-]+\)")
_NAMES_WITH_DIGITS = re.compile(r"3-D Secure")
_FORMAL_ADDRESS = re.compile(r"\b(Pan|Pani|Pana|Panu|Panią|Państwo|Państwa|Państwu)\b")

Ids = frozenset[str]
Check = Callable[[KnowledgeBase, Ids], Iterator[Problem]]


def check(knowledge_base: KnowledgeBase, today: date | None = None, only: Ids | None = None) -> list[Problem]:
    """All problems of a knowledge base, ordered by file and line; `today` decides what is overdue.

    With `only`, those of some articles, as they stand among all the others.
    """
    ids = frozenset(knowledge_base.articles) if only is None else only
    problems = list(knowledge_base.problems) if only is None else []
    for one in _CHECKS:
        problems.extend(one(knowledge_base, ids))
    if only is None:
        problems.extend(_unquoted(knowledge_base))
    problems.extend(_dates(knowledge_base, ids, today or date.today()))
    return sorted(problems, key=lambda p: (str(p.path), p.line, p.what))


def _articles(knowledge_base: KnowledgeBase, ids: Ids) -> Iterator[Article]:
    for article_id in knowledge_base.articles:
        if article_id in ids:
            yield knowledge_base.articles[article_id]


def _texts(knowledge_base: KnowledgeBase, ids: Ids) -> Iterator[tuple[Article, Language, ArticleText]]:
    for article in _articles(knowledge_base, ids):
        for language, text in article.texts.items():
            yield article, language, text


def _line(text: ArticleText, needle: str) -> int:
    return line_of(text.source, needle)


def _languages(knowledge_base: KnowledgeBase, ids: Ids) -> Iterator[Problem]:
    for article in _articles(knowledge_base, ids):
        for language in Language:
            if language not in article.texts:
                path = next(iter(article.texts.values())).path
                what, todo = f"'{article.id}' has no text in '{language}'", f"Add {article.id}.{language}.md"
                yield Problem(path, 1, what, todo, "language", language.value)


def _categories(knowledge_base: KnowledgeBase, ids: Ids) -> Iterator[Problem]:
    for article, _, text in _texts(knowledge_base, ids):
        if text.path.parent.name != article.category:
            todo = f"Move it to {article.category}/ or mend 'category'"
            what, line = f"stands in the folder {text.path.parent.name}", _line(text, "\ncategory:") + 1
            yield Problem(text.path, line, what, todo, "folder", text.path.parent.name)


def _facts(knowledge_base: KnowledgeBase, ids: Ids) -> Iterator[Problem]:
    for _, language, text in _texts(knowledge_base, ids):
        try:
            render_facts(text.body, knowledge_base.facts, language)
        except TemplateProblem as error:
            line = text.body_line + error.line - 1
            todo = "Quote a fact that facts.yaml has, as {{ fact.name }}"
            yield Problem(text.path, line, str(error), todo, "template", str(error))


def quoted_facts(knowledge_base: KnowledgeBase) -> Mapping[str, Sequence[tuple[str, Language]]]:
    """For each fact, the texts that quote it, as (article id, language)."""
    quoted: dict[str, list[tuple[str, Language]]] = {}
    for article, language, text in _texts(knowledge_base, frozenset(knowledge_base.articles)):
        for name in {found[0] or found[1] for found in _FACT_NAMED.findall(text.body)}:
            quoted.setdefault(name, []).append((article.id, language))
    return quoted


def _unquoted(knowledge_base: KnowledgeBase) -> Iterator[Problem]:
    if any(p.path.name != "facts.yaml" for p in knowledge_base.problems):
        return  # an unreadable article may quote what seems unused
    path, quoted = knowledge_base.folder / "facts.yaml", quoted_facts(knowledge_base)
    for name in sorted(set(knowledge_base.facts) - set(quoted)):
        line = line_of(f"\n{knowledge_base.facts_source}", f"\n{name}:")
        what, todo = f"fact '{name}' is quoted nowhere", "Quote it in an article or remove it"
        yield Problem(path, line, what, todo, "unquoted", name)


def _digits(knowledge_base: KnowledgeBase, ids: Ids) -> Iterator[Problem]:
    for _, _, text in _texts(knowledge_base, ids):
        for number, line in enumerate(text.body.splitlines()):
            bare = _NAMES_WITH_DIGITS.sub("", _ARTICLE_LINK.sub("", _LIST_NUMBER.sub("", _EXPRESSION.sub("", line))))
            found = re.search(r"\d+", bare)
            if found:
                what = f"the figure '{found[0]}' is typed into the body"
                todo = "Put it into facts.yaml and quote it"
                yield Problem(text.path, text.body_line + number, what, todo, "digits", found[0])


def _links(knowledge_base: KnowledgeBase, ids: Ids) -> Iterator[Problem]:
    for article, _, text in _texts(knowledge_base, ids):
        for found in _LINK.finditer(text.body):
            target = found["target"] or found["defined"] or ""
            if target.removeprefix("article:") not in knowledge_base.articles or not target.startswith("article:"):
                line = text.body_line + text.body.count("\n", 0, found.start())
                what = f"the link '{target[:SHOWN_MAX]}' leads nowhere"
                yield Problem(text.path, line, what, "Link article:<id>", "link", target[:SHOWN_MAX])
        for related in article.related:
            if related not in knowledge_base.articles or related == article.id:
                line = _line(text, f"  - {related}")
                what = f"related article '{related}' is not another article"
                yield Problem(text.path, line, what, "Name another id", "related", related)


def _phrasings(knowledge_base: KnowledgeBase, ids: Ids) -> Iterator[Problem]:
    own = {_folded(phrasing) for _, _, text in _texts(knowledge_base, ids) for phrasing in text.phrasings}
    seen: dict[str, tuple[str, Path]] = {}
    others = frozenset(knowledge_base.articles) - ids
    for article, _, text in _texts(knowledge_base, others if len(others) <= COMPARED_MAX else frozenset()):
        for phrasing in text.phrasings:
            if _folded(phrasing) in own:
                seen[_folded(phrasing)] = article.id, text.path
    for article, language, text in _texts(knowledge_base, ids):
        if len(text.phrasings) < PHRASINGS_MIN[language]:
            what = f"{len(text.phrasings)} phrasings"
            todo = f"Write at least {PHRASINGS_MIN[language]}, as different as players are"
            line = _line(text, "\nphrasings:") + 1
            yield Problem(text.path, line, what, todo, "few_phrasings", str(len(text.phrasings)))
        for phrasing in text.phrasings:
            key = _folded(phrasing)
            if key in seen:
                other_id, other_path = seen[key]
                what = f"the phrasing '{phrasing}' stands in {other_path.name} too"
                todo = f"Keep it in {article.id} or {other_id}"
                yield Problem(text.path, _line(text, phrasing), what, todo, "same_phrasing", phrasing)
            seen.setdefault(key, (article.id, text.path))


@functools.lru_cache(maxsize=PHRASINGS_REMEMBERED)
def _folded(phrasing: str) -> str:
    decomposed = unicodedata.normalize("NFKD", phrasing.casefold().replace("ł", "l"))
    return " ".join(re.findall(r"\w+", "".join(c for c in decomposed if not unicodedata.combining(c))))


def _bodies(knowledge_base: KnowledgeBase, ids: Ids) -> Iterator[Problem]:
    for article, language, text in _texts(knowledge_base, ids):
        words = len(_EXPRESSION.sub("xx xx", text.body).split())
        if not WORDS_MIN <= words <= WORDS_MAX:
            todo = f"Write between {WORDS_MIN} and {WORDS_MAX}"
            yield Problem(text.path, text.body_line, f"the body has {words} words", todo, "length", str(words))
        for code, pattern, what, todo in (
            ("html", _RAW_HTML, "raw HTML", "Write plain Markdown"),
            ("formal", _FORMAL_ADDRESS, "formal address", "Write in the second person, without Pan or Pani"),
        ):
            found = pattern.search(text.body)
            if found:
                line = text.body_line + text.body.count("\n", 0, found.start())
                yield Problem(text.path, line, f"{what} ('{found[0]}')", todo, code, found[0])
        if article.risk is RiskClass.PROTECT:
            yield from _promotion(language, text)


def _promotion(language: Language, text: ArticleText) -> Iterator[Problem]:
    for number, line in enumerate(text.body.splitlines()):
        found = PROMOTION[language].search(_ARTICLE_LINK.sub("", line).lower())
        if found:
            what = f"'{found[0]}' in a text that protects players"
            todo = "Take promotion out of protect articles"
            yield Problem(text.path, text.body_line + number, what, todo, "promotion", found[0])


def _dates(knowledge_base: KnowledgeBase, ids: Ids, today: date) -> Iterator[Problem]:
    for _, _, text in _texts(knowledge_base, ids):
        if text.review_by <= text.reviewed:
            line = _line(text, "\nreview_by:") + 1
            yield Problem(text.path, line, "'review_by' is not after 'reviewed'", "Give a later date", "dates")
        elif text.review_by < today:
            line = _line(text, "\nreview_by:") + 1
            what = f"the review was due on {text.review_by}; the bot no longer answers with it"
            yield Problem(text.path, line, what, "Review the text and set both dates", "overdue", str(text.review_by))


_CHECKS: tuple[Check, ...] = (_languages, _categories, _facts, _digits, _links, _phrasings, _bodies)
