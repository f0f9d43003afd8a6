"""Accounts and signing in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import anyio
import anyio.to_thread
from sqlalchemy.exc import IntegrityError

from api.database.connection import Database
from api.limits import Limiter, Rate
from api.problems import ProblemError
from api.staff import queries
from api.staff.passwords import HASHING_AT_ONCE, hash_password, is_right, refuse_weak
from api.staff.values import Role, SignedIn, Staff
from api.text import tidy

SESSION = timedelta(hours=12)  # a shift and a little more
NAME_MAX = 40
EMAIL_MAX = 254


class SignInRefusedError(ProblemError):
    """Address or password is wrong; which one is not told."""

    status = 401
    code = "sign_in_refused"


class BadAccountError(ValueError):
    """An account that cannot be made."""


class StaffAccounts:
    """The use cases; the clock is an argument."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._by_address = Limiter(Rate(30, 1 / 10))  # a whole team may begin its shift behind one address
        self._hashing = anyio.CapacityLimiter(HASHING_AT_ONCE)
        self._by_account = Limiter(Rate(10, 1 / 30))

    async def add(self, email: str, name: str, role: Role, password: str) -> Staff:
        """A new account; BadAccountError or WeakPasswordError where it cannot be."""
        email, name = email.strip().lower(), tidy(name)
        if not 3 <= len(email) <= EMAIL_MAX or "@" not in email.strip("@") or " " in email or not email.isprintable():
            raise BadAccountError(f"'{email}' is no e-mail address.")
        if not 1 <= len(name) <= NAME_MAX or "\n" in name:
            raise BadAccountError(f"A first name has 1 to {NAME_MAX} characters.")
        refuse_weak(password, email)
        hashed = await anyio.to_thread.run_sync(hash_password, password)
        try:
            async with self._database.writing() as connection:
                new = await queries.add(
                    connection, email=email, name=name, role=role, password_hash=hashed, at=self._now()
                )
        except IntegrityError as error:
            raise BadAccountError(f"There is an account for {email} already.") from error
        return Staff(new, email, name, role)

    async def sign_in(self, email: str, password: str, address: str) -> SignedIn:
        """A new session; SignInRefusedError, or RateLimitedError after too many attempts."""
        email = tidy(email).lower()[:EMAIL_MAX]
        self._by_address.check(address)
        self._by_account.check(email)
        async with self._database.reading() as connection:
            found = await queries.by_email(connection, email)
        if not await is_right(password, found[1] if found else None, self._hashing) or found is None:
            raise SignInRefusedError("The address or the password is wrong.")
        token, at = secrets.token_urlsafe(32), self._now()
        async with self._database.writing() as connection:
            await queries.add_session(connection, _hashed(token), found[0].id, at, at + SESSION)
        return SignedIn(found[0], token)

    async def of_session(self, token: str) -> Staff | None:
        """Whose session it is; None when it has run out, was ended, or never was one."""
        async with self._database.reading() as connection:
            return await queries.by_session(connection, _hashed(token), self._now())

    async def sign_out(self, token: str) -> None:
        """The session is over, also where its cookie was copied."""
        async with self._database.writing() as connection:
            await queries.end_session(connection, _hashed(token))

    async def everybody(self) -> list[Staff]:
        """All active accounts."""
        async with self._database.reading() as connection:
            return await queries.everybody(connection)

    async def deactivate(self, email: str) -> bool:
        """Signs in no more; whether there was such an account."""
        async with self._database.writing() as connection:
            return await queries.deactivate(connection, email.strip().lower())

    async def set_password(self, email: str, password: str) -> bool:
        """A new password; whether there was such an account."""
        refuse_weak(password, email)
        hashed = await anyio.to_thread.run_sync(hash_password, password)
        async with self._database.writing() as connection:
            return await queries.set_password(connection, email.strip().lower(), hashed)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
