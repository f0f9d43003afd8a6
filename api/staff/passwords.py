"""Passwords: hashed with Argon2id, checked off the event loop, and never told apart by the time it takes."""

from __future__ import annotations

import functools

import anyio
import anyio.to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_MIN = 12  # characters
PASSWORD_MAX = 256
HASHING_AT_ONCE = 2  # each takes 64 MiB and a core

_hasher = PasswordHasher()  # the parameters RFC 9106 recommends where memory is short


class WeakPasswordError(ValueError):
    """It would be guessed."""


def refuse_weak(password: str, email: str) -> None:
    """WeakPasswordError for a password that is too short, too long, all the same, or the address itself."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise WeakPasswordError(f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters.")
    if len(set(password)) < 5 or password.casefold() in {email.casefold(), email.casefold().partition("@")[0]}:
        raise WeakPasswordError("This password is too easy to guess.")


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


async def is_right(password: str, kept: str | None, limiter: anyio.CapacityLimiter) -> bool:
    """Whether it is the password; without an account the same work is done for nothing."""
    return await anyio.to_thread.run_sync(_check, password[: PASSWORD_MAX + 1], kept, limiter=limiter)


def _check(password: str, kept: str | None) -> bool:
    try:
        return _hasher.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _nobodys() -> str:
    return hash_password("the password of nobody")
