"""What comes in, on both databases: stored once with its place in the mailbox, whoever reads it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from api.conversations.changing import changing
from api.conversations.hub import Hub
from api.conversations.values import Author, Channel, Event, Kind, NewEvent
from api.database.connection import Database
from api.database.migration import migrate
from api.database.tables import conversations, events, mail_incoming, promises
from api.mail import queries
from api.mail.forms import FormMessage, take_form
from api.mail.receiving import Receiving
from api.mail.values import Fetched
from knowledge_base.article import Language
from tests.databases import fresh_url
from tests.mail.house import ADDRESS, PLAYER, letter

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PROMISED = timedelta(hours=24)


@dataclass
class Room:
    """A database and who reads the mailbox into it."""

    database: Database
    hub: Hub

    def reader(self) -> Receiving:
        """A process' own."""
        return Receiving(self.database, self.hub, lambda: NOW, ADDRESS, PROMISED)

    async def count(self, table: object) -> int:
        """Rows of a table."""
        async with self.database.reading() as connection:
            return (await connection.execute(select(func.count()).select_from(table))).scalar_one()  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgresql"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    database = Database(fresh_url(request.param, tmp_path))
    await migrate(database)
    yield Room(database, Hub())
    await database.close()


def fetched(raw: bytes, uid: int = 1, hours_ago: float = 0) -> Fetched:
    return Fetched("box", 7, uid, NOW - timedelta(hours=hours_ago), len(raw), raw)


async def test_a_letter_and_its_place_are_stored_together(room: Room) -> None:
    reader = room.reader()
    assert (await reader.bookmark("box", 7)).last_uid == 0
    written = await reader.take(fetched(letter("halo"), 41, hours_ago=5))
    assert written is not None
    conversation = written.conversation
    assert (conversation.channel, conversation.subject) == (Channel.EMAIL, "Wypłata")
    assert conversation.due_at == NOW + timedelta(hours=19)  # from when it arrived, not from when it was read
    assert (await reader.bookmark("box", 7)).last_uid == 41
    assert (await reader.bookmark("box", 8)).last_uid == 0  # numbered anew


async def test_two_who_read_the_same_mailbox_make_one_conversation(room: Room) -> None:
    async def read(reader: Receiving, mail: Fetched) -> None:
        for _ in range(5):
            try:
                await reader.take(mail)
            except (
                SQLAlchemyError
            ):  # the other one was quicker; the mailbox reads it again, as it does after any failure
                continue
            return

    mails = [fetched(letter(f"nr {n}", Message_ID=f"<{n}@x.example>"), n + 1) for n in range(8)]
    for reader in (room.reader(), room.reader()):
        await reader.bookmark("box", 7)
    readers = (room.reader(), room.reader())
    await asyncio.gather(*(read(reader, mail) for mail in mails for reader in readers))
    assert await room.count(conversations) == await room.count(mail_incoming) == await room.count(promises) == 8


async def test_a_form_sent_twice_at_once_is_one(room: Room) -> None:
    form = FormMessage("one-client-id", PLAYER, "Jan\nBcc: x@y.pl", "Temat", "treść", Language.PL)
    for _ in range(3):
        await take_form(room.database, room.hub, lambda: NOW, PROMISED, form, None)
    assert await room.count(conversations) == 1
    async with room.database.reading() as connection:
        thread = await queries.last_of_address(connection, PLAYER)
        assert thread is not None
        found = await queries.thread_of(connection, thread.id)
    assert found is not None
    assert found.name == "Jan Bcc: x@y.pl"


async def test_protection_follows_the_address_into_a_new_thread(room: Room) -> None:
    reader = room.reader()
    first = await reader.take(fetched(letter("halo")))
    assert first is not None
    async with changing(room.database, room.hub, first.conversation.id, NOW) as change:
        change.add(NewEvent(Kind.PROTECTED, Author.SYSTEM, {"reason": "crisis"}))
        change.set(is_protected=True)
    again = await reader.take(fetched(letter("co z bonusem", "Bonus", Message_ID="<2@x.example>"), 2))
    assert again is not None
    assert again.conversation.id != first.conversation.id
    assert again.conversation.is_protected
    assert again.conversation.player == first.conversation.player


async def test_nothing_personal_of_a_letter_is_stored_but_the_address(room: Room) -> None:
    text = "PESEL 44051401458, karta 4111 1111 1111 1111\n\n-- \nJan\n600 100 200"
    await room.reader().take(fetched(letter(text, "PESEL 44051401458")))
    async with room.database.reading() as connection:
        rows = (await connection.execute(select(events.c.payload, events.c.folded))).all()
        subjects = (await connection.execute(select(conversations.c.subject, conversations.c.last_text))).all()
    stored = f"{rows} {subjects}"
    assert not any(secret in stored for secret in ("44051401458", "4111", "600 100 200"))


async def test_the_same_message_id_with_other_words_is_another_letter(room: Room) -> None:
    reader = room.reader()
    seen: list[Event] = []
    for uid, text in enumerate(("pierwszy", "drugi", "pierwszy"), start=1):
        written = await reader.take(fetched(letter(text), uid))
        seen += written.events if written else ()
    assert [event.payload["text"] for event in seen if event.kind is Kind.MESSAGE] == ["pierwszy", "drugi"]


async def test_a_mail_of_before_krupier_is_only_counted_past(room: Room) -> None:
    reader = room.reader()
    await reader.bookmark("box", 7)
    await reader.skip(replace(fetched(b""), uid=9))
    assert (await reader.bookmark("box", 7)).last_uid == 9
    assert await room.count(conversations) == 0
