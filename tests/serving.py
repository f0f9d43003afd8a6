"""A real server on a free port, in a thread of this process, and clients for the player's side."""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from websockets.sync.client import ClientConnection, connect

from api.app import create_app
from api.conversations.service import Clock, utc_now
from api.engine import Engine
from api.settings import Settings
from api.staff.demonstration import DEMONSTRATION_STAFF, DemonstrationAccount
from api.wire import FRAME_MAX
from tests.fakes import fake_engine

PATIENCE_SECONDS = 30  # for a machine that is busy; nothing here waits this long on a quiet one


def quick_settings(data: Path, **more: Any) -> Settings:
    """Settings of a test: a folder of its own, many players on one address, and nobody waits for them to be quiet."""
    generous = {"messages_per_minute": 10_000, "conversations_per_minute": 10_000}
    return Settings(**{"data": data, "turn_wait_seconds": 0.05, "port": 0} | generous | more)


@contextlib.contextmanager
def serving(settings: Settings, engine: Engine | None = None, now: Clock = utc_now) -> Iterator[str]:
    """The address of a server that runs while the block does."""
    config = uvicorn.Config(
        create_app(engine or fake_engine(), settings, now=now), port=0, log_level="error", ws_max_size=2 * FRAME_MAX,
        timeout_graceful_shutdown=5,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        thread.join(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


class Player:
    """A player's browser: HTTP with the token, and a socket when asked for."""

    def __init__(self, address: str, token: str | None = None, **start: Any) -> None:
        self.address = address
        self.http = httpx.Client(base_url=f"{address}/api/v1", timeout=PATIENCE_SECONDS)
        self.token = token or self.http.post("/conversations", json=start).json()["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def say(self, text: str, client_id: str | None = None) -> httpx.Response:
        """A message over HTTP."""
        body = {"client_id": client_id or secrets.token_hex(8), "text": text}
        return self.http.post("/conversations/current/messages", json=body)

    def state(self, **query: Any) -> dict[str, Any]:
        """The conversation and its events."""
        found: dict[str, Any] = self.http.get("/conversations/current", params=query).json()
        return found

    def events(self) -> list[dict[str, Any]]:
        """All that the player may see."""
        found: list[dict[str, Any]] = self.state(limit=200)["events"]
        return found

    def until(self, holds: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The events once something holds of them."""
        events: list[dict[str, Any]] = []
        for _ in range(PATIENCE_SECONDS):
            found = self.state(after=events[-1]["number"] if events else 0, wait=1)["events"]
            events += found
            if holds(events):
                return events
        raise AssertionError(f"did not happen: {events}")

    def until_said(self, author: str, times: int = 1) -> list[dict[str, Any]]:
        """The events once somebody has spoken so many times."""
        return self.until(lambda events: len(messages(events, author)) >= times)

    @contextlib.contextmanager
    def socket(self, after: int = 0) -> Iterator[Frames]:
        """An open socket after hello and ready."""
        with frames(f"{self.address}/api/v1/conversations/socket") as opened:
            opened.send(type="hello", token=self.token, after=after)
            opened.until("ready")
            yield opened


class Consultant:
    """Somebody at the desk of a demonstration, signed in through the form."""

    def __init__(self, address: str, name: str = "Anna", account: DemonstrationAccount | None = None) -> None:
        account = account or next(each for each in DEMONSTRATION_STAFF if each.name == name)
        self.address = address
        self.http = httpx.Client(base_url=address, timeout=PATIENCE_SECONDS)
        form = {"email": account.email, "password": account.password}
        signed = self.http.post("/desk/sign-in", data=form)
        assert signed.status_code == 303, signed.text
        self.me: dict[str, Any] = self.get("me")

    def get(self, path: str, **query: Any) -> Any:
        """What the desk's interface answers."""
        return self.http.get(f"/api/v1/desk/{path}", params=query).json()

    def do(self, conversation: str, what: str, **body: Any) -> httpx.Response:
        """An action in a conversation."""
        return self.http.post(f"/api/v1/desk/conversations/{conversation}/{what}", json=body)

    def say(self, conversation: str, text: str, **more: Any) -> httpx.Response:
        """A message to the player."""
        return self.do(conversation, "messages", client_id=secrets.token_hex(8), text=text, **more)

    def kinds(self, conversation: str) -> list[str]:
        """What happened, in order."""
        return [event["kind"] for event in self.get(f"conversations/{conversation}/events", limit=200)["events"]]

    @contextlib.contextmanager
    def socket(self) -> Iterator[Frames]:
        """An open window of the desk."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        with frames(
            f"{self.address}/api/v1/desk/socket", origin=self.address, additional_headers={"Cookie": cookies}
        ) as opened:
            opened.until("ready")
            yield opened


class Frames:
    """A socket as JSON frames; remembers every one that came."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.seen: list[dict[str, Any]] = []

    def send(self, **frame: Any) -> None:
        """One frame."""
        self.connection.send(json.dumps(frame))

    def next(self) -> dict[str, Any]:
        """The next frame, whatever it is."""
        frame: dict[str, Any] = json.loads(self.connection.recv(timeout=PATIENCE_SECONDS))
        self.seen.append(frame)
        return frame

    def until(self, kind: str, holds: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The next frame of a type of which something holds."""
        while True:
            frame = self.next()
            if frame["type"] == kind and holds(frame):
                return frame

    def events(self) -> list[dict[str, Any]]:
        """All events that came so far."""
        return [event for frame in self.seen if frame["type"] == "events" for event in frame["events"]]

    def until_event(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first event, come already or yet to come, of which something holds."""
        while True:
            for event in self.events():
                if holds(event):
                    return event
            self.next()


@contextlib.contextmanager
def frames(url: str, **options: Any) -> Iterator[Frames]:
    """An open socket."""
    with connect(url.replace("http", "ws", 1), open_timeout=PATIENCE_SECONDS, **options) as connection:
        yield Frames(connection)


def eventually(holds: Callable[[], bool]) -> None:
    """Until something holds, which the server finishes by itself."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "did not happen"
        time.sleep(0.02)


def messages(events: list[dict[str, Any]], author: str) -> list[dict[str, Any]]:
    """What somebody has said."""
    return [event for event in events if event["kind"] == "message" and event["author"] == author]


def is_message(author: str) -> Callable[[dict[str, Any]], bool]:
    """Of an event: that somebody said something."""
    return lambda event: bool(event["kind"] == "message" and event["author"] == author)
