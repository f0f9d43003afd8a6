"""What players ask in vain, the help centre."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.database.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Votes of readers, questions that found no good answer, and an index to look for what happened since."""
    op.create_index("ix_events_kind_at", "events", ["kind", "at"])
    op.create_table(
        "help_votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(length=80), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("is_helpful", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_help_votes"),
    )
    op.create_index("ix_help_votes_at", "help_votes", ["at"])
    op.create_table(
        "open_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=24), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("answered_with", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", UtcDateTime, nullable=True),
        sa.Column("settled_article", sa.String(length=80), nullable=True),
        sa.Column("model", sa.String(length=80), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_open_questions_conversation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_open_questions_staff_id"),
        sa.ForeignKeyConstraint(["settled_by"], ["staff.id"], name="fk_open_questions_settled_by"),
        sa.PrimaryKeyConstraint("id", name="pk_open_questions"),
        sa.UniqueConstraint(
            "conversation_id", "number", "source", name="uq_open_questions_conversation_id_number_source"
        ),
    )
    op.create_index("ix_open_questions_state_at", "open_questions", ["state", "at"])
