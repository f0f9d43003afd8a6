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


async def ask_in_force(
    state: State, text: str, history: Sequence[str] = (), is_protected: bool | None = None
) -> tuple[Engine, Decision]:
    """The decision of the index in force and that index; an article that was taken away meanwhile is not quoted."""
    while True:
        engine: Engine = state.engine
        decision = await ask(state, engine, text, history, is_protected)
        if engine is state.engine or quotes_only(decision, state.engine):
            return engine, decision


def quotes_only(decision: Decision, engine: Engine) -> bool:
    """Whether every article that a decision names is still there."""
    named = (*decision.articles, *decision.choices, *(candidate.id for candidate in decision.candidates))
    return all(article_id in engine.bot.articles for article_id in named)


async def search(state: State, engine: Engine, text: str, is_protected: bool = False) -> list[Proposal]:
    """Articles that may answer, best first; behind a limiter of its own, so that no search delays an answer."""
    found = await anyio.to_thread.run_sync(engine.bot.suggest, text, (), is_protected, limiter=state.searching)
    return [proposal for proposal in found if proposal.id in state.engine.bot.articles]


async def look_at(state: State, engine: Engine, look: Callable[[Bot, str], Result], text: str) -> Result:
    """Something that a bot is asked by staff, behind the limiter of searches."""
    return await anyio.to_thread.run_sync(look, engine.bot, text, limiter=state.searching)
