"""Brings the schema up to date; runs at every start, and does nothing when nothing is new."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from api.database.connection import Database

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 4_417_220_160  # any fixed number: PostgreSQL's advisory lock for processes that start together


async def migrate(database: Database) -> None:
    """All steps that are missing, in one transaction."""
    database.make_folder()
    async with database.writing() as connection:
        if not database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_AT_A_TIME})
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
