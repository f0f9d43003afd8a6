"""Conversations and their events, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from api.conversations import queries
from api.conversations.changing import changing
from api.conversations.hub import Hub
from api.conversations.problems import UnauthorizedError
from api.conversations.service import Conversations
from api.conversations.values import Author, Kind, NewEvent, Status, Urgency
from api.database.connection import Database
from api.database.tables import conversations, events, protections
from api.desk import queries as desk_queries
from knowledge_base.article import Language

pytestmark = pytest.mark.anyio
START = datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass
class Clock:
    """Goes on a second each time it is read."""

    time: datetime = START

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def service(database: Database) -> Conversations:
    return Conversations(database, Hub(), Clock())


async def test_the_token_opens_the_conversation_and_is_kept_nowhere(service: Conversations) -> None:
    token, started = await service.start(Language.PL)
    assert (await service.by_token(token)).id == started.id
    with pytest.raises(UnauthorizedError):
        await service.by_token(token + "x")
    async with service.database.reading() as connection:
        row = (await connection.execute(select(conversations))).mappings().one()
    assert token not in str(dict(row))


async def test_many_at_once_get_numbers_without_gaps_or_repeats(service: Conversations) -> None:
    _, started = await service.start(Language.PL)
    written = await asyncio.gather(*(service.say(started.id, f"client-id-{i}", f"wiadomość {i}") for i in range(40)))
    assert sorted(each.number for each in written) == list(range(1, 41))
    found, conversation = await service.missed(started.id, 0, 100)
    assert [event.number for event in found] == list(range(1, 41))
    assert (conversation.last_number, conversation.player_number, conversation.unread) == (40, 40, 40)


async def test_the_same_message_sent_many_times_at_once_is_stored_once(service: Conversations) -> None:
    _, started = await service.start(Language.PL)
    written = await asyncio.gather(*(service.say(started.id, "one-and-only", "raz") for _ in range(10)))
    assert {each.number for each in written} == {1}
    assert sum(not each.is_repeat for each in written) == 1


@pytest.mark.parametrize(
    "text", ["zażółć 😀 \u200d", "a\x00b", "'; DROP TABLE events; --", "<script>", "%s {} \\", "\u202eabc"]
)
async def test_whatever_is_typed_comes_back_as_it_was_masked(service: Conversations, text: str) -> None:
    _, started = await service.start(Language.PL)
    written = await service.say(started.id, "any-text-at-all", text)
    found, _ = await service.missed(started.id, 0, 10)
    assert found[0].payload["text"] == written.events[0].payload["text"]
    assert "\x00" not in found[0].payload["text"]


async def test_ten_thousand_events_are_read_in_pages_from_either_end(service: Conversations) -> None:
    _, started = await service.start(Language.PL)
    rows = [
        {
            "conversation_id": started.id, "number": number, "kind": Kind.MESSAGE, "author": Author.PLAYER,
            "is_for_player": True, "at": START, "payload": {"text": str(number)}, "folded": str(number),
        }
        for number in range(1, 10_001)
    ]  # fmt: skip
    async with service.database.writing() as connection:
        await connection.execute(insert(events), rows)
        await queries.change(connection, started.id, {"last_number": 10_000})
    seen, after = 0, 0
    while True:
        page, _ = await service.missed(started.id, after, 1_000)
        if not page:
            break
        seen, after = seen + len(page), page[-1].number
    assert (seen, after) == (10_000, 10_000)
    async with service.database.reading() as connection:
        newest = await queries.events_before(connection, started.id, None, 100)
        before = await queries.events_before(connection, started.id, newest[0].number, 100)
    assert [event.number for event in before + newest] == list(range(9_801, 10_001))


async def test_the_queue_puts_crisis_first_then_the_urgent_then_who_waits_longest(service: Conversations) -> None:
    order = [(Urgency.NORMAL, 5), (Urgency.CRISIS, 1), (Urgency.NORMAL, 9), (Urgency.URGENT, 2)]
    ids = []
    for urgency, minutes in order:
        _, started = await service.start(Language.PL)
        ids.append(started.id)
        async with service.database.writing() as connection:
            since = START - timedelta(minutes=minutes)
            values = {"status": Status.WAITING, "urgency": urgency, "waiting_since": since}
            await queries.change(connection, started.id, values)
    async with service.database.reading() as connection:
        waiting = await desk_queries.queue(connection, "unassigned", 1, "", 10, 0)
        counts = await desk_queries.counts(connection, 1)
        second_page = await desk_queries.queue(connection, "unassigned", 1, "", 2, 2)
    assert [each.id for each in waiting] == [ids[1], ids[3], ids[2], ids[0]]
    assert [each.id for each in second_page] == [ids[2], ids[0]]
    assert counts == {"mine": 0, "unassigned": 4, "mail": 0, "all": 4, "closed": 0, "crisis": 1}


async def test_a_search_finds_every_word_without_case_and_diacritics(service: Conversations) -> None:
    _, one = await service.start(Language.PL)
    await service.say(one.id, "first-message", "Gdzie moja WYPŁATA?")
    await service.say(one.id, "second-message", "na kartę")
    _, other = await service.start(Language.PL)
    await service.say(other.id, "other-message", "100% bonus")
    async with service.database.reading() as connection:
        found = [
            [each.id for each in await desk_queries.queue(connection, "all", 1, words, 10, 0)]
            for words in ("wyplata KARTE", "100%", "%", "_", "brak")
        ]
    assert found == [[one.id], [other.id], [other.id], [], []]


async def test_a_message_left_unanswered_or_without_drafts_is_found_again(service: Conversations) -> None:
    _, left = await service.start(Language.PL)
    await service.say(left.id, "never-answered", "halo")
    _, undrafted = await service.start(Language.PL)
    await service.say(undrafted.id, "never-drafted", "halo")
    async with service.database.writing() as connection:
        await queries.change(connection, undrafted.id, {"answered_number": 1, "status": Status.WAITING})
    _, drafted = await service.start(Language.PL)
    await service.say(drafted.id, "all-is-done", "halo")
    async with service.database.writing() as connection:
        done = {"answered_number": 1, "suggested_number": 1, "status": Status.WAITING}
        await queries.change(connection, drafted.id, done)
    _, ended = await service.start(Language.PL)
    await service.say(ended.id, "ended-instead", "halo")
    await service.end(ended.id)
    async with service.database.reading() as connection:
        assert {each.id for each in await queries.left_open(connection)} == {left.id, undrafted.id}


async def test_the_audit_record_of_protection_has_no_words(service: Conversations) -> None:
    _, started = await service.start(Language.PL)
    await service.say(started.id, "cry-for-help", "nie daję rady")
    async with service.database.writing() as connection:
        await queries.record_protection(connection, started.id, 1, "crisis", START)
    async with service.database.reading() as connection:
        row = dict((await connection.execute(select(protections))).mappings().one())
    assert row | {"id": 1} == {"id": 1, "conversation_id": started.id, "number": 1, "reason": "crisis", "at": START}


async def test_an_event_is_seen_by_the_player_only_if_it_is_for_players(service: Conversations) -> None:
    _, started = await service.start(Language.PL)
    await service.say(started.id, "visible-one", "halo")
    async with changing(service.database, service.hub, started.id, START) as change:
        for kind in Kind:
            if kind is not Kind.MESSAGE:
                change.add(NewEvent(kind, Author.SYSTEM, {"text": "a note"}))
    found, conversation = await service.missed(started.id, 0, 100)
    assert {event.kind.value for event in found} == {
        "message", "escalated", "joined", "handed_back", "released", "closed", "rated", "feedback",
        "callback_booked", "callback_changed", "callback_cancelled", "callback_failed", "translation_switched",
    }  # fmt: skip
    assert conversation.last_number == len(Kind)
