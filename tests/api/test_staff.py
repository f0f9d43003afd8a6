"""Accounts and signing in, over the command line and over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.database.connection import Database
from api.database.migration import migrate
from api.limits import RateLimitedError
from api.staff.passwords import WeakPasswordError
from api.staff.service import SESSION, BadAccountError, SignInRefusedError, StaffAccounts
from api.staff.values import Role
from tests.databases import fresh_url

pytestmark = pytest.mark.anyio
PASSWORD = "correct horse battery"


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 26, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def accounts(tmp_path: Path, clock: Clock):
    database = Database(fresh_url("sqlite", tmp_path))
    await migrate(database)
    accounts = StaffAccounts(database, clock)
    await accounts.add("Anna@Example.com", "Anna", Role.CONSULTANT, PASSWORD)
    yield accounts
    await database.close()


async def test_the_right_password_gives_a_session(accounts: StaffAccounts) -> None:
    signed = await accounts.sign_in(" ANNA@example.com ", PASSWORD, "127.0.0.1")
    assert (await accounts.of_session(signed.token)) == signed.staff
    assert signed.staff.name == "Anna"


@pytest.mark.parametrize(("email", "password"), [("anna@example.com", "wrong"), ("nobody@example.com", PASSWORD)])
async def test_a_wrong_password_and_an_unknown_address_are_refused_alike(
    accounts: StaffAccounts, email: str, password: str
) -> None:
    with pytest.raises(SignInRefusedError, match="The address or the password is wrong"):
        await accounts.sign_in(email, password, "127.0.0.1")


async def test_guessing_is_slowed_down_even_from_many_addresses(accounts: StaffAccounts) -> None:
    for i in range(10):
        with pytest.raises(SignInRefusedError):
            await accounts.sign_in("anna@example.com", "wrong", f"10.0.0.{i}")
    with pytest.raises(RateLimitedError):
        await accounts.sign_in("anna@example.com", PASSWORD, "10.0.0.99")


async def test_a_session_ends_by_signing_out_by_time_and_with_the_account(
    accounts: StaffAccounts, clock: Clock
) -> None:
    first, second, third = [await accounts.sign_in("anna@example.com", PASSWORD, "::1") for _ in range(3)]
    await accounts.sign_out(first.token)
    assert await accounts.of_session(first.token) is None
    assert await accounts.of_session(second.token) is not None
    await accounts.set_password("anna@example.com", "another good one")
    assert await accounts.of_session(third.token) is None
    fourth = await accounts.sign_in("anna@example.com", "another good one", "::1")
    clock.time += SESSION - timedelta(seconds=1)
    assert await accounts.of_session(fourth.token) is not None
    clock.time += timedelta(seconds=1)
    assert await accounts.of_session(fourth.token) is None
    fifth = await accounts.sign_in("anna@example.com", "another good one", "::1")
    assert await accounts.deactivate("anna@example.com")
    assert await accounts.of_session(fifth.token) is None
    assert await accounts.everybody() == []


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "a" * 257, "bertram@example.com"])
async def test_a_password_that_would_be_guessed_is_refused(accounts: StaffAccounts, password: str) -> None:
    with pytest.raises(WeakPasswordError):
        await accounts.add("bertram@example.com", "Bertram", Role.MANAGER, password)


@pytest.mark.parametrize(("email", "name"), [("anna@example.com", "Anna"), ("no address", "A"), ("a@b.example", " ")])
async def test_an_account_that_cannot_be_is_refused(accounts: StaffAccounts, email: str, name: str) -> None:
    with pytest.raises(BadAccountError):
        await accounts.add(email, name, Role.CONSULTANT, PASSWORD)
