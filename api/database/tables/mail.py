"""The tables of written channels: threads, what came in, what goes out, and the promises that run."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from api.database.tables.metadata import metadata
from api.database.types import UtcDateTime

mail_threads = Table(
    "mail_threads",
    metadata,
    Column("conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("address", String(254), nullable=False, index=True),  # where answers go; in lower case
    Column("name", String(120), nullable=False),
    Column("token", String(16), nullable=False, unique=True),  # stands in our subjects and Message-IDs
    Column("reference_ids", Text, nullable=False),  # of the thread so far, oldest first; the last one is answered
)

mail_incoming = Table(
    "mail_incoming",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailbox", String(300), nullable=False),
    Column("uid_validity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("fingerprint", String(64), nullable=False, unique=True),  # the same mail again has the same
    Column("message_id", String(300), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("warning", String(12)),
    Column("size", BigInteger, nullable=False),
    Column("copies", Integer, nullable=False),  # how often it came again
    Column("conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    Column("number", Integer),
    Column("arrived_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

mail_outgoing = Table(
    "mail_outgoing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", String(300), nullable=False, unique=True),
    Column("conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    Column("number", Integer),
    Column("purpose", String(16), nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("is_automatic", Boolean, nullable=False),
    Column("content", LargeBinary, nullable=False),  # RFC 5322, as it is sent, however often it must be tried
    Column("status", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("error", String(300)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Index(None, "status", "next_at"),
    Index(None, "recipient", "created_at"),
)

mail_bookmarks = Table(
    "mail_bookmarks",
    metadata,
    Column("mailbox", String(300), primary_key=True),
    Column("uid_validity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
    Column("since", UtcDateTime, nullable=False),  # what arrived earlier is of a time before Krupier
)

promises = Table(
    "promises",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(12)),
    Column("staff_id", Integer, ForeignKey("staff.id")),
    Column("stage", SmallInteger, nullable=False),
    Index(None, "conversation_id", "ended_at"),
)
