"""The tables of the editors' room: articles and facts as entries, their versions, what became of them, releases."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from api.database.tables.metadata import metadata
from api.database.types import UtcDateTime

content_entries = Table(  # an article or a fact, as its newest version stands
    "content_entries",
    metadata,
    Column("kind", String(8), nullable=False),
    Column("name", String(80), nullable=False),
    Column("head", Integer, nullable=False),  # the newest version's number
    Column("published", Integer),  # the number that players get; none before the first release and after archiving
    Column("status", String(10), nullable=False),
    Column("is_archived", Boolean, nullable=False),
    Column("summary", JSON, nullable=False),  # what a list shows of the newest version
    Column("folded", Text, nullable=False),  # all its words without case and diacritics, to search in
    Column("changed_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("kind", "name"),
)

content_versions = Table(  # rows are added and never changed
    "content_versions",
    metadata,
    Column("kind", String(8), nullable=False),
    Column("name", String(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("is_archived", Boolean, nullable=False),
    Column("author_id", Integer, ForeignKey("staff.id")),  # none: it came with the shipped knowledge base
    Column("origin", String(12), nullable=False),
    Column("note", String(500), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("kind", "name", "number"),
    ForeignKeyConstraint(["kind", "name"], ["content_entries.kind", "content_entries.name"]),
)

content_steps = Table(  # what became of a version: handed in, approved, returned, published; added and never changed
    "content_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("step", String(10), nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id")),
    Column("note", String(500), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(
        ["kind", "name", "number"], ["content_versions.kind", "content_versions.name", "content_versions.number"]
    ),
    Index(None, "kind", "name", "number"),
)

working_copies = Table(  # what somebody has typed and not yet kept as a version, however unfinished
    "working_copies",
    metadata,
    Column("kind", String(8), nullable=False),
    Column("name", String(80), nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("base", Integer, nullable=False),  # the version it was begun from; 0 for a new entry
    Column("fields", JSON, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("kind", "name", "staff_id"),
)

releases = Table(  # everything that players get at a time: which version of each entry; the newest row is in force
    "releases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("former_id", Integer, ForeignKey("releases.id"), unique=True),  # of two at once, one comes too late
    Column("versions", JSON, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("index_version", String(40), nullable=False),
    Column("staff_id", Integer, ForeignKey("staff.id")),
    Column("reason", String(500)),  # why a manager published past the gate
    Column("report", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

content_staged = Table(  # new entries of an import, until all are there and become entries in one statement
    "content_staged",
    metadata,
    Column("batch", String(16), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", String(80), nullable=False),
    Column("summary", JSON, nullable=False),
    Column("folded", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("author_id", Integer),
    Column("note", String(500), nullable=False),
    Column("staged_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("batch", "position"),
)
