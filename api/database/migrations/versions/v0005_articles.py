"""Versions of articles and facts, publishing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.database.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Entries, versions, steps, working copies, releases."""
    op.create_table(
        "content_entries",
        *_key(),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_content_entries"),
    )
    op.create_table(
        "content_versions",
        *_key(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name="fk_content_versions_author_id"),
        sa.ForeignKeyConstraint(
            ["kind", "name"], ["content_entries.kind", "content_entries.name"], name="fk_content_versions_kind_name"
        ),
        sa.PrimaryKeyConstraint("kind", "name", "number", name="pk_content_versions"),
    )
    op.create_table(
        "content_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        *_key(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_content_steps_staff_id"),
        sa.ForeignKeyConstraint(
            ["kind", "name", "number"],
            ["content_versions.kind", "content_versions.name", "content_versions.number"],
            name="fk_content_steps_kind_name_number",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_content_steps"),
    )
    op.create_index("ix_content_steps_kind_name_number", "content_steps", ["kind", "name", "number"])
    op.create_table(
        "working_copies",
        *_key(),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_working_copies_staff_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("kind", "name", "staff_id", name="pk_working_copies"),
    )
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=True),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("index_version", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["former_id"], ["releases.id"], name="fk_releases_former_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_releases_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
        sa.UniqueConstraint("former_id", name="uq_releases_former_id"),
    )
    op.create_table(
        "content_staged",
        sa.Column("batch", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_key(),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("staged_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("batch", "position", name="pk_content_staged"),
    )


def _key() -> tuple[sa.Column[str], sa.Column[str]]:
    """The columns that name an entry."""
    return (
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
    )
