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
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction, create_async_engine

from api.database import inline_sqlite

BUSY_SECONDS_MAX = 10  # how long a writer waits for another process, e.g. the command line
BUSY_NAP_SECONDS = 0.02
BUSY_TIMEOUT_MS = 50  # of SQLite itself, which waits with the event loop standing still
READERS = 8


class Database:
    """An engine, and three kinds of transaction: reading, scanning and writing."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._engine = _sqlite_engine(url, is_inline=True)
            self._scanner = _sqlite_engine(url, is_inline=False)
        else:
            self._engine = self._scanner = create_async_engine(url, pool_size=READERS)
        # SQLite has one writer: waiting for it here is fair, and waking is quicker than its busy handler's naps.
        self._writer = asyncio.Lock() if self.is_sqlite else contextlib.nullcontext()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view, for a few rows found by an index; nothing is written."""
        async with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.asynccontextmanager
    async def scanning(self) -> AsyncIterator[AsyncConnection]:
        """The same for what looks through many rows, out of everybody's way."""
        async with self._scanner.connect() as connection, connection.begin():
            yield connection

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """All or nothing: committed at the end of the block, rolled back by any exception."""
        async with self._writer, self._engine.connect() as connection:
            await connection.execution_options(is_writing=True)
            transaction = await _begun(connection)
            try:
                yield connection
            except BaseException:
                await transaction.rollback()
                raise
            await transaction.commit()

    def make_folder(self) -> None:
        """Where the file goes, if it is one."""
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()
        await self._scanner.dispose()


def database_url(setting: str, data: Path, file_name: str) -> URL:
    """The URL of a setting, its driver filled in; without one, a file in the data folder."""
    if not setting:
        return URL.create("sqlite+aiosqlite", database=str(data / file_name))
    url = make_url(setting)
    drivers = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "sqlite": "sqlite+aiosqlite"}
    return url.set(drivername=drivers.get(url.drivername, url.drivername))


async def _begun(connection: AsyncConnection) -> AsyncTransaction:
    """A transaction that may write, once no other process is writing."""
    loop = asyncio.get_running_loop()
    until = loop.time() + BUSY_SECONDS_MAX
    while True:
        try:
            return await connection.begin()
        except OperationalError as error:
            if "locked" not in str(error) or loop.time() > until:
                raise
            await asyncio.sleep(BUSY_NAP_SECONDS)


def _sqlite_engine(url: URL, *, is_inline: bool) -> AsyncEngine:
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS_MAX}
    if is_inline:
        arguments = {"timeout": BUSY_TIMEOUT_MS / 1000, "async_creator_fn": inline_sqlite.connect}
    engine = create_async_engine(url, pool_size=READERS, connect_args=arguments)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: Any) -> None:
        if not is_inline:
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
