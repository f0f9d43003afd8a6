"""Every table, one schema for SQLite and PostgreSQL. Rows are read and written by the features' queries.py."""

from __future__ import annotations

from api.database.tables.chat import conversations, events, protections, reply_times, staff, staff_sessions, suggestions
from api.database.tables.content import (
    content_entries,
    content_staged,
    content_steps,
    content_versions,
    releases,
    working_copies,
)
from api.database.tables.learning import help_votes, open_questions
from api.database.tables.metadata import metadata

__all__ = [
    "content_entries",
    "content_staged",
    "content_steps",
    "content_versions",
    "conversations",
    "events",
    "help_votes",
    "metadata",
    "open_questions",
    "protections",
    "releases",
    "reply_times",
    "staff",
    "staff_sessions",
    "suggestions",
    "working_copies",
]
