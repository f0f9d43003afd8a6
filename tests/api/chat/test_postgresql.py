"""The whole way once more on PostgreSQL, over real HTTP and sockets."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import URL

from api.conversations.service import utc_now
from api.database.connection import Database
from api.database.migration import migrate
from api.staff.demonstration import add_demonstration_staff
from api.staff.service import StaffAccounts
from tests.databases import fresh_url
from tests.serving import Consultant, Player, messages, quick_settings, serving


async def add_staff(url: URL) -> None:
    database = Database(url)
    await migrate(database)
    await add_demonstration_staff(StaffAccounts(database, utc_now))
    await database.close()


def test_what_no_database_takes_is_refused_and_no_failure(tmp_path: Path) -> None:
    url = fresh_url("postgresql", tmp_path)
    asyncio.run(add_staff(url))
    settings = quick_settings(tmp_path, database_url=url.render_as_string(hide_password=False))
    with serving(settings) as address:
        anna, player = Consultant(address, "Anna"), Player(address)
        nul = anna.http.get("/api/v1/desk/conversations/c%00_1")
        assert (nul.status_code, nul.json()["code"]) == (404, "conversation_not_found")
        assert anna.get("queue", view="all", q="a\x00b")["conversations"] == []
        assert anna.http.post("/desk/sign-in", data={"email": "a\x00b@c", "password": "\x00"}).status_code == 401
        huge = anna.do("c_1", f"suggestions/{10**12}/dismiss", reason="other")
        assert huge.status_code == 422
        assert player.say("a\x00b").status_code == 201
        assert messages(player.events(), "player")[0]["text"] == "ab"
        conversation = player.state()["conversation"]["id"]
        assert anna.do(conversation, "notes", text="a\x00b").status_code == 201
        wrong = player.http.post("/conversations/current/feedback", json={"about": 2**31 - 1, "is_helpful": True})
        assert wrong.status_code == 404


def test_a_conversation_from_the_question_to_the_rating(tmp_path: Path) -> None:
    url = fresh_url("postgresql", tmp_path)
    asyncio.run(add_staff(url))
    settings = quick_settings(tmp_path, database_url=url.render_as_string(hide_password=False))
    with serving(settings) as address:
        player, anna, jan = Player(address), Consultant(address, "Anna"), Consultant(address, "Jan")
        player.say("kiedy przyjdą pieniądze")
        player.until_said("bot")
        player.http.post("/conversations/current/person")
        conversation = anna.get("queue", view="unassigned", q="pieniadze")["conversations"][0]["id"]
        with anna.socket() as socket:
            assert anna.do(conversation, "take").status_code == 200
            socket.send(type="look", conversation=conversation, after=0)
            draft = socket.until("suggestions")["suggestions"][0]
            changed = draft["text"].replace("24\N{NO-BREAK SPACE}godzin", "48 godzin")
            assert anna.say(conversation, changed, suggestion_id=draft["id"]).json()["figures"] == ["48 godzin"]
            assert anna.say(conversation, draft["text"], suggestion_id=draft["id"]).status_code == 201
        assert messages(player.until_said("consultant"), "consultant")[0]["name"] == "Anna"
        assert anna.do(conversation, "close", outcome="solved").status_code == 200
        player.http.post("/conversations/current/rating", json={"score": 5})
        assert anna.get("queue", view="closed")["conversations"][0]["rating"] == 5
        figures = jan.get("figures")
        assert figures["suggestions"]["by_article"][0]["accepted"] == 1
        assert figures["waiting"]["by_consultant"][0]["first_reply_ms"] >= 0
