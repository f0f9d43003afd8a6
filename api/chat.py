"""The chat of one app: its parts, made once and joined here, and the one rule that joins them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from starlette.datastructures import State

from api.asking import ask
from api.conversations.availability import Watch
from api.conversations.by_itself import ByItself
from api.conversations.closing_time import ClosingTime
from api.conversations.hub import Hub
from api.conversations.presence import Presence
from api.conversations.service import Clock, Conversations, utc_now
from api.conversations.turns import Drafting, Turns
from api.conversations.values import Conversation, Written
from api.database.connection import Database, database_url
from api.database.migration import migrate
from api.facts import facts_of
from api.limits import Limiter, Places, Rate
from api.mail.assembly import mail_options
from api.mail.service import Mail
from api.opening.service import Opening
from api.outgoing.assembly import Outgoing, make_outgoing
from api.promises.service import Promises
from api.settings import Settings
from api.suggestions.service import Suggestions
from api.translation.assembly import make_translations
from api.translation.service import Translations
from bot.bot import Bot


@dataclass(frozen=True)
class Limits:
    """What one address may do, whatever it connects by."""

    sockets: Places
    messages: Limiter
    requests: Limiter  # over HTTP, with a token
    starts: Limiter
    searches: Limiter


@dataclass(frozen=True)
class Chat:
    """Everything the edges need."""

    settings: Settings
    database: Database
    hub: Hub
    presence: Presence
    conversations: Conversations
    turns: Turns
    suggestions: Suggestions
    translations: Translations
    limits: Limits
    bot: Callable[[], Bot]
    opening: Opening
    closing_time: ClosingTime
    mail: Mail
    promises: Promises
    outgoing: Outgoing

    async def say(self, conversation_id: str, client_id: str, text: str) -> Written:
        """A player's message: stored, told, and then thought about."""
        written = await self.conversations.say(conversation_id, client_id, text)
        if not written.is_repeat:
            self.turns.touch(written.conversation)
        return written

    async def ask_person(self, conversation_id: str) -> Written:
        """The player wants to talk to a person, who shall find drafts when they come."""
        written = await self.conversations.ask_person(conversation_id, self.bot())
        if not written.is_repeat:
            self.turns.draft_soon(written.conversation)
        return written

    def draft_soon(self, conversation: Conversation) -> None:
        """A person has taken over and wants drafts."""
        self.turns.draft_soon(conversation)

    async def open(self) -> None:
        """Before the first request."""
        await migrate(self.database)
        self.turns.open()
        self.closing_time.open()
        self.translations.open()
        self.mail.open()
        self.promises.open()
        self.outgoing.open()

    async def close(self) -> None:
        """After the last."""
        await self.outgoing.close()
        await self.mail.close()
        await self.promises.close()
        await self.turns.close()
        await self.closing_time.close()
        await self.translations.close()
        await self.database.close()


def make_chat(settings: Settings, state: State, now: Clock = utc_now) -> Chat:
    """All parts, joined; nothing is opened yet. `state` is the app's, which holds the engine in use."""
    database = Database(database_url(settings.database_url, settings.data, settings.database_file))
    hub = Hub(lambda event: state.metrics.events.labels(event.kind.value, event.author.value).inc())
    turns = Turns(database, hub, lambda: state.engine, functools.partial(ask, state), now, settings.turn_wait_seconds)
    limits = Limits(
        Places(settings.sockets_per_address),
        Limiter(_a_minute(settings.messages_per_minute)),
        Limiter(Rate(600, 60)),
        Limiter(_a_minute(settings.conversations_per_minute)),
        Limiter(Rate(20, 10)),
    )
    suggestions = Suggestions(database, lambda: state.engine.bot, state.thinking)
    turns.drafting = Drafting(suggestions.make, suggestions.keep)
    conversations = Conversations(database, hub, now)
    presence = Presence(hub)
    facts = facts_of(settings.knowledge_base)
    opening = Opening(database, now, facts)
    turns.watch = conversations.watch = Watch(opening, presence.is_staffed, facts)
    translations = make_translations(settings, database, hub, lambda: state.engine.bot, now)
    mail = Mail(database, hub, now, mail_options(settings), turns.touch)
    turns.by_itself = ByItself(settings.mail_automatic_classes, help_lines=settings.mail_help_lines)
    promises = Promises(database, hub, now, timedelta(hours=settings.mail_warn_hours))
    return Chat(
        settings, database, hub, presence, conversations, turns, suggestions, translations, limits,
        lambda: state.engine.bot, opening, ClosingTime(database, hub, opening, now), mail, promises,
        make_outgoing(settings, database, hub, now),
    )  # fmt: skip


def _a_minute(count: int) -> Rate:
    return Rate(count, count / 60)
