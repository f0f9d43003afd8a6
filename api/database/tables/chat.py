"""The tables of the live chat: staff, conversations, events, suggestions, the audit record of protection."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
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

staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),  # always in lower case
    Column("name", String(40), nullable=False),  # the first name; players see it
    Column("role", String(12), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", Integer, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("player", String(24), nullable=False, index=True),  # joins the conversations of one browser
    Column("lang", String(2), nullable=False),
    Column("status", String(8), nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("reason", String(40)),
    Column("is_protected", Boolean, nullable=False),
    Column("consultant_id", Integer, ForeignKey("staff.id"), index=True),
    Column("waiting_since", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("last_number", Integer, nullable=False),
    Column("last_text", String(200), nullable=False),
    Column("last_author", String(12), nullable=False),
    Column("player_number", Integer, nullable=False),  # the player's last message; 0 before the first
    Column("answered_number", Integer, nullable=False),  # the last one of them that the bot has thought about
    Column("suggested_number", Integer, nullable=False),  # the last one of them that there are drafts for
    Column("unanswered_since", UtcDateTime),  # the player's first message that no consultant has replied to
    Column("player_read", Integer, nullable=False),
    Column("consultant_read", Integer, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("outcome", String(12)),
    Column("rating", SmallInteger),
    Column("channel", String(8), nullable=False, server_default="chat"),
    Column("subject", String(300), nullable=False, server_default=""),  # of a letter; masked
    Column("due_at", UtcDateTime),  # until when a person's answer is promised; null where no promise runs
    Column("due_stage", SmallInteger, nullable=False, server_default="0"),
    Index(None, "status", "urgency", "waiting_since"),
    Index(None, "due_stage", "due_at"),
    Index(None, "status", "last_at"),
)

events = Table(
    "events",
    metadata,
    Column("conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("author", String(12), nullable=False),
    Column("is_for_player", Boolean, nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id")),
    Column("client_id", String(64)),
    Column("at", UtcDateTime, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("folded", Text),  # the words of a message or note without case and diacritics, to search in
    PrimaryKeyConstraint("conversation_id", "number"),
    UniqueConstraint("conversation_id", "author", "client_id"),
    Index(None, "kind", "at"),  # figures and questions look for what happened since, over all conversations
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("answers", Integer, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("article_id", String(80), nullable=False, index=True),
    Column("lang", String(2), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("why", Text),
    Column("body", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id")),
    Column("edit_distance", Integer),
    Column("dismissed_because", String(20)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("conversation_id", "answers", "article_id"),
)

reply_times = Table(
    "reply_times",
    metadata,
    Column("conversation_id", String(24), nullable=False),
    Column("number", Integer, nullable=False),  # of the consultant's message
    Column("staff_id", Integer, ForeignKey("staff.id"), nullable=False, index=True),
    Column("article_id", String(80)),
    Column("is_first", Boolean, nullable=False),
    Column("waited_ms", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    PrimaryKeyConstraint("conversation_id", "number"),
    ForeignKeyConstraint(
        ["conversation_id", "number"], ["events.conversation_id", "events.number"], ondelete="CASCADE"
    ),
)

protections = Table(  # the audit record: that protection set in, when and why, and not one word of the player's
    "protections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String(24), ForeignKey("conversations.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
