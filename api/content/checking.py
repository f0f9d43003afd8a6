"""What stands in the way of publishing: the checks of `krupier kb check`, on versions instead of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.rendering import Replies
from indexer.assembly import warsaw_now
from knowledge_base.article import Article, Problem
from knowledge_base.checks import check, quoted_facts
from knowledge_base.reading import KnowledgeBase, problem_of_document
from knowledge_base.rendering import TemplateProblem

SOFT = frozenset({"unquoted", "overdue"})  # true of what is published already; nobody is told anything wrong by it
COUNTED = frozenset({"few_phrasings", "length"})  # faults that name a number


def new_problems(before: KnowledgeBase, after: KnowledgeBase, today: date) -> list[Problem]:
    """What is wrong with `after` and was not with `before`; what was wrong already stops nobody else's change."""
    return new_against(all_problems(before, today), before, after, all_problems(after, today))


def all_problems(base: KnowledgeBase, today: date) -> list[Problem]:
    """What is wrong with a knowledge base; of a thousand articles it takes a second to find out."""
    return [*check(base, today), *_replies(base)]


def new_against(
    known_problems: Sequence[Problem], before: KnowledgeBase, after: KnowledgeBase, problems: Sequence[Problem]
) -> list[Problem]:
    """As `new_problems`, where the problems of both are known already."""
    known = Counter(map(_what, known_problems))
    new = []
    for problem in [*problems, *_unreadable(before, after)]:
        known[_what(problem)] -= 1
        if known[_what(problem)] < 0 and problem.code not in SOFT:
            new.append(problem)
    return new


def article_problems(base: KnowledgeBase, article_id: str, today: date) -> list[Problem]:
    """What is wrong with one article among all others."""
    found = check(base, today, frozenset({article_id}))
    return [*_document_problems(base.articles[article_id]), *found] if article_id in base.articles else found


def articles_quoting(base: KnowledgeBase, fact: str) -> dict[str, list[str]]:
    """Article id -> the languages in which it quotes the fact."""
    found: dict[str, list[str]] = {}
    for article_id, language in sorted(quoted_facts(base).get(fact, ())):
        found.setdefault(article_id, []).append(language.value)
    return found


def _what(problem: Problem) -> tuple[str, str, str]:
    what = "" if problem.code in COUNTED else problem.what  # five phrasings instead of four are no new fault
    return problem.path.name, problem.code, what


def _unreadable(before: KnowledgeBase, after: KnowledgeBase) -> list[Problem]:
    """Changed articles that could not be read back from their files, e.g. without a title."""
    changed = [a for i, a in after.articles.items() if before.articles.get(i) != a]
    return [problem for article in changed for problem in _document_problems(article)]


def _document_problems(article: Article) -> Sequence[Problem]:
    found = (problem_of_document(text.path, text.source) for text in article.texts.values())
    return [problem for problem in found if problem]


def _replies(base: KnowledgeBase) -> list[Problem]:
    """The bot's own sentences quote facts too."""
    try:
        Replies(base.facts, warsaw_now).check()
    except TemplateProblem as error:
        what, todo = f"a reply of the bot: {error}", "Keep the fact"
        return [Problem(base.folder / "facts.yaml", 1, what, todo, "reply_fact", str(error))]
    return []
