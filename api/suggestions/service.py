"""Drafts are made when a player's message arrives, stored, shown to whoever looks, and their fate is kept."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import anyio
import anyio.to_thread

from api.conversations import queries as conversation_queries
from api.conversations.bot_messages import title_of
from api.conversations.changing import Change
from api.conversations.protection import sets_protection, without_promotion
from api.conversations.turn import Turn
from api.conversations.values import Author, Channel, Conversation, Event, Kind, NewEvent
from api.database.connection import Database
from api.engine import Engine
from api.suggestions import queries
from api.suggestions.drafting import LETTER_MAX, NEAREST, WHOLE_MAX, counterpart, drafts, render
from api.suggestions.figures import figures_in, strange_figures
from api.suggestions.values import Draft, ShownSuggestion, Suggestion
from bot.bot import Bot
from bot.decision import Decision, Proposal, Reason
from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle

TEMPLATES = {Channel.EMAIL: "email", Channel.FORM: "email"}  # a letter is greeted and signed; a chat goes on
CHAT = "chat"
REASONS_OF_AN_ACCOUNT = frozenset({Reason.ACCOUNT_SPECIFIC.value, Reason.FRAUD.value})


@dataclass(frozen=True)
class Drafted:
    """What was made of a turn."""

    drafts: list[Draft]
    nearest: list[str]


class Suggestions:
    """The use cases; thinking happens off the event loop and with no transaction open."""

    def __init__(self, database: Database, bot: Callable[[], Bot], thinking: anyio.CapacityLimiter) -> None:
        self._database = database
        self._bot = bot
        self._thinking = thinking

    async def make(self, turn: Turn, decision: Decision, engine: Engine) -> Drafted:
        """Drafts for the turn's last message, and the articles that came near."""
        language = answer_language(decision.language, turn.conversation)
        is_protected = turn.conversation.is_protected or sets_protection(decision)
        make = functools.partial(_made, engine.bot, turn, decision, language, is_protected=is_protected)
        return await anyio.to_thread.run_sync(make, limiter=self._thinking)

    async def keep(self, change: Change, answers: int, drafted: Drafted) -> None:
        """Store them with a change of the conversation, but of articles that were taken away meanwhile."""
        articles = self._bot().articles
        kept = [draft for draft in drafted.drafts if draft.article_id in articles]
        stored = await queries.add(change.connection, change.conversation.id, answers, kept, change.at)
        shown = [{"id": s.id, "article": s.article_id, "confidence": round(s.confidence, 4)} for s in stored]
        payload = {"answers": answers, "suggestions": shown, "nearest": drafted.nearest}
        change.add(NewEvent(Kind.SUGGESTIONS_SHOWN, Author.SYSTEM, payload))
        change.set(suggested_number=answers)

    async def shown(self, conversation_id: str, staff_id: int, name: str) -> dict[str, Any]:
        """The drafts for the newest message they were made for, as this consultant would send them."""
        async with self._database.reading() as connection:
            conversation = await conversation_queries.conversation_by_id(connection, conversation_id)
            event = await conversation_queries.last_of_kind(connection, conversation_id, Kind.SUGGESTIONS_SHOWN)
            if conversation is None or event is None or conversation.suggested_number < conversation.player_number:
                answers = conversation.player_number if conversation else 0
                is_protected = conversation.is_protected if conversation else False
                return {
                    "answers": answers, "is_ready": False, "suggestions": [], "nearest": [],
                    "is_protected": is_protected,
                }  # fmt: skip
            answers = event.payload["answers"]
            stored = await queries.of_message(connection, conversation_id, answers)
            is_first = not await conversation_queries.has_spoken(connection, conversation_id, staff_id)
        articles = self._bot().articles
        still_there = [s for s in stored if s.article_id in articles]
        drafted = [self.as_shown(s, conversation, name, is_first=is_first) for s in still_there]
        nearest = [
            {"id": article_id, "title": title_of(articles, article_id, answer_language("", conversation))}
            for article_id in event.payload["nearest"]
            if article_id in articles
        ]
        return {
            "answers": answers,
            "is_ready": True,
            "suggestions": [each.to_json() for each in drafted],
            "nearest": nearest,
            "is_protected": conversation.is_protected,
        }

    def as_shown(
        self, suggestion: Suggestion, conversation: Conversation, name: str, *, is_first: bool
    ) -> ShownSuggestion:
        """A draft with salutation, next step and signature."""
        article = self._bot().articles.get(suggestion.article_id)
        language = Language(suggestion.lang)
        text = article.texts.get(language) if article else None
        shown = {
            "id": suggestion.article_id,
            "title": text.title if text else suggestion.article_id,
            "category": article.category if article else "",
        }
        words = self.text_of(suggestion, conversation, name, is_first=is_first)
        facts = tuple(dict.fromkeys(figure.written for figure in figures_in(suggestion.body)))
        return ShownSuggestion(
            suggestion.id, suggestion.answers, shown, suggestion.lang, suggestion.confidence,
            text.reviewed if text else None, suggestion.why, words, suggestion.status.value, facts,
            self._other(suggestion, article, conversation, name, is_first=is_first),
        )  # fmt: skip

    def _other(
        self, suggestion: Suggestion, article: PublishedArticle | None, conversation: Conversation, name: str,
        *, is_first: bool,
    ) -> dict[str, str] | None:  # fmt: skip
        """The draft in the other language, so that who reads only that one knows what it says; None without a text."""
        language = Language(suggestion.lang)
        other = Language.PL if language is Language.EN else Language.EN
        text, other_text = (article.texts.get(each) if article else None for each in (language, other))
        if text is None or other_text is None or text.body is None or other_text.body is None:
            return None
        body = counterpart(suggestion.body, text.body, other_text.body)
        words = self.text_of(replace(suggestion, lang=other.value, body=body), conversation, name, is_first=is_first)
        return {"lang": other.value, "title": other_text.title, "text": words}

    def text_of(self, suggestion: Suggestion, conversation: Conversation, name: str, *, is_first: bool) -> str:
        """What would be sent if nothing were changed."""
        template = TEMPLATES.get(conversation.channel, CHAT)
        return render(
            template, Language(suggestion.lang), name=name, body=suggestion.body, is_first=is_first,
            is_account_specific=conversation.reason in REASONS_OF_AN_ACCOUNT, is_protected=conversation.is_protected,
        )  # fmt: skip


def figures_changed(text: str, draft: str, asked: Sequence[Event]) -> list[str]:
    """Figures of an edited draft that neither the draft's facts nor the player's own words have."""
    return strange_figures(text, [draft, *(event.payload["text"] for event in asked)])


def answer_language(detected: str, conversation: Conversation) -> Language:
    """The language a reply is written in: the message's, or else the page's."""
    return Language(detected) if detected in set(Language) else Language(conversation.lang)


def _made(bot: Bot, turn: Turn, decision: Decision, language: Language, *, is_protected: bool) -> Drafted:
    proposals: Sequence[Proposal] = decision.candidates
    if not proposals and decision.reason is not Reason.SMALLTALK:
        proposals = bot.suggest(decision.text, turn.history, is_protected)
    most = LETTER_MAX if turn.conversation.channel.is_written else WHOLE_MAX
    made = drafts(bot, decision.text, language, proposals, is_protected=is_protected, most=most)
    near = without_promotion(proposals, bot.articles) if is_protected else tuple(proposals)
    drafted = {draft.article_id for draft in made}
    return Drafted(made, [p.id for p in near if p.id not in drafted][:NEAREST])
