"""What tests all over the tree ask for: asyncio, and a database of each kind with all tables in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.database.connection import Database
from api.database.migration import migrate
from tests.databases import fresh_url


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(fresh_url(request.param, tmp_path))
    await migrate(opened)
    yield opened
    await opened.close()
