"""The building process from the service's side: started when needed, one command at a time, its death noticed."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import anyio.to_thread

from api.publishing.worker import Order, work

Progress = Callable[[str, int, int], None]
IDLE_SECONDS_MAX = 1800.0  # a builder holds some hundred megabytes; after half an hour without an editor it ends
LISTENING_SECONDS = 0.5  # how long a thread listens before it looks whether anybody still wants to hear
STOPPING_SECONDS = 5


class BuilderDiedError(Exception):
    """The process has ended in the middle of its work."""


class BuildFailedError(Exception):
    """The process says why it cannot build."""


class Builder:
    """One process at most; who comes while it works waits."""

    def __init__(self, order: Order, idle_seconds: float = IDLE_SECONDS_MAX) -> None:
        self._order = order
        self._idle_seconds = idle_seconds
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._one_at_a_time = asyncio.Lock()
        self._leaving: asyncio.TimerHandle | None = None

    @property
    def process_id(self) -> int | None:
        """Of the process, while there is one."""
        return self._process.pid if self._process and self._process.is_alive() else None

    @property
    def is_busy(self) -> bool:
        """Whether it works right now."""
        return self._one_at_a_time.locked()

    async def do(self, command: str, *arguments: Any, progress: Progress = lambda _w, _d, _o: None) -> Any:
        """The command's result; BuildFailedError or BuilderDiedError say why there is none."""
        async with self._one_at_a_time:
            if self._leaving:
                self._leaving.cancel()
            try:
                connection = self._opened()
                await anyio.to_thread.run_sync(connection.send, (command, *arguments))
                return await self._result(connection, progress)
            except (EOFError, OSError) as error:
                raise BuilderDiedError(self._how_it_ended()) from error
            except asyncio.CancelledError:
                self._end()  # its answer would be taken for that of the next command
                raise
            finally:
                self._leaving = asyncio.get_running_loop().call_later(self._idle_seconds, self._end)

    async def close(self) -> None:
        """End the process."""
        if self._leaving:
            self._leaving.cancel()
        process, self._process = self._process, None
        if self._connection is not None:
            self._connection.close()  # which tells it to end by itself
            self._connection = None
        if process is not None and not self.is_busy:
            await anyio.to_thread.run_sync(process.join, STOPPING_SECONDS)
        if process is not None and process.is_alive():
            process.terminate()
            await anyio.to_thread.run_sync(process.join, STOPPING_SECONDS)

    async def _result(self, connection: Connection, progress: Progress) -> Any:
        while True:
            if not await anyio.to_thread.run_sync(connection.poll, LISTENING_SECONDS):
                continue
            kind, *rest = await anyio.to_thread.run_sync(connection.recv)
            if kind == "progress":
                progress(*rest)
            elif kind == "failed":
                raise BuildFailedError(rest[0])
            else:
                return rest[0]

    def _opened(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._connection is None:
            spawning = multiprocessing.get_context("spawn")  # a fork would copy threads in the middle of their work
            self._connection, theirs = spawning.Pipe()
            self._process = spawning.Process(target=work, args=(theirs, self._order), name="krupier-build", daemon=True)
            self._process.start()
            theirs.close()
        return self._connection

    def _how_it_ended(self) -> str:
        process = self._process
        if process is not None:
            process.join(STOPPING_SECONDS)
        code = process.exitcode if process is not None else None
        self._end()
        if code is not None and code < 0:
            return f"The building process was killed (signal {-code}), perhaps since memory ran out."
        return f"The building process ended unexpectedly (exit status {code})."

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
        self._process = self._connection = None
