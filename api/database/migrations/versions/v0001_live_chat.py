"""Live chat: staff, conversations, events, suggestions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.database.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All tables of the live chat."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("email", name="uq_staff_email"),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("player", sa.String(length=24), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("is_protected", sa.Boolean(), nullable=False),
        sa.Column("consultant_id", sa.Integer(), nullable=True),
        sa.Column("waiting_since", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("last_at", UtcDateTime, nullable=False),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_text", sa.String(length=200), nullable=False),
        sa.Column("last_author", sa.String(length=12), nullable=False),
        sa.Column("player_number", sa.Integer(), nullable=False),
        sa.Column("answered_number", sa.Integer(), nullable=False),
        sa.Column("suggested_number", sa.Integer(), nullable=False),
        sa.Column("unanswered_since", UtcDateTime, nullable=True),
        sa.Column("player_read", sa.Integer(), nullable=False),
        sa.Column("consultant_read", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(["consultant_id"], ["staff.id"], name="fk_conversations_consultant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("token_hash", name="uq_conversations_token_hash"),
    )
    op.create_index("ix_conversations_consultant_id", "conversations", ["consultant_id"], unique=False)
    op.create_index("ix_conversations_player", "conversations", ["player"], unique=False)
    op.create_index("ix_conversations_status_last_at", "conversations", ["status", "last_at"], unique=False)
    op.create_index(
        "ix_conversations_status_urgency_waiting_since",
        "conversations",
        ["status", "urgency", "waiting_since"],
        unique=False,
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
    )
    op.create_index("ix_staff_sessions_expires_at", "staff_sessions", ["expires_at"], unique=False)
    op.create_table(
        "events",
        sa.Column("conversation_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("author", sa.String(length=12), nullable=False),
        sa.Column("is_for_player", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_events_conversation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_events_staff_id"),
        sa.PrimaryKeyConstraint("conversation_id", "number", name="pk_events"),
        sa.UniqueConstraint(
            "conversation_id", "author", "client_id", name="uq_events_conversation_id_author_client_id"
        ),
    )
    op.create_table(
        "protections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_protections_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_protections"),
    )
    op.create_index("ix_protections_conversation_id", "protections", ["conversation_id"], unique=False)
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=24), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("article_id", sa.String(length=80), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("edit_distance", sa.Integer(), nullable=True),
        sa.Column("dismissed_because", sa.String(length=20), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("settled_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_suggestions_conversation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_suggestions_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sa.UniqueConstraint(
            "conversation_id", "answers", "article_id", name="uq_suggestions_conversation_id_answers_article_id"
        ),
    )
    op.create_index("ix_suggestions_article_id", "suggestions", ["article_id"], unique=False)
    op.create_table(
        "reply_times",
        sa.Column("conversation_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(length=80), nullable=True),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("waited_ms", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id", "number"],
            ["events.conversation_id", "events.number"],
            name="fk_reply_times_conversation_id_number",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_reply_times_staff_id"),
        sa.PrimaryKeyConstraint("conversation_id", "number", name="pk_reply_times"),
    )
    op.create_index("ix_reply_times_staff_id", "reply_times", ["staff_id"], unique=False)


def downgrade() -> None:
    """None of them."""
    op.drop_table("reply_times")
    op.drop_table("suggestions")
    op.drop_table("protections")
    op.drop_table("events")
    op.drop_table("staff_sessions")
    op.drop_table("conversations")
    op.drop_table("staff")
