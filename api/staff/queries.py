"""Every SQL statement about staff and their sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.tables import staff, staff_sessions
from api.staff.values import Role, Staff


async def add(
    connection: AsyncConnection, *, email: str, name: str, role: Role, password_hash: str, at: datetime
) -> int:
    """A new account's id."""
    inserted = await connection.execute(
        insert(staff)
        .values(email=email, name=name, role=role, password_hash=password_hash, is_active=True, created_at=at)
        .returning(staff.c.id)
    )
    return int(inserted.scalar_one())


async def by_email(connection: AsyncConnection, email: str) -> tuple[Staff, str] | None:
    """The active account of an address, with what is kept of its password."""
    found = select(staff).where(staff.c.email == email, staff.c.is_active)
    row = (await connection.execute(found)).mappings().one_or_none()
    return (_staff(row), row["password_hash"]) if row else None


async def by_id(connection: AsyncConnection, staff_id: int) -> Staff | None:
    """The active account."""
    found = select(staff).where(staff.c.id == staff_id, staff.c.is_active)
    row = (await connection.execute(found)).mappings().one_or_none()
    return _staff(row) if row else None


async def everybody(connection: AsyncConnection) -> list[Staff]:
    """All active accounts, by name."""
    rows = (await connection.execute(select(staff).where(staff.c.is_active).order_by(staff.c.name))).mappings()
    return [_staff(row) for row in rows]


async def deactivate(connection: AsyncConnection, email: str) -> bool:
    """Nobody signs in with the account any more; what it has written stays. Whether there was one."""
    changed = await connection.execute(
        update(staff).where(staff.c.email == email, staff.c.is_active).values(is_active=False).returning(staff.c.id)
    )
    ids = list(changed.scalars())
    await connection.execute(delete(staff_sessions).where(staff_sessions.c.staff_id.in_(ids)))
    return bool(ids)


async def set_password(connection: AsyncConnection, email: str, password_hash: str) -> bool:
    """A new password ends all sessions. Whether there was such an account."""
    changed = await connection.execute(
        update(staff).where(staff.c.email == email).values(password_hash=password_hash).returning(staff.c.id)
    )
    ids = list(changed.scalars())
    await connection.execute(delete(staff_sessions).where(staff_sessions.c.staff_id.in_(ids)))
    return bool(ids)


async def add_session(
    connection: AsyncConnection, token_hash: str, staff_id: int, at: datetime, expires_at: datetime
) -> None:
    """A new session; those that have run out go."""
    await connection.execute(delete(staff_sessions).where(staff_sessions.c.expires_at <= at))
    await connection.execute(
        insert(staff_sessions).values(token_hash=token_hash, staff_id=staff_id, created_at=at, expires_at=expires_at)
    )


async def by_session(connection: AsyncConnection, token_hash: str, at: datetime) -> Staff | None:
    """Whose session it is, if it still runs and the account is active."""
    found = (
        select(staff)
        .join(staff_sessions, staff_sessions.c.staff_id == staff.c.id)
        .where(staff_sessions.c.token_hash == token_hash, staff_sessions.c.expires_at > at, staff.c.is_active)
    )
    row = (await connection.execute(found)).mappings().one_or_none()
    return _staff(row) if row else None


async def end_session(connection: AsyncConnection, token_hash: str) -> None:
    """The session is over."""
    await connection.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == token_hash))


def _staff(row: RowMapping) -> Staff:
    return Staff(row["id"], row["email"], row["name"], Role(row["role"]))
