"""Every table, one schema for SQLite and PostgreSQL. Rows are read and written by the features' queries.py."""

from __future__ import annotations

from api.database.tables.chat import conversations, events, protections, reply_times, staff, staff_sessions, suggestions
from api.database.tables.mail import mail_bookmarks, mail_incoming, mail_outgoing, mail_threads, promises
from api.database.tables.metadata import metadata
from api.database.tables.opening import callback_attempts, callbacks, opening_changes, opening_hours
from api.database.tables.outgoing import chatwoot_conversations, deliveries, translation_switches, webhooks

__all__ = [
    "callback_attempts",
    "callbacks",
    "chatwoot_conversations",
    "conversations",
    "deliveries",
    "events",
    "mail_bookmarks",
    "mail_incoming",
    "mail_outgoing",
    "mail_threads",
    "metadata",
    "opening_changes",
    "opening_hours",
    "promises",
    "protections",
    "reply_times",
    "staff",
    "staff_sessions",
    "suggestions",
    "translation_switches",
    "webhooks",
]
