"""The session's cookie."""

from __future__ import annotations

from fastapi import Request, Response

from api.settings import LOOPBACK
from api.staff.service import SESSION
from api.staff.signed_in import COOKIE, accounts_of
from api.staff.values import SignedIn


def set_cookie(request: Request, response: Response, signed: SignedIn) -> None:
    """Keep the session in the browser: out of scripts' reach, never sent along by another site's forms."""
    response.set_cookie(
        COOKIE, signed.token, max_age=int(SESSION.total_seconds()), httponly=True, samesite="lax",
        secure=_is_secure(request),
    )  # fmt: skip


async def end_session(request: Request, response: Response) -> None:
    """Sign out, here and in the database."""
    token = request.cookies.get(COOKIE)
    if token:
        await accounts_of(request).sign_out(token)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=_is_secure(request))


def _is_secure(request: Request) -> bool:
    """Always, but on one's own machine without TLS, where some clients would not send it back."""
    return request.url.scheme == "https" or request.url.hostname not in LOOPBACK
