"""Rings the bell in this process: who listens to a topic hears that something was stored, and what.

What is rung is only a shortcut. A listener that falls behind is told so and reads from the database instead, so nothing
is lost here that was stored.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from api.conversations.values import Event, Written

DESK = "desk"
WAITING_MAX = 200


@dataclass(frozen=True)
class Typing:
    """Somebody writes, or has stopped."""

    conversation: str
    author: str
    is_typing: bool
    name: str | None = None
    source: object = None  # the connection it came from, which need not hear it again


@dataclass(frozen=True)
class Changed:
    """Something about a conversation or who looks at it is different; no event."""

    conversation: str


@dataclass(frozen=True)
class Gathered:
    """What somebody has gathered for many listeners, so that each need not."""

    rows: tuple[Any, ...]
    counts: Any


@dataclass(frozen=True)
class Behind:
    """Too much was rung for this listener: read from the database."""


Signal = Written | Typing | Changed | Gathered | Behind


class Subscription:
    """One listener's signals, in order; at most so many wait."""

    def __init__(self) -> None:
        self._waiting: deque[Signal] = deque()
        self._rung = asyncio.Event()

    def ring(self, signal: Signal) -> None:
        """Add a signal; too many become one Behind."""
        if len(self._waiting) >= WAITING_MAX:
            self._waiting.clear()
            self._waiting.append(Behind())
        else:
            self._waiting.append(signal)
        self._rung.set()

    @property
    def has_more(self) -> bool:
        """Whether a signal waits."""
        return bool(self._waiting)

    async def next(self) -> Signal:
        """The next signal, when there is one."""
        while not self._waiting:
            self._rung.clear()
            await self._rung.wait()
        return self._waiting.popleft()


class Hub:
    """Topics: a conversation's id, or the desk."""

    def __init__(self, count: Callable[[Event], None] = lambda _: None) -> None:
        self._listeners: dict[str, set[Subscription]] = defaultdict(set)
        self._count = count
        # What must be stored with a change or not at all: asked inside its transaction, before the commit.
        self.followers: list[Callable[[Any], Awaitable[None]]] = []

    @contextlib.contextmanager
    def listening(self, topic: str, subscription: Subscription | None = None) -> Iterator[Subscription]:
        """A subscription to the topic while the block runs; one subscription may hear several topics."""
        listener = subscription or Subscription()
        self._listeners[topic].add(listener)
        try:
            yield listener
        finally:
            self._listeners[topic].discard(listener)
            if not self._listeners[topic]:
                del self._listeners[topic]

    def written(self, written: Written) -> Written:
        """Tell the conversation's listeners and the desk; gives back what it was given."""
        for event in written.events:
            self._count(event)
        self._ring(written.conversation.id, written)
        self._ring(DESK, written)
        return written

    def tell(self, signal: Typing | Changed, *, desk: bool = False) -> None:
        """Tell the conversation's listeners, and the desk where it matters to everybody there."""
        self._ring(signal.conversation, signal)
        if desk:
            self._ring(DESK, signal)

    def gathered(self, topic: str, signal: Gathered) -> None:
        """Tell all who listen to what was gathered."""
        self._ring(topic, signal)

    def _ring(self, topic: str, signal: Signal) -> None:
        for listener in self._listeners.get(topic, ()):
            listener.ring(signal)


def in_order(events: tuple[Event, ...], last: int) -> bool:
    """Whether these events directly follow the last one a listener has seen."""
    return all(event.number == last + 1 + i for i, event in enumerate(events))
