"""The whole way of a call once more on PostgreSQL, whose rows are locked one by one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx

from api.opening.wall_clock import WARSAW
from tests.api.callbacks.test_booking import book, free
from tests.api.chat.test_postgresql import add_staff
from tests.databases import fresh_url
from tests.serving import Consultant, Player, quick_settings, serving

NOW = datetime(2026, 11, 26, 12, tzinfo=WARSAW)


def test_a_call_is_booked_moved_made_and_another_one_cancelled(tmp_path: Path) -> None:
    url = fresh_url("postgresql", tmp_path)
    asyncio.run(add_staff(url))
    settings = quick_settings(tmp_path, database_url=url.render_as_string(hide_password=False))
    with serving(settings, now=lambda: NOW.astimezone(UTC)) as address:
        anna, slots = Consultant(address, "Anna").http, free(address)
        player = Player(address, lang="pl")
        link = book(player, slots[0], "512 345 001", topic="a\x00b").json()["url"].partition("?")[0]
        assert httpx.post(f"{address}{link}/change", data={"slot_at": slots[4]}).status_code == 303
        assert anna.post("/desk/callbacks/1/begin").status_code == 303
        assert httpx.post(f"{address}{link}/cancel").status_code == 409
        for outcome in ("no_answer", "reached", "done"):
            ended = anna.post("/desk/callbacks/1/end", data={"outcome": outcome, "note": "a\x00b"})
            assert ended.status_code == 303
        assert "Załatwione" in anna.get("/desk/callbacks/1?lang=pl").text
        again = book(player, slots[0], "512 345 001").json()["url"].partition("?")[0]
        assert httpx.post(f"{address}{again}/cancel").status_code == 303
        assert httpx.get(f"{address}/call-back/%00").status_code == 404
        assert free(address) == slots
