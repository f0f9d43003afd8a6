"""The editors' room as use cases: writing and releasing, over one database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.content.checking import articles_quoting
from api.content.drafts import Drafts
from api.content.problems import FactInUseError, NotReviewedError
from api.content.releases import Releases
from api.content.reviews import Reviews
from api.content.values import ArticleContent, Contents, EntryKind, Head, Key, Status, Version
from api.database.connection import Database
from api.staff.values import Staff
from knowledge_base.article import RiskClass
from knowledge_base.reading import KnowledgeBase


@dataclass(frozen=True)
class Waiting:
    """An entry with something newer than what players get, and whether it may be published."""

    head: Head
    needs_review: bool

    @property
    def is_ready(self) -> bool:
        """Whether nobody has to look at it any more."""
        return self.head.status is Status.APPROVED or not self.needs_review


class Content(Drafts, Reviews, Releases):
    """All of it; `review_classes` are the risk classes whose versions a second editor has to approve."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], folder: Path, review_classes: frozenset[RiskClass]
    ) -> None:
        Drafts.__init__(self, database, now)
        Reviews.__init__(self, database, now)
        Releases.__init__(self, database, now, folder)
        self.review_classes = review_classes

    async def waiting(self) -> list[Waiting]:
        """Everything that could be published, or reviewed first."""
        live = (await self.published()).knowledge_base
        drafts = await self.drafted()
        return [Waiting(head, self._needs_review(live, head.key, head.summary.get("risk"))) for head in drafts]

    async def needs_review(self, key: Key, content: Contents) -> bool:
        """Whether a second editor has to approve this content before it is published."""
        risk = content.risk if isinstance(content, ArticleContent) else None
        return self._needs_review((await self.published()).knowledge_base, key, risk)

    async def refuse_unready(self, chosen: Iterable[tuple[Key, int]]) -> None:
        """NotReviewedError unless each is the newest version of its entry and nobody has to look at it any more."""
        ready = {(each.head.key, each.head.head) for each in await self.waiting() if each.is_ready}
        for key, number in chosen:
            if (key, number) not in ready:
                raise NotReviewedError(
                    f"Version {number} of '{key.name}' cannot be published: it is not the newest, or a second editor "
                    "has to approve it first.",
                    key=str(key),
                )

    async def delete_fact(self, key: Key, by: Staff, note: str) -> Version:
        """A draft that takes a fact away; FactInUseError while an article, published or drafted, quotes it."""
        used = await self.quoting(key.name)
        if used:
            raise FactInUseError(
                f"The fact '{key.name}' stands in {', '.join(sorted(used))}; take it out there first.",
                articles=sorted(used),
            )
        return await self.archive(key, by, note)

    async def quoting(self, fact: str) -> dict[str, list[str]]:
        """The articles, published or as their newest drafts stand, that quote a fact, with the languages."""
        drafts = [
            (h.key, h.head) for h in await self.drafted() if h.key.kind is EntryKind.ARTICLE and not h.is_archived
        ]
        used = articles_quoting((await self.published()).knowledge_base, fact)
        if drafts:
            drafted = articles_quoting((await self.candidate(drafts)).knowledge_base, fact)
            used |= {article: sorted({*used.get(article, ()), *languages}) for article, languages in drafted.items()}
        return used

    def _needs_review(self, live: KnowledgeBase, key: Key, risk: RiskClass | str | None) -> bool:
        """By the class it has and the class it would get; a fact goes by the articles that quote it."""
        if key.kind is EntryKind.FACT:
            quoting = articles_quoting(live, key.name)
            return any(live.articles[article].risk in self.review_classes for article in quoting)
        before = live.articles.get(key.name)
        return risk in self.review_classes or (before is not None and before.risk in self.review_classes)
