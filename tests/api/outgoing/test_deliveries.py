"""What is told is told at least once, on both databases, with growing pauses, and signed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from api.conversations.hub import Hub
from api.conversations.service import Conversations
from api.database.connection import Database
from api.database.migration import migrate
from api.database.tables import webhooks
from api.outgoing import queries
from api.outgoing.deliveries import LEASE_SECONDS, WEBHOOK_PAUSES, Deliveries, Route
from api.outgoing.network import Guard, networks
from api.outgoing.posting import Poster
from api.outgoing.sending import WebhookSender
from api.outgoing.service import Webhooks
from api.outgoing.values import Delivery, DeliveryFailedError, DeliveryStatus, Told, Webhook
from knowledge_base.article import Language
from tests.databases import fresh_url
from tests.receiving import Answer, Receiver, receiving

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SECONDS = 20.0


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


class Desk:
    """A database with one webhook, and what sends to it."""

    def __init__(self, database: Database, receiver: Receiver, seconds: float = SECONDS) -> None:
        self.database, self.receiver, self.clock, self.hub = database, receiver, Clock(), Hub()
        guard = Guard(networks("127.0.0.0/8"))
        self.webhooks = Webhooks(database, guard, self.clock)
        self.hub.followers.append(self.webhooks.follow)
        self.poster = Poster(guard, seconds)
        route = Route(WebhookSender(database, self.poster, self.clock).send, WEBHOOK_PAUSES)
        self.deliveries = Deliveries(database, self.hub, {"webhook": route}, self.clock)
        self.conversations = Conversations(database, self.hub, self.clock)

    async def add(self, *kinds: Told) -> int:
        async with self.database.writing() as connection:
            row = {
                "url": f"{self.receiver.address}/hook", "secret": "whsec_" + base64.b64encode(b"k" * 32).decode(),
                "kinds": list(kinds or Told), "is_active": True, "created_at": NOON,
            }  # fmt: skip
            return int((await connection.execute(insert(webhooks).values(row).returning(webhooks.c.id))).scalar_one())

    async def talk(self) -> str:
        _, conversation = await self.conversations.start(Language.PL)
        await self.conversations.say(conversation.id, "client-1", "tajne słowa gracza")
        await self.conversations.rate(conversation.id, 4, "tajny komentarz")
        await self.conversations.end(conversation.id)
        return conversation.id

    async def log(self, webhook: int) -> list[Delivery]:
        return (await self.webhooks.one(webhook))[1]

    async def only(self, webhook: int) -> Delivery:
        (delivery,) = await self.log(webhook)
        return delivery


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(params=["sqlite", "postgresql"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path, receiver: Receiver) -> AsyncIterator[Desk]:
    database = Database(fresh_url(request.param, tmp_path))
    await migrate(database)
    opened = Desk(database, receiver)
    yield opened
    await opened.poster.close()
    await database.close()


async def test_what_is_chosen_is_told_without_a_word_of_the_player(desk: Desk) -> None:
    webhook = await desk.add(Told.CREATED, Told.CLOSED)
    conversation = await desk.talk()
    while await desk.deliveries.send_due():
        pass
    told = [request.json for request in desk.receiver.received]
    assert sorted(each["type"] for each in told) == ["conversation.closed", "conversation.created"]
    closed = next(each for each in told if each["type"] == "conversation.closed")
    assert closed["data"]["conversation"]["id"] == conversation
    assert (closed["data"]["by"], closed["data"]["conversation"]["status"]) == ("player", "closed")
    assert all("tajn" not in request.body.decode() for request in desk.receiver.received)
    assert {each.status for each in await desk.log(webhook)} == {DeliveryStatus.DELIVERED}


async def test_the_receiver_can_check_who_sent_it_and_when(desk: Desk) -> None:
    await desk.add(Told.CREATED)
    await desk.talk()
    await desk.deliveries.send_due()
    (request,) = desk.receiver.received
    message, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    content = f"{message}.{at}.".encode() + request.body
    expected = base64.b64encode(hmac.new(b"k" * 32, content, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"
    assert int(at) == int(NOON.timestamp())


async def test_a_failure_is_tried_again_with_growing_pauses_and_then_given_up(desk: Desk) -> None:
    desk.receiver.answer = lambda _: Answer(503)
    webhook = await desk.add(Told.CREATED)
    await desk.talk()
    pauses = []
    for attempt in range(1, len(WEBHOOK_PAUSES) + 2):
        assert await desk.deliveries.send_due() == 1
        delivery = await desk.only(webhook)
        assert (delivery.attempts, delivery.last_status, delivery.last_problem) == (attempt, 503, "HTTP 503")
        pauses.append((delivery.due_at - desk.clock.at).total_seconds())
        assert await desk.deliveries.send_due() == 0
        desk.clock.at = delivery.due_at
    assert (await desk.only(webhook)).status is DeliveryStatus.FAILED
    assert all(pause >= wanted for pause, wanted in zip(pauses, WEBHOOK_PAUSES, strict=False))
    assert len({request.headers["webhook-id"] for request in desk.receiver.received}) == 1


async def test_what_was_given_up_can_be_sent_again_by_hand(desk: Desk) -> None:
    desk.receiver.answer = lambda _: Answer(410)
    webhook = await desk.add(Told.CREATED)
    await desk.talk()
    await desk.deliveries.send_due()
    delivery = await desk.only(webhook)
    assert delivery.status is DeliveryStatus.FAILED
    assert not (await desk.webhooks.one(webhook))[0].is_active  # it said that it is gone for good
    desk.receiver.answer = lambda _: Answer(204)
    await desk.webhooks.send_again(webhook, delivery.id)
    assert await desk.deliveries.send_due() == 1
    assert (await desk.only(webhook)).status is DeliveryStatus.DELIVERED


@pytest.mark.parametrize(
    ("answer", "problem"),
    [(Answer(302, {}, {"Location": "http://127.0.0.1:1/"}), "redirect"), (Answer(404), "HTTP 404")],
)
async def test_a_redirect_is_not_followed_and_an_error_is_one(desk: Desk, answer: Answer, problem: str) -> None:
    desk.receiver.answer = lambda _: answer
    webhook = await desk.add(Told.CREATED)
    await desk.talk()
    await desk.deliveries.send_due()
    assert (await desk.only(webhook)).last_problem == problem
    assert len(desk.receiver.received) == 1


async def test_a_receiver_that_hangs_holds_up_nobody_else(desk: Desk) -> None:
    over = threading.Event()
    quick, slow = await desk.add(Told.CREATED), await desk.add(Told.CREATED)
    await desk.webhooks._set(slow, url=f"{desk.receiver.address}/slow")
    desk.receiver.answer = lambda request: Answer(200 if request.path == "/hook" or over.wait(60) else 500)
    await desk.talk()
    sending = asyncio.create_task(desk.deliveries.send_due())
    while (await desk.only(quick)).status is not DeliveryStatus.DELIVERED:
        await asyncio.sleep(0.01)
    assert (await desk.only(slow)).status is DeliveryStatus.WAITING
    over.set()
    assert await sending == 2
    assert (await desk.only(slow)).status is DeliveryStatus.DELIVERED


async def test_a_receiver_that_hangs_is_given_up_in_time() -> None:
    over = threading.Event()
    with receiving(lambda _: Answer(200 if over.wait(60) else 500)) as slow:
        poster = Poster(Guard(networks("127.0.0.0/8")), 0.1)
        with pytest.raises(DeliveryFailedError, match=r"no answer within 0\.1 s"):
            await poster.post(slow.address, {}, b"{}")
        over.set()
        await poster.close()


async def test_nobody_there_is_a_failure_like_any_other(desk: Desk) -> None:
    webhook = await desk.add(Told.CREATED)
    await desk.webhooks._set(webhook, url="http://127.0.0.1:1/hook")
    await desk.talk()
    await desk.deliveries.send_due()
    delivery = await desk.only(webhook)
    assert delivery.status is DeliveryStatus.WAITING
    assert delivery.last_problem


async def test_what_was_taken_up_by_a_process_that_died_is_sent_after_its_lease(desk: Desk) -> None:
    await desk.add(Told.CREATED)
    await desk.talk()
    until = desk.clock.at + timedelta(seconds=LEASE_SECONDS)
    async with desk.database.writing() as connection:
        assert len(await queries.claim(connection, desk.clock.at, until, 10)) == 1  # and died
    assert await desk.deliveries.send_due() == 0
    desk.clock.at = until
    assert await desk.deliveries.send_due() == 1


async def test_a_change_that_fails_is_told_to_nobody(desk: Desk) -> None:
    webhook = await desk.add(Told.RATED)
    _, conversation = await desk.conversations.start(Language.PL)

    async def fail(_: object) -> None:
        raise RuntimeError("the disk is full")

    desk.hub.followers.append(fail)
    with pytest.raises(RuntimeError):
        await desk.conversations.rate(conversation.id, 5, "")
    assert await desk.log(webhook) == []


async def test_a_paused_webhook_is_told_nothing_new(desk: Desk) -> None:
    webhook = await desk.add()
    await desk.webhooks.set_active(webhook, is_active=False)
    await desk.talk()
    assert await desk.log(webhook) == []


async def test_old_settled_deliveries_are_forgotten(desk: Desk) -> None:
    webhook = await desk.add(Told.CREATED)
    await desk.talk()
    await desk.deliveries.send_due()
    async with desk.database.writing() as connection:
        await queries.forget(connection, desk.clock.at + timedelta(days=31), timedelta(days=30))
    assert await desk.log(webhook) == []
    found: Webhook = (await desk.webhooks.one(webhook))[0]
    assert found.is_active
