"""What a consultant sees: the queue, a conversation, its events and drafts, articles, colleagues, figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.datastructures import State

from api.asking import search
from api.chat import Chat
from api.conversations import queries as conversation_queries
from api.conversations.problems import ConversationNotFoundError
from api.conversations.protection import is_promotion
from api.conversations.shown import desk_event
from api.conversations.values import Conversation, Kind
from api.desk import queries
from api.desk.canned_replies import canned_replies
from api.desk.problems import OriginalNotFoundError
from api.desk.views import summary, viewers
from api.staff.service import StaffAccounts
from api.staff.signed_in import ForbiddenError
from api.staff.values import Staff
from api.text import to_html
from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle

PAGE = 100
SEARCH_MIN = 2  # characters


class Desk:
    """Reads only; every answer is what the protocol calls it."""

    def __init__(self, state: State, chat: Chat, accounts: StaffAccounts) -> None:
        self._state = state
        self._chat = chat
        self._accounts = accounts

    async def queue(self, me: Staff, view: str, q: str = "", limit: int = 50, offset: int = 0) -> dict[str, Any]:
        """A view's conversations in order of urgency, and how many each view has."""
        database = self._chat.database
        async with database.scanning() if q or view == "closed" else database.reading() as connection:
            found = await queries.queue(connection, view, me.id, q, limit, offset)
            counts = await queries.counts(connection, me.id)
        return {"counts": counts, "conversations": [self.summary(each) for each in found]}

    async def counts(self, me: Staff) -> dict[str, int]:
        """How many each view has."""
        async with self._chat.database.reading() as connection:
            return await queries.counts(connection, me.id)

    async def conversation(self, me: Staff, conversation_id: str) -> dict[str, Any]:
        """One conversation, with the same player's earlier ones and who else looks at it."""
        async with self._chat.database.reading() as connection:
            found = await conversation_queries.conversation_by_id(connection, conversation_id)
            if found is None:
                raise ConversationNotFoundError("There is no such conversation.")
            earlier = await queries.earlier(connection, found)
        return self.summary(found) | {
            "earlier": [self.summary(each) for each in earlier],
            "is_mine": found.consultant_id == me.id,
            "translation": (translation := await self.translation(conversation_id)),
            "reply_lang": translation["player_language"]
            if translation["player_language"] in set(Language)
            else found.lang,
            "mail": await self._chat.mail.shown(found),
            "viewers": viewers(self._chat.presence.viewers(conversation_id)),
        }

    async def events(
        self, conversation_id: str, after: int | None = None, before: int | None = None, limit: int = PAGE
    ) -> dict[str, Any]:
        """Events after a number, or the last ones before one, or the newest; `more` where that is not all."""
        async with self._chat.database.reading() as connection:
            if await conversation_queries.conversation_by_id(connection, conversation_id) is None:
                raise ConversationNotFoundError("There is no such conversation.")
            if after is not None:
                found = await conversation_queries.events_after(
                    connection, conversation_id, after, limit + 1, for_player=False
                )
                shown = found[:limit]
            else:
                found = await conversation_queries.events_before(connection, conversation_id, before, limit + 1)
                shown = found[-limit:]
        return {"events": [desk_event(event) for event in shown], "more": len(found) > limit}

    async def original(self, me: Staff, conversation_id: str, number: int) -> bytes:
        """A letter as it lies in the mailbox; OriginalNotFoundError where it does not."""
        if not me.may_hold:
            raise ForbiddenError("Editors do not read players' letters.")
        found = await self._chat.mail.original(conversation_id, number)
        if found is None:
            raise OriginalNotFoundError("The mailbox does not have this letter any more, or cannot be reached.")
        return found

    async def message(self, conversation_id: str, number: int) -> dict[str, Any] | None:
        """One message, as `events` shows it."""
        async with self._chat.database.reading() as connection:
            found = await conversation_queries.event(connection, conversation_id, number)
        return desk_event(found) if found is not None and found.kind is Kind.MESSAGE else None

    async def translation(self, conversation_id: str) -> dict[str, Any]:
        """Which language the player writes, and whether the conversation is read through a translation."""
        translations = self._chat.translations
        switch = await translations.state(conversation_id)
        if switch is None:
            theirs = await translations.language_of(conversation_id)
            found = {"is_on": False, "player_language": theirs, "desk_language": None}
        else:
            found = switch.to_json()
        return found | {"is_available": translations.is_available}

    async def translations_of(self, conversation_id: str, first: int) -> dict[int, dict[str, Any]]:
        """What the messages from a number on say in translation."""
        return await self._chat.translations.of_messages(conversation_id, first)

    async def preview(self, conversation_id: str, text: str, written_in: str) -> dict[str, Any]:
        """What is being typed as the player will read it; of what is in the player's language, what it says in ours."""
        state = await self.translation(conversation_id)
        theirs, ours = state["player_language"], state["desk_language"] or written_in
        made = await self._chat.translations.text(text, written_in, ours if written_in == theirs else theirs)
        return {"text": made.text, "language": made.target, "by": made.by, "differences": list(made.differences)}

    async def suggestions(self, me: Staff, conversation_id: str) -> dict[str, Any]:
        """The drafts for the newest message, signed by this consultant."""
        return await self._chat.suggestions.shown(conversation_id, me.id, me.name)

    async def articles(self, q: str, language: Language, conversation_id: str | None) -> dict[str, Any]:
        """Articles that match, whole, to read without leaving the chat; no promotion for a protected player."""
        if len(q.strip()) < SEARCH_MIN:
            return {"articles": []}
        is_protected = False
        if conversation_id is not None:
            is_protected = (await self._chat.conversations.by_id(conversation_id)).is_protected
        engine = self._state.engine  # one engine for proposals and articles, also when it is swapped meanwhile
        shown = []
        for proposal in await search(self._state, engine, q, is_protected):
            article = engine.bot.articles.get(proposal.id)
            text = article.texts.get(language) if article else None
            if text is None or text.body is None or (is_protected and is_promotion(engine.bot.articles, proposal.id)):
                continue
            shown.append(
                {
                    "id": proposal.id,
                    "title": text.title,
                    "category": article.category,
                    "text": text.body,
                    "html": to_html(text.body),
                    "other": _other(article, language),
                    "reviewed": text.reviewed.isoformat(),
                    "confidence": round(proposal.confidence, 4),
                }
            )
        return {"articles": shown}

    async def staff(self) -> list[dict[str, Any]]:
        """Everybody who works here, and who has the desk open."""
        return [
            {
                "id": person.id,
                "name": person.name,
                "role": person.role.value,
                "is_online": self._chat.presence.is_online(person.id),
            }
            for person in await self._accounts.everybody()
        ]

    def canned(self, me: Staff, language: Language) -> list[dict[str, str]]:
        """Ready words, signed by this consultant."""
        return canned_replies(self._chat.settings.knowledge_base, language, me.name)

    async def figures(self, me: Staff, days: int) -> dict[str, Any]:
        """How drafts fared and how long players waited, by consultant and by article."""
        if not me.may_see_figures:
            raise ForbiddenError("Figures of the team are for managers.")
        since = self._chat.conversations.now() - timedelta(days=days)
        async with self._chat.database.scanning() as connection:
            return {
                "suggestions": {
                    "by_consultant": await queries.suggestion_figures(connection, since, by_article=False),
                    "by_article": await queries.suggestion_figures(connection, since, by_article=True),
                },
                "waiting": {
                    "by_consultant": await queries.waiting_figures(connection, since, by_article=False),
                    "by_article": await queries.waiting_figures(connection, since, by_article=True),
                },
            }

    def summary(self, conversation: Conversation) -> dict[str, Any]:
        """A row of the queue."""
        return summary(conversation, self._chat.presence)


def _other(article: PublishedArticle, language: Language) -> dict[str, str] | None:
    """The article in the other language, for who reads only that one."""
    other = Language.PL if language is Language.EN else Language.EN
    text = article.texts.get(other)
    if text is None or text.body is None:
        return None
    return {"lang": other.value, "title": text.title, "text": text.body, "html": to_html(text.body)}
