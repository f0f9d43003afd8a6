"""Connections: SQLite in the data folder by default, PostgreSQL by one setting; a use case is one transaction."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 10_000
READERS = 8


class Database:
    """An engine, and the two kinds of transaction: reading and writing."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(url) if self.is_sqlite else create_async_engine(url, pool_size=READERS)
        # SQLite has one writer: waiting for it here is fair, and waking is quicker than its busy handler's naps.
        self._writer = asyncio.Lock() if self.is_sqlite else contextlib.nullcontext()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view; nothing is written."""
        async with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """All or nothing: committed at the end of the block, rolled back by any exception."""
        async with self._writer, self._engine.connect() as connection:
            await connection.execution_options(is_writing=True)
            async with connection.begin():
                yield connection

    def make_folder(self) -> None:
        """Where the file goes, if it is one."""
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()


def database_url(setting: str, data: Path, file_name: str) -> URL:
    """The URL of a setting, its driver filled in; without one, a file in the data folder."""
    if not setting:
        return URL.create("sqlite+aiosqlite", database=str(data / file_name))
    url = make_url(setting)
    drivers = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "sqlite": "sqlite+aiosqlite"}
    return url.set(drivername=drivers.get(url.drivername, url.drivername))


def _sqlite_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=READERS, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin transactions late and in a mode of its own
        cursor = connection.cursor()
        # WAL: readers and the writer do not wait for each other. With synchronous=NORMAL a commit survives the death
        # of the process; only a power cut may take the last moments, and never the file's consistency.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        # A reader that turns writer half-way fails at once when another has written; so writers say so from the start.
        is_writing = connection.get_execution_options().get("is_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine
