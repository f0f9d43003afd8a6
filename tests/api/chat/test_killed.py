"""The server process is killed in the middle of conversations: what was acknowledged is there, and everything once."""

from __future__ import annotations

import threading
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from tests.browser.processes import server as started_server
from tests.serving import Player, messages

PLAYERS = 4
MESSAGES = 8
KILL_AFTER = 12  # acknowledgements, of 32


def test_no_acknowledged_message_is_lost_and_none_is_doubled(tmp_path: Path) -> None:
    server = started_server(tmp_path)
    players = [Player(server.address) for _ in range(PLAYERS)]
    acknowledged: list[set[str]] = [set() for _ in players]
    enough = threading.Event()

    def talk(i: int) -> None:
        try:
            with players[i].socket() as socket:
                for number in range(MESSAGES):
                    socket.send(type="message", client_id=f"message-{number}", text=f"wiadomość {number}")
                while True:
                    acknowledged[i].add(socket.until("ack")["client_id"])
                    if sum(map(len, acknowledged)) >= KILL_AFTER:
                        enough.set()
        except (ConnectionClosed, OSError):
            return

    threads = [threading.Thread(target=talk, args=(i,)) for i in range(PLAYERS)]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    server.kill()
    for thread in threads:
        thread.join(60)
    server.start()
    try:
        for i, player in enumerate(players):
            kept = [event["client_id"] for event in messages(player.events(), "player")]
            assert acknowledged[i] <= set(kept)
            assert len(kept) == len(set(kept))
            for number in range(MESSAGES):
                player.say(f"wiadomość {number}", f"message-{number}")
            events = player.until(lambda events: _is_answered(events) and len(messages(events, "player")) >= MESSAGES)
            said = [event["client_id"] for event in messages(events, "player")]
            assert sorted(said) == sorted(f"message-{number}" for number in range(MESSAGES))
            answered = [event["answers"] for event in messages(events, "bot")]
            assert len(answered) == len(set(answered))
    finally:
        server.kill()


def _is_answered(events: list[dict]) -> bool:
    """Whether a person was called, which is what this bot does with these messages."""
    return any(event["kind"] == "escalated" for event in events)
