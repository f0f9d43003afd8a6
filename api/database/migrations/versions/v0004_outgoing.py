"""Translations and outgoing events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.database.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Switches of translation, webhooks, deliveries, conversations of a Chatwoot desk."""
    op.create_table(
        "translation_switches",
        sa.Column("conversation_id", sa.String(24), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("player_language", sa.String(8), nullable=False),
        sa.Column("desk_language", sa.String(8), nullable=False),
        sa.Column("looked_number", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_translation_switches"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], ondelete="CASCADE",
            name="fk_translation_switches_conversation_id_conversations",
        ),
    )  # fmt: skip
    _webhooks()
    op.create_table(
        "chatwoot_conversations",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("chatwoot_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(24), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "chatwoot_id", "conversation_id", name="pk_chatwoot_conversations"),
        sa.UniqueConstraint("conversation_id", name="uq_chatwoot_conversations_conversation_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], ondelete="CASCADE",
            name="fk_chatwoot_conversations_conversation_id_conversations",
        ),
    )  # fmt: skip
    op.create_index(
        "ix_chatwoot_conversations_account_id_contact_id", "chatwoot_conversations", ["account_id", "contact_id"]
    )


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("secret", sa.String(80), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_webhooks_staff_id_staff"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.String(24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("steps_done", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("last_at", UtcDateTime, nullable=True),
        sa.Column("last_status", sa.SmallInteger(), nullable=True),
        sa.Column("last_problem", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], ondelete="CASCADE", name="fk_deliveries_webhook_id_webhooks"
        ),
        sa.UniqueConstraint(
            "webhook_id",
            "conversation_id",
            "number",
            "kind",
            name="uq_deliveries_webhook_id_conversation_id_number_kind",
        ),
    )
    op.create_index("ix_deliveries_status_due_at", "deliveries", ["status", "due_at"])
    op.create_index("ix_deliveries_webhook_id_created_at", "deliveries", ["webhook_id", "created_at"])
