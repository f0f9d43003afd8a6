"""After a sign of gambling harm, of danger to life or of a minor, a conversation never again shows a promotion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.conversations.values import Urgency
from bot.decision import Decision, Proposal, Reason
from knowledge_base.promotion import is_promotional
from knowledge_base.published import PublishedArticle

URGENCY = {Reason.CRISIS: Urgency.CRISIS, Reason.FRAUD: Urgency.URGENT, Reason.MINOR: Urgency.URGENT}


def sets_protection(decision: Decision) -> bool:
    """Whether this message protects the conversation from here on."""
    return decision.is_protected or decision.reason is Reason.MINOR


def is_promotion(articles: Mapping[str, PublishedArticle], article_id: str) -> bool:
    """Whether the article so much as speaks of offers."""
    return article_id in articles and is_promotional(articles[article_id])


def without_promotion(proposals: Iterable[Proposal], articles: Mapping[str, PublishedArticle]) -> tuple[Proposal, ...]:
    """Those that a protected player may read."""
    return tuple(p for p in proposals if not is_promotion(articles, p.id))


def urgency_of(reason: Reason) -> Urgency:
    """Where in the queue a reason puts a conversation."""
    return URGENCY.get(reason, Urgency.NORMAL)
