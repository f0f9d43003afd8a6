"""Who is here right now: players with an open page, consultants who look at a conversation. In this process' memory."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from api.conversations.hub import Changed, Hub


@dataclass(frozen=True)
class Viewer:
    """A consultant who looks at a conversation."""

    id: int
    name: str
    is_typing: bool = False


class Presence:
    """Kept by the sockets; every change is told."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._players: Counter[str] = Counter()
        self._staff: Counter[int] = Counter()
        self._talking = 0  # windows of the desk of those who talk to players
        self._viewers: dict[str, dict[object, Viewer]] = defaultdict(dict)

    @contextlib.contextmanager
    def player(self, conversation_id: str) -> Iterator[None]:
        """The player has the conversation open while the block runs."""
        self._players[conversation_id] += 1
        if self._players[conversation_id] == 1:
            self._hub.tell(Changed(conversation_id), desk=True)
        try:
            yield
        finally:
            self._players[conversation_id] -= 1
            if not self._players[conversation_id]:
                del self._players[conversation_id]
                self._hub.tell(Changed(conversation_id), desk=True)

    @contextlib.contextmanager
    def colleague(self, staff_id: int, *, may_hold: bool = True) -> Iterator[None]:
        """Somebody has the desk open while the block runs; `may_hold`: somebody who talks to players."""
        self._staff[staff_id] += 1
        self._talking += may_hold
        try:
            yield
        finally:
            self._talking -= may_hold
            self._staff[staff_id] -= 1
            if not self._staff[staff_id]:
                del self._staff[staff_id]

    def look(self, connection: object, conversation_id: str, viewer: Viewer) -> None:
        """A window of the desk shows the conversation."""
        self._viewers[conversation_id][connection] = viewer
        self._hub.tell(Changed(conversation_id))

    def look_away(self, connection: object, conversation_id: str) -> None:
        """It shows it no longer."""
        self._viewers[conversation_id].pop(connection, None)
        if not self._viewers[conversation_id]:
            del self._viewers[conversation_id]
        self._hub.tell(Changed(conversation_id))

    def is_player_online(self, conversation_id: str) -> bool:
        """Whether the player has it open."""
        return conversation_id in self._players

    def is_online(self, staff_id: int) -> bool:
        """Whether the consultant has the desk open."""
        return staff_id in self._staff

    def is_staffed(self) -> bool:
        """Whether anybody who talks to players has the desk open."""
        return self._talking > 0

    def viewers(self, conversation_id: str) -> tuple[Viewer, ...]:
        """Who looks at it, each once, whoever types first."""
        seen: dict[int, Viewer] = {}
        for viewer in self._viewers.get(conversation_id, {}).values():
            if viewer.id not in seen or viewer.is_typing:
                seen[viewer.id] = viewer
        return tuple(seen.values())
