"""Each process uses the index of the release in force: the one it published itself, or one that another did."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import anyio.to_thread
import structlog
from starlette.datastructures import State

from api.content.service import Content
from api.content.values import Candidate
from api.engine import Engine, open_version
from api.settings import Settings
from api.watching import look_again_and_again
from knowledge_base.published import publish
from knowledge_base.reading import KnowledgeBase

LOOK_EVERY_SECONDS = 1.0  # an archived article may be quoted this long by another process, plus opening the index

logger = structlog.get_logger()


class Follower:
    """Looks at the number of the release in force, and swaps the engine whole when it is another one."""

    def __init__(
        self, content: Content, settings: Settings, state: State, build_here: Callable[[Candidate], Awaitable[str]]
    ) -> None:
        self._content = content
        self._settings = settings
        self._state = state
        self._build_here = build_here
        self._release_id: int | None = None
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to look."""
        self._task = asyncio.get_running_loop().create_task(
            look_again_and_again(self.follow, LOOK_EVERY_SECONDS, "following_failed")
        )

    async def close(self) -> None:
        """Look no more."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def opened(self, version: str) -> Engine:
        """An engine for an index of this machine, opened off the event loop; the language model is loaded already."""
        return await anyio.to_thread.run_sync(open_version, self._settings, version, self._state.engine)

    def use(self, engine: Engine, release_id: int) -> None:
        """From now on; who has begun with the engine before ends with it."""
        self._release_id = release_id
        self._state.engine = engine

    def point_to(self, version: str) -> None:
        """What the command line and the next start open."""
        from indexer.published_index import point_to

        point_to(self._settings.index_home, version)

    async def follow(self) -> None:
        """Use what is in force, if it is not what is used."""
        current = await self._content.current_id()
        if current is None or current == self._release_id:
            return
        release = await self._content.current()
        if release.index_version in {"", self._state.engine.manifest.version}:
            self._release_id = release.id
            return
        version = release.index_version
        if not (self._settings.index_home / version).is_dir():
            live = await self._content.published()
            if await anyio.to_thread.run_sync(_is_of, self._state.engine, live.knowledge_base):
                self._release_id = release.id  # built on this machine, of the same articles
                return
            version = await self._build_here(live)
        engine = await self.opened(version)
        if await self._content.current_id() == release.id:
            self.use(engine, release.id)


def _is_of(engine: Engine, base: KnowledgeBase) -> bool:
    """Whether the engine's index was made of these very articles."""
    from indexer.build import content_checksum

    return bool(engine.manifest.content_checksum == content_checksum(publish(base)))
