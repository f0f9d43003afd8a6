"""A few call-backs for the demonstration: one overdue, one soon, one tomorrow."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from api.callbacks import queries
from api.callbacks.free_places import FreePlaces
from api.callbacks.told import told_event
from api.callbacks.values import CallStatus
from api.chat import Chat
from api.conversations.changing import changing
from api.conversations.service import hashed
from api.conversations.values import Author, Channel, Kind
from knowledge_base.article import Language

OVERDUE = timedelta(minutes=12)
SAMPLES = (  # language, number (not given to anybody), topic, which free slot; none: overdue already
    (Language.PL, "+48512555010", "Przelew z wypłaty miał być wczoraj, proszę o telefon.", None),
    (Language.EN, "+48512555011", "Which documents do you still need from me?", 0),
    (Language.PL, "+48225550177", "Chcę ustawić limit wpłat i nie wiem, który wybrać.", 12),
)


async def add_sample_callbacks(chat: Chat) -> None:
    """All of them, unless there are some."""
    async with chat.database.reading() as connection:
        if await queries.lately_closed(connection) or await queries.to_call(connection):
            return
    for language, number, topic, slot in SAMPLES:
        await _add(chat, language, number, topic, slot)


async def _add(chat: Chat, language: Language, number: str, topic: str, slot: int | None) -> None:
    places = FreePlaces(chat)
    free = await places.free(language)
    if places.rules is None or (slot is not None and slot >= len(free)):
        return
    now = chat.conversations.now()
    slot_at: datetime = now - OVERDUE if slot is None else free[slot]
    _, conversation = await chat.conversations.start(language, channel=Channel.PHONE)
    async with changing(chat.database, chat.hub, conversation.id, now) as change:
        row = {
            "token_hash": hashed(secrets.token_urlsafe(32)), "conversation_id": conversation.id,
            "lang": language.value, "number": number, "email": None, "topic": topic, "slot_at": slot_at,
            "slot_minutes": places.rules.slot_minutes, "place": None if slot is None else 0, "due_at": slot_at,
            "status": CallStatus.BOOKED, "attempts": 0, "sequence": 0, "urgency": conversation.urgency,
            "created_at": now,
        }  # fmt: skip
        callback = await queries.by_id(change.connection, await queries.add(change.connection, row))
        assert callback is not None
        change.add(told_event(Kind.CALLBACK_BOOKED, callback, topic=topic))
        change.set(last_text=topic, last_author=Author.PLAYER.value)
