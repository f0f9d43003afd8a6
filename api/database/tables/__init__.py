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
from api.database.tables.mail import mail_bookmarks, mail_incoming, mail_outgoing, mail_threads, promises
from api.database.tables.metadata import metadata
from api.database.tables.opening import callback_attempts, callbacks, opening_changes, opening_hours
from api.database.tables.outgoing import chatwoot_conversations, deliveries, translation_switches, webhooks

__all__ = [
    "callback_attempts",
    "callbacks",
    "chatwoot_conversations",
    "content_entries",
    "content_staged",
    "content_steps",
    "content_versions",
    "conversations",
    "deliveries",
    "events",
    "help_votes",
    "mail_bookmarks",
    "mail_incoming",
    "mail_outgoing",
    "mail_threads",
    "metadata",
    "open_questions",
    "opening_changes",
    "opening_hours",
    "promises",
    "protections",
    "releases",
    "reply_times",
    "staff",
    "staff_sessions",
    "suggestions",
    "translation_switches",
    "webhooks",
    "working_copies",
]
