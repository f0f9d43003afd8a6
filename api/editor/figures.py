"""How each article does with players: asked for, answered with, of help, handed over, wrong."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.chat import Chat
from api.conversations.values import Kind
from api.editor import queries
from bot.decision import Action

PERIOD = timedelta(days=90)
KEPT_SECONDS = 60.0  # the list is opened again and again; the figures need not be newer
WRONG_MIN, WRONG_SHARE = 3, 0.1  # 'often wrong': at least so many answers called wrong, and such a share of all
Row = tuple[str, int, str, Mapping[str, Any]]


@dataclass
class ArticleFigures:
    """Counts over the period; `asked` is how often the article came first, whatever was done then."""

    asked: int = 0
    answered: int = 0
    helped: int = 0
    escalated: int = 0
    wrong: int = 0

    @property
    def is_often_wrong(self) -> bool:
        """Whether an editor should look at it."""
        return self.wrong >= WRONG_MIN and self.wrong >= WRONG_SHARE * self.answered


class Figures:
    """Counted when first asked for, and again after a minute."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._counted: tuple[float, dict[str, ArticleFigures]] = (-KEPT_SECONDS, {})

    async def by_article(self) -> Mapping[str, ArticleFigures]:
        """Article id -> figures; articles that nobody asked for are missing."""
        at, counted = self._counted
        if time.monotonic() - at < KEPT_SECONDS:
            return counted
        async with self._chat.database.scanning() as connection:
            rows = await queries.bot_messages_and_feedback(connection, self._chat.conversations.now() - PERIOD)
        counted = counted_by_article(rows)
        self._counted = time.monotonic(), counted
        return counted


def counted_by_article(rows: Iterable[Row]) -> dict[str, ArticleFigures]:
    """Figures out of the bot's messages and the feedback on them, in the order they happened."""
    counted: dict[str, ArticleFigures] = defaultdict(ArticleFigures)
    said: dict[tuple[str, int], list[str]] = {}
    for conversation, number, kind, payload in rows:
        if kind == Kind.FEEDBACK:
            for article in said.get((conversation, payload["about"]), ()):
                counted[article].helped += bool(payload["is_helpful"])
                counted[article].wrong += not payload["is_helpful"]
            continue
        answered = [source["id"] for source in payload.get("sources", ())]
        candidates = [each["id"] for each in payload.get("decision", {}).get("candidates", ())]
        said[conversation, number] = answered
        for article in dict.fromkeys([*answered, *candidates[:1]]):
            counted[article].asked += 1
            counted[article].answered += article in answered
            counted[article].escalated += article not in answered and payload.get("action") == Action.ESCALATE
    return dict(counted)
