"""The outbox on both databases, with a transport that does what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.database.connection import Database
from api.database.migration import migrate
from api.mail import outbox_queries as queries
from api.mail.letter import Composed, Letter, Sender, compose
from api.mail.outbox import GIVE_UP, LEASE, Outbox, Patience
from api.mail.transports import NotSentError, UncertainError
from api.mail.values import Outgoing
from tests.databases import fresh_url

pytestmark = pytest.mark.anyio
OWN = "pomoc@bursztyn.example"
START = datetime(2026, 11, 26, 12, tzinfo=UTC)
PATIENCE = Patience(confirm=timedelta(minutes=3))


@dataclass
class Scripted:
    """A transport that answers from a list, and with success when it is used up."""

    answers: list[Exception] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    recipients: list[Sequence[str]] = field(default_factory=list)

    async def send(self, sender: str, recipients: Sequence[str], content: bytes) -> None:
        """As the script says."""
        await asyncio.sleep(0)
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(content)
        self.recipients.append(recipients)


@dataclass
class Office:
    """An outbox, its clock, and what came back for good."""

    database: Database
    transport: Scripted
    now: datetime = START
    failed: list[str] = field(default_factory=list)

    def outbox(self) -> Outbox:
        """A process' own."""
        return Outbox(
            self.database, self.transport, OWN, lambda: self.now, self._came_back, copies=True, patience=PATIENCE
        )

    async def _came_back(self, mail: Outgoing, reason: str) -> None:
        self.failed.append(reason)

    async def put(self, to: str = "jan@x.example") -> Composed:
        """A letter to be sent."""
        letter = Letter(to, "Re: x", "y")
        composed = compose(letter, Sender(OWN, "B"), self.now)
        async with self.database.writing() as connection:
            await queries.add(connection, letter, composed, self.now)
        return composed

    async def work(self) -> int:
        """Everything whose time has come; how many attempts."""
        outbox, attempts = self.outbox(), 0
        while await outbox.send_next():
            attempts += 1
        return attempts


@pytest.fixture(params=["sqlite", "postgresql"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    database = Database(fresh_url(request.param, tmp_path))
    await migrate(database)
    yield Office(database, Scripted())
    await database.close()


async def test_a_letter_is_sent_once_with_a_copy_to_ourselves(office: Office) -> None:
    composed = await office.put()
    assert (await office.work(), await office.work()) == (1, 0)
    assert office.transport.sent == [composed.content]
    assert office.transport.recipients == [("jan@x.example", OWN)]


async def test_several_processes_never_send_the_same_letter(office: Office) -> None:
    for number in range(20):
        await office.put(f"u{number}@x.example")
    await asyncio.gather(*(office.work() for _ in range(4)))
    assert len(office.transport.sent) == len(set(office.transport.sent)) == 20


async def test_a_refusal_for_now_is_tried_again_later_and_later(office: Office) -> None:
    await office.put()
    office.transport.answers = [NotSentError("421 busy"), NotSentError("421 busy"), NotSentError("450 later")]
    waited = []
    for _ in range(4):
        before = office.now
        while not await office.work():
            office.now += timedelta(seconds=30)
        waited.append(office.now - before)
    assert waited == [timedelta(minutes=minutes) for minutes in (0, 1, 2, 5)]
    assert len(office.transport.sent) == 1


async def test_after_two_days_a_person_is_told(office: Office) -> None:
    await office.put()
    office.transport.answers = [NotSentError("timed out"), NotSentError("still timed out")]
    await office.work()
    office.now += GIVE_UP + timedelta(minutes=1)
    await office.work()
    assert office.failed == ["still timed out"]
    office.now += timedelta(days=9)
    assert await office.work() == 0


async def test_an_uncertain_letter_waits_for_its_copy_and_is_then_sent_again(office: Office) -> None:
    composed = await office.put()
    office.transport.answers = [UncertainError("the line broke")]
    await office.work()
    office.now += PATIENCE.confirm - timedelta(seconds=1)
    assert await office.work() == 0
    office.now += timedelta(seconds=2)
    assert await office.work() == 1
    assert office.transport.sent == [composed.content]  # the same Message-ID, the same bytes


async def test_a_copy_that_has_come_proves_that_it_was_sent(office: Office) -> None:
    composed = await office.put()
    office.transport.answers = [UncertainError("the line broke")]
    await office.work()
    async with office.database.writing() as connection:
        assert await queries.confirm(connection, composed.message_id, office.now)
        assert not await queries.confirm(connection, "<somebody.elses@x.example>", office.now)
    office.now += timedelta(days=1)
    assert await office.work() == 0
    assert office.transport.sent == []


async def test_what_a_dead_process_was_sending_is_uncertain(office: Office) -> None:
    await office.put()
    async with office.database.writing() as connection:
        assert await queries.claim(connection, office.now, office.now + LEASE)  # and dies here
    assert await office.work() == 0
    async with office.database.writing() as connection:
        await queries.left_sending(connection, office.now + PATIENCE.confirm)  # as each process does at its start
    assert await office.work() == 0
    office.now += PATIENCE.confirm
    assert await office.work() == 1


async def test_a_copy_that_overtakes_the_servers_answer_is_no_contradiction(office: Office) -> None:
    composed = await office.put()
    async with office.database.writing() as connection:
        mail = await queries.claim(connection, office.now, office.now + LEASE)
        assert mail is not None
        await queries.confirm(connection, composed.message_id, office.now)
    async with office.database.writing() as connection:
        await queries.settle(connection, mail.id, queries.OutgoingStatus.UNCERTAIN, office.now, "too late")
    office.now += timedelta(days=1)
    assert await office.work() == 0
