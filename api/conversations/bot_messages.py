"""A decision as the bot's message: what is said, offered and cited, and for the desk why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.conversations.protection import is_promotion
from api.conversations.values import Author, Kind, NewEvent
from api.reply_parts import readable, reply_choices, reply_language, reply_words
from bot.bot import Bot
from bot.decision import Action, Decision, Reason
from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle


def bot_message(decision: Decision, articles: Mapping[str, PublishedArticle], answers: int) -> NewEvent:
    """The event that says the decision's reply."""
    language = reply_language(decision)
    sources = []
    for article_id in decision.articles:
        text = readable(articles, article_id, language)
        if text:
            url = f"/articles/{article_id}?lang={language.value}"
            source = {"id": article_id, "title": text.title, "reviewed": text.reviewed.isoformat(), "url": url}
            sources.append(source)
    payload = {
        "text": reply_words(decision),
        "action": decision.action.value,
        "reason": decision.reason.value,
        "language": language.value,
        "choices": list(reply_choices(decision, articles)),
        "sources": sources,
        "answers": answers,
        "decision": trace(decision, articles),
    }
    return NewEvent(Kind.MESSAGE, Author.BOT, payload)


def trace(decision: Decision, articles: Mapping[str, PublishedArticle]) -> dict[str, Any]:
    """Why it was decided, for the desk."""
    language = reply_language(decision)
    return {
        "action": decision.action.value,
        "reason": decision.reason.value,
        "confidence": round(decision.confidence, 4),
        "language": decision.language,
        "candidates": [
            {"id": c.id, "title": title_of(articles, c.id, language), "confidence": round(c.confidence, 4)}
            for c in decision.candidates
        ],
        "masked": [item.type.value for item in decision.masked],
    }


def title_of(articles: Mapping[str, PublishedArticle], article_id: str, language: Language) -> str:
    """An article's title; its id where it has none any more."""
    article = articles.get(article_id)
    text = article.texts.get(language) if article else None
    return text.title if text else article_id


def fitting(decision: Decision, bot: Bot, *, is_protected: bool, has_just_asked: bool) -> Decision:
    """The decision as this conversation may have it: no promotion to the protected, and no second question back."""
    shown = decision.articles or decision.choices
    is_speaking = decision.action in {Action.ANSWER, Action.CLARIFY}
    if is_protected and is_speaking and any(is_promotion(bot.articles, article_id) for article_id in shown):
        return _handed_over(decision, Reason.NEEDS_PERSON, bot)
    if has_just_asked and decision.action is Action.CLARIFY and decision.reason is Reason.AMBIGUOUS:
        return _handed_over(decision, Reason.AMBIGUOUS, bot)
    return decision


def _handed_over(decision: Decision, reason: Reason, bot: Bot) -> Decision:
    reply = bot.replies.escalate(reason, reply_language(decision))
    return replace(decision, action=Action.ESCALATE, reason=reason, articles=(), choices=(), reply=reply)
