"""Asking the bot off the event loop, with its time and outcome counted; pages and the interface ask the same way."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import anyio
from starlette.datastructures import State

from api.engine import Engine
from api.metrics import Metrics
from bot.bot import Bot
from bot.decision import Decision, Proposal

Result = TypeVar("Result")


async def ask(
    state: State, engine: Engine, text: str, history: Sequence[str] = (), is_protected: bool | None = None
) -> Decision:
    """The decision about a message; the caller names the engine, so that it reads articles from that same one.

    `is_protected`: whether harm was shown before; None where nobody knows, so that the history is looked through.
    """
    thinking = functools.partial(_answer, engine, state.metrics, text, history, is_protected)
    return await anyio.to_thread.run_sync(thinking, limiter=state.thinking)


def _answer(engine: Engine, metrics: Metrics, text: str, history: Sequence[str], is_protected: bool | None) -> Decision:
    """The decision about a message; no text is counted or logged, only what was decided."""
    started = time.perf_counter()
    decision = engine.bot.reply(text, history, is_protected)
    metrics.seconds.observe(time.perf_counter() - started)
    metrics.decisions.labels(decision.action.value, decision.reason.value).inc()
    return decision


async def search(state: State, engine: Engine, text: str, is_protected: bool = False) -> list[Proposal]:
    """Articles that may answer, best first; behind a limiter of its own, so that no search delays an answer."""
    return await anyio.to_thread.run_sync(engine.bot.suggest, text, (), is_protected, limiter=state.searching)


async def look_at(state: State, engine: Engine, look: Callable[[Bot, str], Result], text: str) -> Result:
    """Something that a bot is asked by staff, behind the limiter of searches."""
    return await anyio.to_thread.run_sync(look, engine.bot, text, limiter=state.searching)
