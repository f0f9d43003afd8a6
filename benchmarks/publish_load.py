"""Questions at a steady rate over real HTTP while an article is taken away and comes back, again and again."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn

from api.content.values import article_key
from api.publishing.values import JobState
from api.staff.values import Staff

RATE = 50  # questions a second
ARTICLE = "withdrawal-time"
QUESTIONS = ("kiedy przyjda pieniadze na karte", "ile trwa wypłata", "jak zmienić hasło", "gdzie są darmowe spiny")
TIMEOUT_SECONDS = 60


@dataclass
class Seen:
    """What the clients got."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # answers with the article while it was taken away


async def under_load(app: Any, by: Staff, publishes: int) -> dict[str, Any]:
    """20 publishings in a row, by default ten of each kind, with questions all the while."""
    seen, stop = Seen(), asyncio.Event()
    away: list[bool] = [False]
    async with _listening(app) as address:
        asking = asyncio.create_task(_ask_steadily(address, seen, away, stop))
        taken, live = [], 0
        former = 0
        for number in range(publishes):
            started = time.perf_counter()
            if number % 2 == 0:
                former = await app.state.content.current_id()
                version = await app.state.content.archive(article_key(ARTICLE), by, "benchmark")
                candidate = await app.state.content.candidate([(version.key, version.number)])
            else:
                away[0] = False
                candidate = await app.state.content.candidate_of(former)
            job = await app.state.publishing.start(candidate, by, "benchmark")
            job = await app.state.publishing.finished(job.id)
            away[0] = number % 2 == 0 and job.state is JobState.LIVE
            live += job.state is JobState.LIVE
            taken.append(time.perf_counter() - started)
            print(f"{number}: {job.state.value} after {taken[-1]:.1f} s, {len(seen.seconds)} answers", flush=True)
        stop.set()
        await asking
    ordered = sorted(seen.seconds)
    return {
        "publishes": publishes, "live": live, "seconds_median": round(statistics.median(taken), 2),
        "answers": len(ordered), "failed": len(seen.failed), "from_an_archived_article": len(seen.gone),
        "p50_ms": round(1000 * ordered[len(ordered) // 2]), "p99_ms": round(1000 * ordered[int(len(ordered) * 0.99)]),
        "longest_ms": round(1000 * ordered[-1]),
    }  # fmt: skip


async def _ask_steadily(address: str, seen: Seen, away: list[bool], stop: asyncio.Event) -> None:
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=address, timeout=TIMEOUT_SECONDS, limits=limits) as client:
        under_way: set[asyncio.Task[None]] = set()
        number = 0
        while not stop.is_set():
            task = asyncio.create_task(_ask(client, QUESTIONS[number % len(QUESTIONS)], seen, away))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            number += 1
            await asyncio.sleep(1 / RATE)
        await asyncio.gather(*under_way)


async def _ask(client: httpx.AsyncClient, text: str, seen: Seen, away: list[bool]) -> None:
    was_away, started = away[0], time.perf_counter()
    try:
        found = await client.post("/api/v1/answers", json={"text": text})
        decision = found.json()
        if found.status_code != httpx.codes.OK:
            seen.failed.append(found.text[:200])
        elif was_away and away[0] and ARTICLE in decision["articles"]:
            seen.gone.append(text)
    except httpx.HTTPError as error:
        seen.failed.append(repr(error))
    seen.seconds.append(time.perf_counter() - started)


@contextlib.asynccontextmanager
async def _listening(app: Any) -> AsyncIterator[str]:
    """The app on a real port; it has been started already, so its lifespan is left alone."""
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving
