"""What a process has left untranslated is translated by the next one, on both databases; nothing is done twice."""

from __future__ import annotations

import asyncio

import pytest

from api.conversations.hub import Hub
from api.conversations.queries import events_after
from api.conversations.service import Conversations, utc_now
from api.conversations.values import Event, Kind
from api.database.connection import Database
from api.staff.service import StaffAccounts
from api.staff.values import Role, Staff
from api.translation.checked import CheckedTranslator
from api.translation.service import Translations
from knowledge_base.article import Language
from tests.fakes import FakeLanguages

pytestmark = pytest.mark.anyio
PATIENCE_SECONDS = 30


class Shouting:
    """A translator that needs no server: upper case is another language."""

    name = "Shouting"

    async def open(self) -> None:
        """Nothing to load."""

    async def translate(self, text: str, source: str, target: str) -> str:
        return text.upper()

    async def close(self) -> None:
        """Nothing to give back."""


def process(database: Database) -> Translations:
    """Translations of a process of its own, with its own hub."""
    return Translations(database, Hub(), CheckedTranslator(Shouting(), 20), FakeLanguages().detect, frozenset, utc_now)


async def anna(database: Database) -> Staff:
    accounts = StaffAccounts(database, utc_now)
    await accounts.add("anna@bursztyn.example", "Anna", Role.CONSULTANT, "a-long-enough-password")
    return (await accounts.everybody())[0]


async def translated(database: Database, conversation: str, count: int) -> list[Event]:
    """The translations, once there are so many."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with database.reading() as connection:
                events = await events_after(connection, conversation, 0, 100, for_player=False)
            found = [event for event in events if event.kind is Kind.TRANSLATED]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.01)


async def test_the_next_process_translates_what_was_left_and_only_that(database: Database) -> None:
    me, conversations = await anna(database), Conversations(database, Hub(), utc_now)
    _, conversation = await conversations.start(Language.EN)
    await conversations.say(conversation.id, "client-1", "hello where is it")
    first = process(database)
    await first.switch(me, conversation.id, "pl", None, is_on=True)
    assert [event.payload["text"] for event in await translated(database, conversation.id, 1)] == ["HELLO WHERE IS IT"]
    await first.close()
    await conversations.say(conversation.id, "client-2", "is the money lost")  # while nobody listens

    second = process(database)
    second.open()
    found = await translated(database, conversation.id, 2)
    await second.close()
    assert [event.payload["text"] for event in found] == ["HELLO WHERE IS IT", "IS THE MONEY LOST"]


async def test_switching_twice_is_switching_once(database: Database) -> None:
    me, conversations = await anna(database), Conversations(database, Hub(), utc_now)
    _, conversation = await conversations.start(Language.EN)
    await conversations.say(conversation.id, "client-1", "hello")
    translations = process(database)
    first = await translations.switch(me, conversation.id, "pl", None, is_on=True)
    await translated(database, conversation.id, 1)
    again = await translations.switch(me, conversation.id, "pl", None, is_on=True)
    off = await translations.switch(me, conversation.id, "pl", None, is_on=False)
    await translations.close()
    assert [written.is_repeat for written in (first, again, off)] == [False, True, False]
