"""Who a request comes from."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from api.problems import ProblemError
from api.staff.service import StaffAccounts
from api.staff.values import Staff

COOKIE = "krupier_staff"


class SignInNeededError(ProblemError):
    """Nobody is signed in."""

    status = 401
    code = "unauthorized"


class ForbiddenError(ProblemError):
    """The role does not allow it."""

    status = 403
    code = "forbidden"


def accounts_of(connection: HTTPConnection) -> StaffAccounts:
    """The app's accounts."""
    accounts: StaffAccounts = connection.app.state.staff
    return accounts


async def signed_in(connection: HTTPConnection) -> Staff | None:
    """Who this comes from, if they are signed in."""
    token = connection.cookies.get(COOKIE)
    return await accounts_of(connection).of_session(token) if token else None


async def require_staff(request: Request) -> Staff:
    """Who this comes from; SignInNeededError for nobody."""
    staff = await signed_in(request)
    if staff is None:
        raise SignInNeededError("Sign in at /desk/sign-in.")
    return staff


SomeStaff = Annotated[Staff, Depends(require_staff)]


async def require_editor(request: Request) -> Staff:
    """Who this comes from; SignInNeededError for nobody, ForbiddenError for who does not edit."""
    staff = await require_staff(request)
    if not staff.may_edit:
        raise ForbiddenError("Only editors and managers come in here.")
    return staff


Editor = Annotated[Staff, Depends(require_editor)]
