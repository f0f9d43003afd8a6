"""A player's message at a Chatwoot desk becomes one here; a person's hand over there ends the bot's part here."""

from __future__ import annotations

import anyio.to_thread

from api.chat import Chat
from api.conversations.changing import changing
from api.conversations.service import MESSAGE_MAX, opened
from api.conversations.values import Channel, Outcome, Status
from api.outgoing import chatwoot_queries as queries
from api.outgoing.chatwoot import close_here
from api.outgoing.chatwoot_queries import Theirs
from knowledge_base.article import Language

BOTS = "pending"  # the status in which a conversation is the bot's


async def say(chat: Chat, theirs: Theirs, message_id: int, text: str) -> str:
    """The id of our conversation in which the bot answers; a message that came before is not answered again."""
    client_id, spoken = f"chatwoot-{message_id}", await _language(chat, text)
    async with chat.database.writing() as connection:
        await queries.one_at_a_time(connection, theirs)
        conversation = await queries.newest_of(connection, theirs)
        if await queries.has_said(connection, theirs, client_id):
            assert conversation is not None
            return conversation.id
        if conversation is None or conversation.status is Status.CLOSED:
            earlier = conversation or await queries.newest_of_contact(connection, theirs)
            language = spoken or (Language(earlier.lang) if earlier else Language.PL)
            _, conversation = await opened(connection, language, Channel.CHATWOOT, chat.conversations.now(), earlier)
            await queries.join(connection, theirs, conversation.id, chat.conversations.now())
    if text.strip():
        await chat.say(conversation.id, client_id, text[:MESSAGE_MAX])
    else:  # a picture or a file alone: a person looks at it
        await chat.ask_person(conversation.id)
    return conversation.id


async def leave(chat: Chat, theirs: Theirs, outcome: Outcome) -> None:
    """People over there have it, or have finished it: the bot says nothing more."""
    async with chat.database.reading() as connection:
        conversation = await queries.newest_of(connection, theirs)
    if conversation is None or conversation.status is Status.CLOSED:
        return
    async with changing(chat.database, chat.hub, conversation.id, chat.conversations.now()) as change:
        close_here(change, outcome)


async def _language(chat: Chat, text: str) -> Language | None:
    """Ours, if the message is in one of them; off the event loop, as a general detector may be asked."""
    found = await anyio.to_thread.run_sync(chat.bot().languages.detect, text)
    return Language(found) if found in set(Language) else None
