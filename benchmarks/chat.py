"""The chat under load, on this machine and loopback only: python -m benchmarks.chat drafts|sockets|kill [--real-bot]

drafts   from a player's message to the draft in the consultant's panel, 50 conversations active, the real bot
sockets  1,000 open sockets, 100 messages a second: what is lost or doubled, and how long delivery takes
kill     kill -9 in the middle of that; after the restart every acknowledged message must be there, once
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from api.staff.demonstration import DEMONSTRATION_STAFF

QUESTIONS = (
    "kiedy przyjda pieniadze z wyplaty na karte", "jak zmienic haslo", "ile trwa weryfikacja", "BLIK limit wplaty",
    "nie moge sie zalogowac", "how do I set a deposit limit", "jakie dokumenty do weryfikacji", "gdzie jest moj bonus",
    "czy moge wyplacic na inne konto", "oplata za wyplate", "gra sie zaciela a zaklad przepadl",
    "jak zamknac konto", "what is the minimum deposit", "zgubilem telefon z kodami 2fa", "podatek od wygranej",
)  # fmt: skip
RECEIVE_SECONDS_MAX = 60


@dataclass
class Server:
    """The service in a process of its own."""

    data: Path
    is_real: bool
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "benchmarks.chat", "serve", "--port", str(self.port), "--data", str(self.data)]
        self.process = subprocess.Popen([*command, *(["--real-bot"] if self.is_real else [])])
        for _ in range(600):
            try:
                if httpx.get(f"{self.address}/livez").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """No goodbye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def serve(port: int, data: Path, *, is_real: bool) -> None:
    """The app as it is, but for limits that would be in the way of a thousand players on one address."""
    import uvicorn

    from api.app import create_app
    from api.engine import open_engine
    from api.settings import Settings
    from tests.fakes import fake_engine

    settings = Settings(
        data=data, demo=True, sockets_per_address=10_000, messages_per_minute=1_000_000,
        conversations_per_minute=1_000_000, turn_wait_seconds=0.8,
    )  # fmt: skip
    engine = open_engine(Settings(), lambda line: print(line, file=sys.stderr)) if is_real else fake_engine()
    uvicorn.run(create_app(engine, settings), port=port, log_level="error", access_log=False)


@dataclass
class Talk:
    """A conversation that a person holds or will hold."""

    token: str
    id: str
    sent: dict[str, float] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    received: list[str] = field(default_factory=list)
    delays_ms: list[float] = field(default_factory=list)


async def waiting_talk(http: httpx.AsyncClient) -> Talk:
    """A new conversation whose player waits for a person."""
    started = (await http.post("/api/v1/conversations", json={})).json()
    key = {"Authorization": f"Bearer {started['token']}"}
    (await http.post("/api/v1/conversations/current/person", headers=key)).raise_for_status()
    return Talk(started["token"], started["conversation"]["id"])


@asynccontextmanager
async def tab(server: Server, talk: Talk) -> AsyncIterator[ClientConnection]:
    """One open tab of the player."""
    url = f"ws://127.0.0.1:{server.port}/api/v1/conversations/socket"
    async with connect(url, open_timeout=RECEIVE_SECONDS_MAX, max_queue=None) as opened:
        await opened.send(json.dumps({"type": "hello", "token": talk.token, "after": 0}))
        while json.loads(await opened.recv())["type"] != "ready":
            pass
        yield opened


async def listen(opened: ClientConnection, talk: Talk, *, is_sender: bool) -> None:
    """Takes down what comes: acknowledgements in the tab that sends, messages in the other one."""
    async for raw in opened:
        frame = json.loads(raw)
        if frame["type"] == "ack" and is_sender:
            talk.acknowledged.add(frame["client_id"])
        elif frame["type"] == "error":
            print("error:", frame, file=sys.stderr)
        elif frame["type"] == "events" and not is_sender:
            for event in frame["events"]:
                if event.get("client_id") in talk.sent:
                    talk.received.append(event["client_id"])
                    talk.delays_ms.append((time.perf_counter() - talk.sent[event["client_id"]]) * 1000)


