"""The demonstration's calls: one overdue, the rest in free slots, added once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.datastructures import State

from api.callbacks import queries
from api.callbacks.samples import add_sample_callbacks
from api.chat import make_chat
from api.database.migration import migrate
from api.metrics import Metrics
from api.opening.wall_clock import WARSAW
from tests.fakes import fake_engine
from tests.serving import quick_settings

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("hour", [3, 12, 21])
async def test_at_any_hour_there_is_one_overdue_call_and_others_to_come(hour: int, tmp_path: Path) -> None:
    now = datetime(2026, 11, 26, hour, tzinfo=WARSAW).astimezone(UTC)
    state = State({"engine": fake_engine(), "metrics": Metrics(), "thinking": None})
    chat = make_chat(quick_settings(tmp_path), state, lambda: now)
    await migrate(chat.database)
    await add_sample_callbacks(chat)
    await add_sample_callbacks(chat)
    async with chat.database.reading() as connection:
        found = await queries.to_call(connection)
    await chat.database.close()
    assert [call.due_at <= now for call in found] == [True, False, False]
