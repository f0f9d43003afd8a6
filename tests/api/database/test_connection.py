"""The ground everything stored stands on, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from api.database.connection import Database, database_url
from api.database.migration import migrate
from api.database.tables import metadata, staff, staff_sessions
from tests.databases import fresh_url

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANNA = {
    "id": 1, "email": "anna@example.com", "name": "Anna", "role": "consultant", "password_hash": "-",
    "is_active": True, "created_at": NOW,
}  # fmt: skip


async def test_the_migrations_make_exactly_the_tables_the_code_reads(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_again_changes_nothing(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(staff).values(ANNA))
    await asyncio.gather(migrate(database), migrate(database))
    async with database.reading() as connection:
        assert (await connection.execute(select(staff.c.name))).scalar_one() == "Anna"


async def test_a_moment_comes_back_as_it_was_whatever_its_zone(database: Database) -> None:
    warsaw = timezone(timedelta(hours=1))
    async with database.writing() as connection:
        await connection.execute(insert(staff).values(ANNA | {"created_at": NOW.astimezone(warsaw)}))
    async with database.reading() as connection:
        came_back = (await connection.execute(select(staff.c.created_at))).scalar_one()
    assert came_back == NOW
    assert came_back.tzinfo is not None


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="zone"):
        async with database.writing() as connection:
            await connection.execute(insert(staff).values(ANNA | {"created_at": datetime(2026, 11, 26)}))


async def test_an_orphan_row_is_refused(database: Database) -> None:
    row = {"token_hash": "t", "staff_id": 999, "created_at": NOW, "expires_at": NOW}
    with pytest.raises(IntegrityError):
        async with database.writing() as connection:
            await connection.execute(insert(staff_sessions).values(row))


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def half_done() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(staff).values(ANNA))
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        await half_done()
    async with database.reading() as connection:
        assert (await connection.execute(select(staff.c.id))).all() == []


async def test_writers_at_once_wait_for_each_other_and_lose_nothing(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(staff).values(ANNA | {"name": "0"}))

    async def count_up() -> None:
        async with database.writing() as connection:
            name = (await connection.execute(select(staff.c.name).with_for_update())).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(update(staff).values(name=str(int(name) + 1)))

    await asyncio.gather(*(count_up() for _ in range(20)))
    async with database.reading() as connection:
        assert (await connection.execute(select(staff.c.name))).scalar_one() == "20"


async def test_sqlite_keeps_readers_and_the_writer_apart(tmp_path: Path) -> None:
    opened = Database(fresh_url("sqlite", tmp_path))
    await migrate(opened)
    async with opened.reading() as connection:
        found = [(await connection.execute(text(f"PRAGMA {p}"))).scalar_one() for p in ("journal_mode", "foreign_keys")]
    await opened.close()
    assert found == ["wal", 1]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", "sqlite+aiosqlite:///data/krupier.sqlite3"),
        ("postgresql://anna@db/krupier", "postgresql+psycopg://anna@db/krupier"),
        ("postgres://anna@db/krupier", "postgresql+psycopg://anna@db/krupier"),
        ("sqlite:///elsewhere.db", "sqlite+aiosqlite:///elsewhere.db"),
    ],
)
def test_the_setting_names_the_database_and_we_choose_the_driver(setting: str, expected: str) -> None:
    assert database_url(setting, Path("data"), "krupier.sqlite3").render_as_string() == expected
