"""An exported folder against what the editors' room has: what taking it over would add, change and remove."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.content.assembling import contents_of
from api.content.service import Content
from api.content.values import Key
from api.importing.values import Kind, Planned
from api.staff.values import Staff
from knowledge_base.checks import check
from knowledge_base.exchange import ExchangeError
from knowledge_base.reading import KnowledgeBase, read_knowledge_base
from knowledge_base.writing import article_markdown, facts_yaml

PROBLEMS_SHOWN = 10


def read_folder(folder: Path) -> KnowledgeBase:
    """What an exported folder holds; ExchangeError if its content has problems."""
    base = read_knowledge_base(folder)
    problems = [*base.problems, *check(base)] if base.problems else check(base)
    wrong = [problem for problem in dict.fromkeys(problems) if problem.code != "overdue"]
    if wrong:
        shown = "\n".join(str(problem) for problem in wrong[:PROBLEMS_SHOWN])
        raise ExchangeError(f"{folder} has {len(wrong)} problems, nothing was imported:\n{shown}")
    return base


async def plan_folder(content: Content, base: KnowledgeBase) -> list[Planned]:
    """Each entry that would be added, changed or removed, by name, against the newest versions."""
    heads = {head.key: head for head in await content.heads()}
    wanted = contents_of(base)
    newest = await content.contents([(head.key, head.head) for head in heads.values()])
    planned = []
    for key in sorted({*wanted, *heads}):
        head, new = heads.get(key), wanted.get(key)
        if head is None:
            planned.append(Planned(Kind.ADD, key, new, 0))
        elif new is None:
            planned += [] if head.is_archived else [Planned(Kind.REMOVE, key, None, head.head)]
        elif head.is_archived or newest[key, head.head] != new:
            planned.append(Planned(Kind.CHANGE, key, new, head.head))
    return planned


async def take_over(content: Content, plan: Sequence[Planned], by: Staff | None, note: str) -> list[tuple[Key, int]]:
    """New versions for everything in the plan, all or none; what there is to publish now."""
    return await content.save_plan([(each.key, each.content, each.base) for each in plan], by, note)


def write_folder(base: KnowledgeBase, folder: Path) -> int:
    """Articles and facts as files in a new folder; how many."""
    files = {folder / "facts.yaml": facts_yaml(base.facts.values())}
    for article in base.articles.values():
        for language in article.texts:
            path = folder / "articles" / article.category / f"{article.id}.{language.value}.md"
            files[path] = article_markdown(article, language)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return len(files)
