"""Who still waits when the chat closes is told once, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.datastructures import State

from api.chat import Chat, make_chat
from api.conversations.values import Author, Event, Kind
from api.database.migration import migrate
from api.metrics import Metrics
from api.opening.wall_clock import WARSAW
from knowledge_base.article import Language
from tests.databases import fresh_url
from tests.fakes import fake_engine
from tests.serving import quick_settings

pytestmark = pytest.mark.anyio


class Clock:
    """Shows what it is set to."""

    at = datetime(2026, 11, 26, 23, 50, tzinfo=WARSAW)

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
async def chat(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> AsyncIterator[Chat]:
    url = fresh_url(request.param, tmp_path).render_as_string(hide_password=False)
    state = State({"engine": fake_engine(), "metrics": Metrics(), "thinking": None})
    made = make_chat(quick_settings(tmp_path, database_url=url), state, clock)
    await migrate(made.database)
    yield made
    await made.database.close()


async def waiting(chat: Chat, language: Language = Language.PL) -> str:
    """A player who has asked for a person."""
    _, conversation = await chat.conversations.start(language)
    await chat.conversations.say(conversation.id, "client-id-1", "dzień dobry")
    await chat.conversations.ask_person(conversation.id, SimpleNamespace(replies=fake_engine().bot.replies))  # type: ignore[arg-type]
    return conversation.id


async def said(chat: Chat, conversation: str) -> list[Event]:
    events, _ = await chat.conversations.missed(conversation, 0, 100)
    return [event for event in events if event.kind is Kind.MESSAGE and event.author is Author.BOT]


async def test_who_waits_at_closing_time_hears_once_when_people_are_back_and_what_else_can_be_done(
    chat: Chat, clock: Clock
) -> None:
    early = await waiting(chat)
    await chat.closing_time.look()
    assert len(await said(chat, early)) == 1
    clock.at = datetime(2026, 11, 27, 0, 1, tzinfo=WARSAW)
    late = await waiting(chat)
    await chat.closing_time.look()
    await chat.closing_time.look()
    told = await said(chat, early)
    assert len(told) == 2
    assert told[-1].payload["text"].startswith("Konsultantów teraz nie ma, wracają dziś o 8:00.")
    assert told[-1].payload["offers"] == ["email", "callback"]
    assert len(await said(chat, late)) == 1  # heard it already


async def test_after_a_restart_nobody_is_told_twice_and_nobody_left_out(chat: Chat, clock: Clock) -> None:
    early = await waiting(chat, Language.EN)
    clock.at = datetime(2026, 11, 27, 0, 1, tzinfo=WARSAW)
    for _ in range(2):
        again = make_chat(
            chat.settings, State({"engine": fake_engine(), "metrics": Metrics(), "thinking": None}), clock
        )
        await again.closing_time.look()
        await again.database.close()
    told = await said(chat, early)
    assert len(told) == 2
    assert "they are back today at 8:00" in told[-1].payload["text"]


async def test_who_ended_or_is_talked_to_hears_nothing(chat: Chat, clock: Clock) -> None:
    ended = await waiting(chat)
    await chat.conversations.end(ended)
    clock.at = datetime(2026, 11, 27, 0, 1, tzinfo=WARSAW)
    await chat.closing_time.look()
    assert len(await said(chat, ended)) == 1
