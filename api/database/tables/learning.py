"""What players ask in vain: questions with what became of them, and what readers of the help centre said."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from api.database.tables.metadata import metadata
from api.database.types import UtcDateTime

help_votes = Table(
    "help_votes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", String(80), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("is_helpful", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "at"),
)

open_questions = Table(
    "open_questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(20), nullable=False),
    Column("conversation_id", String(24), ForeignKey("conversations.id", ondelete="CASCADE")),  # none: the help centre
    Column("number", Integer),  # of the event that says so, in the conversation
    Column("text", Text, nullable=False),  # masked
    Column("lang", String(2), nullable=False),
    Column("reason", String(40)),
    Column("articles", JSON, nullable=False),  # what was answered with, or lies nearest in somebody's eyes
    Column("answered_with", String(80)),  # the article a consultant sent instead
    Column("note", Text, nullable=False),  # a consultant's words, or a reader's
    Column("staff_id", Integer, ForeignKey("staff.id")),  # who flagged it
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("settled_by", Integer, ForeignKey("staff.id")),
    Column("settled_at", UtcDateTime),
    Column("settled_article", String(80)),
    Column("model", String(80)),  # which encoder the vector is of
    Column("vector", LargeBinary),  # float32, little-endian
    UniqueConstraint("conversation_id", "number", "source"),
    Index(None, "state", "at"),
)
