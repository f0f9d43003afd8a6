"""Asking the bot off the event loop, with its time and outcome counted; pages and the interface ask the same way."""

from __future__ import annotations

import time
from collections.abc import Sequence

import anyio
from starlette.datastructures import State

from api.engine import Engine
from api.metrics import Metrics
from bot.decision import Decision, Proposal


async def ask(state: State, engine: Engine, text: str, history: Sequence[str] = ()) -> Decision:
    """The decision about a message; the caller names the engine, so that it reads articles from that same one."""
    return await anyio.to_thread.run_sync(answer, engine, state.metrics, text, history, limiter=state.thinking)


def answer(engine: Engine, metrics: Metrics, text: str, history: Sequence[str]) -> Decision:
    """The decision about a message; no text is counted or logged, only what was decided."""
    started = time.perf_counter()
    decision = engine.bot.reply(text, history)
    metrics.seconds.observe(time.perf_counter() - started)
    metrics.decisions.labels(decision.action.value, decision.reason.value).inc()
    return decision


async def search(state: State, engine: Engine, text: str, history: Sequence[str] = ()) -> list[Proposal]:
    """Articles that may answer, best first; behind a limiter of its own, so that no search delays an answer."""
    return await anyio.to_thread.run_sync(engine.bot.suggest, text, history, limiter=state.searching)