async def sockets(server: Server, count: int, rate: int, seconds: float, kill_after: float | None) -> None:
    """Half the sockets are senders' tabs, half the same players' other tabs, where delivery is measured."""
    async with httpx.AsyncClient(base_url=server.address, timeout=60) as http:
        talks = [await waiting_talk(http) for _ in range(count // 2)]
    tabs: list[tuple[Any, ClientConnection, asyncio.Task[None]]] = []
    senders: list[ClientConnection] = []
    for talk in talks:
        for is_sender in (True, False):
            context = tab(server, talk)
            opened = await context.__aenter__()
            tabs.append((context, opened, asyncio.create_task(_quietly(listen(opened, talk, is_sender=is_sender)))))
            if is_sender:
                senders.append(opened)
    print(f"{len(tabs)} sockets open")
    started, sent = time.perf_counter(), 0
    if kill_after is not None:
        asyncio.get_running_loop().call_later(kill_after, server.kill)
    try:
        while time.perf_counter() - started < seconds:
            i = sent % len(talks)
            client_id = f"message-{sent:07}"
            talks[i].sent[client_id] = time.perf_counter()
            await senders[i].send(json.dumps({"type": "message", "client_id": client_id, "text": f"wiadomość {sent}"}))
            sent += 1
            await asyncio.sleep(max(0.0, started + sent / rate - time.perf_counter()))
    except ConnectionClosed:
        pass  # killed, as it should be
    took = time.perf_counter() - started
    if kill_after is not None:
        await asyncio.gather(*(task for _, _, task in tabs))
        server.start()
        await _after_restart(server, talks, sent)
        return
    for _ in range(300):
        if sum(len(talk.received) for talk in talks) >= sent:
            break
        await asyncio.sleep(0.1)
    received = [client_id for talk in talks for client_id in talk.received]
    delays = sorted(delay for talk in talks for delay in talk.delays_ms)
    acknowledged = sum(len(talk.acknowledged) for talk in talks)
    print(f"{sent} messages in {took:.1f} s ({sent / took:.0f}/s), {acknowledged} acknowledged")
    print(f"lost {sent - len(set(received))}, doubled {len(received) - len(set(received))}")
    print(f"delivery: {_quantiles(delays)}")
    for _, _, task in tabs:
        task.cancel()


async def _after_restart(server: Server, talks: list[Talk], sent: int) -> None:
    acknowledged = lost = doubled = 0
    async with httpx.AsyncClient(base_url=server.address, timeout=60) as http:
        for talk in talks:
            key = {"Authorization": f"Bearer {talk.token}"}
            found = (await http.get("/api/v1/conversations/current?limit=200", headers=key)).json()["events"]
            kept = [event["client_id"] for event in found if "client_id" in event]
            acknowledged += len(talk.acknowledged)
            lost += len(talk.acknowledged - set(kept))
            doubled += len(kept) - len(set(kept))
    print(f"{sent} sent, {acknowledged} acknowledged before kill -9; after the restart {lost} lost, {doubled} doubled")


async def drafts(server: Server, count: int, seconds: float) -> None:
    """Every conversation is held and looked at; its player says something now and then."""
    account = DEMONSTRATION_STAFF[0]
    delays: list[float] = []
    async with httpx.AsyncClient(base_url=server.address, timeout=60) as http:
        form = {"email": account.email, "password": account.password}
        await http.post("/desk/sign-in", data=form)
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        talks = [await waiting_talk(http) for _ in range(count)]
        for talk in talks:
            (await http.post(f"/api/v1/desk/conversations/{talk.id}/take", json={})).raise_for_status()

        async def one(talk: Talk, until: float) -> None:
            url = f"ws://127.0.0.1:{server.port}/api/v1/desk/socket"
            async with (
                connect(url, origin=server.address, additional_headers={"Cookie": cookie}, max_queue=None) as desk,  # type: ignore[arg-type]
                tab(server, talk) as player,
            ):
                await desk.send(json.dumps({"type": "look", "conversation": talk.id}))
                while time.perf_counter() < until:
                    await asyncio.sleep(random.uniform(0, 2 * seconds_between))
                    client_id = f"question-{time.monotonic_ns()}"
                    sent_at = time.perf_counter()
                    text = random.choice(QUESTIONS)
                    await player.send(json.dumps({"type": "message", "client_id": client_id, "text": text}))
                    number = None
                    while number is None:
                        frame = json.loads(await player.recv())
                        number = frame["number"] if frame["type"] == "ack" else None
                    while True:
                        frame = json.loads(await desk.recv())
                        if frame["type"] == "suggestions" and frame["answers"] == number:
                            delays.append((time.perf_counter() - sent_at) * 1000)
                            break

        seconds_between = 10
        until = time.perf_counter() + seconds
        await asyncio.gather(*(one(talk, until) for talk in talks))
    print(f"{count} conversations, {len(delays)} messages in {seconds:.0f} s ({len(delays) / seconds:.1f}/s)")
    print(f"message to draft in the panel: {_quantiles(sorted(delays))}")


async def _quietly(work: Any) -> None:
    try:
        await work
    except (ConnectionClosed, OSError):
        return


def _quantiles(values: list[float]) -> str:
    def at(share: float) -> float:
        return values[min(len(values) - 1, int(share * len(values)))]

    return ", ".join(f"{name} {at(share):.0f} ms" for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)))


def main() -> None:
    """One of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("drafts", "sockets", "kill", "serve"))
    parser.add_argument("--real-bot", action="store_true", help="sockets and kill: the language model thinks too")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--count", type=int, default=0, help="conversations, or sockets")
    parser.add_argument("--rate", type=int, default=100, help="messages a second")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data", type=Path)
    chosen = parser.parse_args()
    if chosen.what == "serve":
        serve(chosen.port, chosen.data, is_real=chosen.real_bot)
        return
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), chosen.real_bot or chosen.what == "drafts")
        server.start()
        try:
            match chosen.what:
                case "drafts":
                    asyncio.run(drafts(server, chosen.count or 50, chosen.seconds))
                case "sockets":
                    asyncio.run(sockets(server, chosen.count or 1_000, chosen.rate, chosen.seconds, None))
                case _:
                    asyncio.run(sockets(server, chosen.count or 1_000, chosen.rate, chosen.seconds, chosen.seconds / 4))
        finally:
            server.kill()


if __name__ == "__main__":
    main()
