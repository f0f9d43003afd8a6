"""Opening hours, who changed them, and call-backs with their attempts."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint

from api.database.tables.metadata import metadata
from api.database.types import UtcDateTime

opening_hours = Table(
    "opening_hours",
    metadata,
    Column("channel", String(8), primary_key=True),
    Column("language", String(2), primary_key=True),
    Column("hours", JSON, nullable=False),
    Column(
        "version", Integer, nullable=False
    ),  # one more with each change, so that nobody overwrites what they have not seen
    Column("changed_at", UtcDateTime, nullable=False),
)

opening_changes = Table(
    "opening_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("language", String(2), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id"), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),  # of the link that changes and cancels it
    Column(
        "conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("lang", String(2), nullable=False),
    Column("number", String(16), nullable=False, index=True),  # E.164; the one place where it stands unmasked
    Column("email", String(254)),
    Column("topic", Text, nullable=False),
    Column("slot_at", UtcDateTime, nullable=False),
    Column("slot_minutes", SmallInteger, nullable=False),
    Column("place", SmallInteger),  # which of the slot's places it takes; none once it is over
    Column("due_at", UtcDateTime, nullable=False),  # when to call: the slot, or the next try
    Column("status", String(12), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("sequence", SmallInteger, nullable=False),  # of the calendar entry (RFC 5545, 3.8.7.4)
    Column("urgency", SmallInteger, nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id")),  # who is calling
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("lang", "slot_at", "place"),  # of two who want the last place at once, one gets it
    Index(None, "status", "due_at"),
)

callback_attempts = Table(
    "callback_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("callback_id", Integer, ForeignKey("callbacks.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("staff_id", Integer, ForeignKey("staff.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("note", Text, nullable=False),
    Column("next_at", UtcDateTime),
)
