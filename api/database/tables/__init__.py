"""Every table, one schema for SQLite and PostgreSQL. Rows are read and written by the features' queries.py."""

from __future__ import annotations

from api.database.tables.chat import conversations, events, protections, reply_times, staff, staff_sessions, suggestions
from api.database.tables.content import content_entries, content_steps, content_versions, releases, working_copies
from api.database.tables.metadata import metadata

__all__ = [
    "content_entries",
    "content_steps",
    "content_versions",
    "conversations",
    "events",
    "metadata",
    "protections",
    "releases",
    "reply_times",
    "staff",
    "staff_sessions",
    "suggestions",
    "working_copies",
]
