"""Translations a conversation is read through, webhooks and what is sent to them, conversations of a Chatwoot desk."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from api.database.tables.metadata import metadata
from api.database.types import UtcDateTime

translation_switches = Table(
    "translation_switches",
    metadata,
    Column("conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("player_language", String(8), nullable=False),
    Column("desk_language", String(8), nullable=False),
    Column("looked_number", Integer, nullable=False),  # the last of the player's messages that was translated or tried
    Column("changed_at", UtcDateTime, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", String(2000), nullable=False),
    Column("secret", String(80), nullable=False),  # both sides need it as it is: it signs
    Column("kinds", JSON, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id")),
    Column("created_at", UtcDateTime, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(40), primary_key=True),  # also what the receiver knows it by
    Column("webhook_id", Integer, ForeignKey("webhooks.id", ondelete="CASCADE")),  # none: to the Chatwoot desk
    Column("conversation_id", String(24), nullable=False),
    Column("number", Integer, nullable=False),  # of the event; 0 for a test
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("steps_done", SmallInteger, nullable=False),  # of what has several
    Column("due_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime),
    Column("last_status", SmallInteger),  # HTTP
    Column("last_problem", String(200)),
    UniqueConstraint("webhook_id", "conversation_id", "number", "kind"),
    Index(None, "status", "due_at"),
    Index(None, "webhook_id", "created_at"),
)

chatwoot_conversations = Table(
    "chatwoot_conversations",
    metadata,
    Column("account_id", Integer, nullable=False),
    Column("chatwoot_id", Integer, nullable=False),
    Column("conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("contact_id", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("account_id", "chatwoot_id", "conversation_id"),
    UniqueConstraint("conversation_id"),
    Index(None, "account_id", "contact_id"),
)
