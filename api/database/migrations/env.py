"""Alembic runs on the connection it is given by api.database.migration."""

from __future__ import annotations

from alembic import context

from api.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes tables by making new ones
    transactional_ddl=True,
)
context.run_migrations()
