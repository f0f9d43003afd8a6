"""The promise of 24 hours: shown, warned of, escalated, reported; the clock is the test's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.conversations.values import Channel
from api.promises.report import counted, missed
from api.promises.values import Ending, Promise
from tests.mail.clocks import LateClock
from tests.serving import Consultant, Player, eventually, is_message, quick_settings, serving

START = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the night the clocks go forward lies ahead


class Desk:
    """A demonstration whose time the test moves."""

    def __init__(self, address: str, clock: LateClock) -> None:
        self.address, self.clock = address, clock
        self.anna = Consultant(address, "Anna")
        self.jan = Consultant(address, "Jan")

    def later(self, time: timedelta) -> None:
        """So long after the beginning; sessions have run out by then."""
        self.clock.ahead = time
        self.anna, self.jan = Consultant(self.address, "Anna"), Consultant(self.address, "Jan")

    def write(self, text: str, email: str = "jan@poczta.example") -> str:
        """A message by the form; the conversation's id."""
        player = Player(self.address)
        body = {"client_id": f"id-{abs(hash(text))}", "email": email, "text": text}
        assert player.http.post("/contact/messages", json=body).status_code == 201
        found: list[str] = []

        def is_there() -> bool:
            found[:] = [r["id"] for r in self.queue() if text in r["last_text"] and r["status"] == "waiting"]
            return bool(found)

        eventually(is_there)
        return found[0]

    def queue(self, view: str = "mail") -> list[dict[str, object]]:
        """Rows of a view."""
        found: list[dict[str, object]] = self.anna.get("queue", view=view)["conversations"]
        return found

    def events(self, conversation: str, kind: str) -> list[dict[str, object]]:
        """What happened, of a kind."""
        events = self.anna.get(f"conversations/{conversation}/events", limit=200)["events"]
        return [event for event in events if event["kind"] == kind]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("api.promises.service.LOOK_SECONDS", 0.05)
    clock = LateClock()
    settings = quick_settings(tmp_path, demo=True, mail_overdue_to="szef@bursztyn.example")
    with serving(settings, now=clock) as address:
        yield Desk(address, clock)


def test_a_promise_runs_is_warned_of_is_missed_and_is_reported(desk: Desk, tmp_path: Path) -> None:
    late, kept = desk.write("spóźniona sprawa"), desk.write("sprawa na czas")
    closed = desk.write("dziękuję za pomoc")
    for conversation in (kept, closed):
        desk.anna.do(conversation, "take")
    assert desk.anna.say(kept, "Proszę bardzo.").status_code == 201
    desk.anna.do(closed, "close", outcome="solved")
    assert [row["due_at"] is not None for row in desk.queue()] == [True, False]

    with desk.anna.socket() as window:
        desk.later(timedelta(hours=20, minutes=1))
        window.until("changed", lambda frame: frame.get("alert") == "due")
        assert desk.events(late, "promise_near")
        desk.later(timedelta(hours=24, minutes=1))
        window.until("changed", lambda frame: frame.get("alert") == "overdue")
    row = next(row for row in desk.queue("unassigned") if row["id"] == late)
    assert (row["urgency"], row["due_stage"]) == ("urgent", "missed")
    assert desk.queue("unassigned")[0]["id"] == late
    folder = tmp_path / "sent-mail" / "new"
    eventually(lambda: any("szef@bursztyn.example" in mail.read_text() for mail in folder.glob("*")))

    desk.anna.do(late, "take")
    desk.anna.say(late, "Przepraszam, że tak późno.")
    page = desk.jan.http.get("/desk/letters?lang=en&days=7").text
    cells = re.findall(r"<td>([^<]*)</td>", page.split('id="by_channel"')[1].split("</tbody>")[0])
    assert cells[1:9] == ["3", "1", "1", "0", "0", "1", "50.0 %", "0:00"]
    assert f"/desk/conversations/{late}" in page
    assert desk.anna.http.get("/desk/letters").status_code == 403


def test_letters_stand_behind_who_waits_in_the_chat_and_by_the_time_left(desk: Desk) -> None:
    first = desk.write("pierwszy list")
    desk.clock.ahead = timedelta(hours=1)
    second = desk.write("drugi list")
    player = Player(desk.address)
    player.say("coś nie działa")
    player.until(lambda events: any(event["kind"] == "escalated" for event in events))
    waiting = [(row["channel"], row["id"]) for row in desk.queue("unassigned")]
    assert [channel for channel, _ in waiting] == ["chat", "form", "form"]
    assert [conversation for _, conversation in waiting[1:]] == [first, second]


def test_a_second_letter_does_not_move_the_time_and_a_new_one_after_the_answer_starts_anew(desk: Desk) -> None:
    conversation = desk.write("pierwsza wiadomość")
    due = desk.anna.get(f"conversations/{conversation}")["due_at"]
    assert due is not None
    desk.anna.do(conversation, "take")
    desk.anna.do(conversation, "notes", text="to nie jest odpowiedź")
    assert desk.anna.get(f"conversations/{conversation}")["due_at"] == due
    with desk.anna.socket() as window:
        window.send(type="look", conversation=conversation)
        desk.anna.say(conversation, "odpowiedź")
        window.until_event(is_message("consultant"))
    assert desk.anna.get(f"conversations/{conversation}")["due_at"] is None


def promise(
    started: timedelta, took: timedelta | None, by: Ending | None = Ending.ANSWER, who: str = "Anna"
) -> Promise:
    start = START + started
    end = start + took if took is not None else None
    return Promise("c_1", Channel.EMAIL, start, start + timedelta(hours=24), end, by if end else None, who)


def test_the_report_counts_as_one_would_by_hand() -> None:
    hours = timedelta(hours=1)
    now = START + 100 * hours
    promises = [
        promise(0 * hours, 2 * hours),
        promise(0 * hours, 24 * hours),  # to the minute is in time
        promise(0 * hours, 25 * hours, who="Marek"),
        promise(0 * hours, 3 * hours, Ending.CLOSED),
        promise(50 * hours, None),  # overdue by now
        promise(90 * hours, None),  # still runs
    ]
    row = counted(promises, now, lambda each: each.channel.value)[0]
    assert (row.made, row.kept, row.late, row.closed, row.running, row.overdue) == (6, 2, 1, 1, 2, 1)
    assert row.share == 2 / 4
    assert (row.median, row.longest) == (24 * hours, 25 * hours)
    assert [each.started_at for each in missed(promises, now)] == [START, START + 50 * hours]
    assert [each.of for each in counted(promises, now, lambda each: each.staff)] == ["Anna", "Marek"]
