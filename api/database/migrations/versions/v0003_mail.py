"""E-mail and form: channels, promises, threads, what came in and what goes out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.database.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A conversation has a channel and may have a promise; the tables of mail."""
    op.add_column("conversations", sa.Column("channel", sa.String(8), nullable=False, server_default="chat"))
    op.add_column("conversations", sa.Column("subject", sa.String(300), nullable=False, server_default=""))
    op.add_column("conversations", sa.Column("due_at", UtcDateTime, nullable=True))
    op.add_column("conversations", sa.Column("due_stage", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_index("ix_conversations_due_stage_due_at", "conversations", ["due_stage", "due_at"])
    _promises()
    _threads()
    _incoming()
    _outgoing()


def _promises() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(24), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("ended_by", sa.String(12), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promises"),
        _of_conversation("promises"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_promises_staff_id_staff"),
    )
    op.create_index("ix_promises_started_at", "promises", ["started_at"])
    op.create_index("ix_promises_conversation_id_ended_at", "promises", ["conversation_id", "ended_at"])


def _threads() -> None:
    op.create_table(
        "mail_threads",
        sa.Column("conversation_id", sa.String(24), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("token", sa.String(16), nullable=False),
        sa.Column("reference_ids", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_mail_threads"),
        sa.UniqueConstraint("token", name="uq_mail_threads_token"),
        _of_conversation("mail_threads"),
    )
    op.create_index("ix_mail_threads_address", "mail_threads", ["address"])


def _incoming() -> None:
    op.create_table(
        "mail_incoming",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(300), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("warning", sa.String(12), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(24), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("arrived_at", UtcDateTime, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_incoming"),
        sa.UniqueConstraint("fingerprint", name="uq_mail_incoming_fingerprint"),
        _of_conversation("mail_incoming"),
    )
    for column in ("message_id", "conversation_id", "at"):
        op.create_index(f"ix_mail_incoming_{column}", "mail_incoming", [column])
    op.create_table(
        "mail_bookmarks",
        sa.Column("mailbox", sa.String(300), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name="pk_mail_bookmarks"),
    )


def _outgoing() -> None:
    op.create_table(
        "mail_outgoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(300), nullable=False),
        sa.Column("conversation_id", sa.String(24), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime, nullable=False),
        sa.Column("error", sa.String(300), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("sent_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mail_outgoing"),
        sa.UniqueConstraint("message_id", name="uq_mail_outgoing_message_id"),
        _of_conversation("mail_outgoing"),
    )
    op.create_index("ix_mail_outgoing_conversation_id", "mail_outgoing", ["conversation_id"])
    op.create_index("ix_mail_outgoing_status_next_at", "mail_outgoing", ["status", "next_at"])
    op.create_index("ix_mail_outgoing_recipient_created_at", "mail_outgoing", ["recipient", "created_at"])


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversations.id"], ondelete="CASCADE",
        name=f"fk_{table}_conversation_id_conversations",
    )  # fmt: skip
