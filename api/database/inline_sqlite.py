"""SQLite on the event loop itself: what aiosqlite offers, without handing each statement to a thread and back.

A statement of the chat takes some hundredths of a millisecond, the way to a thread and back ten times as long; see
docs/decisions/0004-sqlite-without-a-thread.md. Long reading goes through aiosqlite all the same (`Database.scanning`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

Parameters = Sequence[Any]


class InlineCursor:
    """A cursor whose coroutines never wait."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.arraysize = 1

    async def __aenter__(self) -> InlineCursor:
        return self

    @property
    def description(self) -> Any:
        """The columns of the result."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The id of the last row that was added."""
        return self._cursor.lastrowid

    async def execute(self, statement: str, parameters: Parameters = ()) -> InlineCursor:
        """One statement."""
        self._cursor.execute(statement, parameters)
        return self

    async def executemany(self, statement: str, rows: Sequence[Parameters]) -> InlineCursor:
        """One statement, many times."""
        self._cursor.executemany(statement, rows)
        return self

    async def fetchall(self) -> list[Any]:
        """What is left of the result."""
        return self._cursor.fetchall()

    async def close(self) -> None:
        """No more results."""
        self._cursor.close()


class InlineConnection:
    """A connection in autocommit mode; transactions are begun and ended by statements."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = self._conn = connection
        self.isolation_level = None

    def cursor(self) -> InlineCursor:
        """A new cursor."""
        return InlineCursor(self._connection.cursor())

    async def create_function(
        self, name: str, arguments: int, function: Callable[..., Any], deterministic: bool = False
    ) -> None:
        """A function for SQL; SQLAlchemy adds one for regular expressions."""
        self._connection.create_function(name, arguments, function, deterministic=deterministic)

    async def commit(self) -> None:
        """Keep what was written."""
        self._connection.commit()

    async def rollback(self) -> None:
        """Forget what was written."""
        self._connection.rollback()

    async def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def stop(self) -> None:
        """The same, where nothing can be awaited any more."""
        self._connection.close()


async def connect(database: str, timeout: float, **_: Any) -> InlineConnection:
    """An open file."""
    return InlineConnection(sqlite3.connect(database, timeout=timeout, isolation_level=None, check_same_thread=False))
