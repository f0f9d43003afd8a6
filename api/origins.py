"""Which pages may talk to us: our own, those that are set, and for what needs a cookie nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem

OPEN_PATHS = ("/api/v1/conversations", "/api/v1/search", "/api/v1/articles/", "/api/v1/contact", "/api/v1/callbacks")
COOKIE_PATHS = ("/desk", "/api/v1/desk", "/editor", "/api/v1/editor")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_own_origin(headers: Mapping[str, str]) -> bool:
    """Whether the Origin is the host that was asked; a browser sets both, and no page can change either."""
    origin = urlsplit(headers.get("origin", "").lower())
    return bool(origin.netloc) and origin.netloc == headers.get("host", "").lower()


def may_open_socket(headers: Mapping[str, str], allowed: frozenset[str]) -> bool:
    """For sockets that carry a token: our own pages, those that are set, and programs, which send no Origin."""
    origin = headers.get("origin")
    return origin is None or origin.lower() in allowed or is_own_origin(headers)


class OpenToOrigins:
    """CORS for the widget's endpoints, and for nothing else."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app, allow_origins=sorted(origins), allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"], expose_headers=["Retry-After"], max_age=3600,
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] == "http" and scope["path"].startswith(OPEN_PATHS)
        await (self._open if is_open else self._app)(scope, receive, send)


class SameSiteOnly:
    """Where the session cookie counts, no other site's page may change anything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(COOKIE_PATHS) and scope["method"] not in SAFE_METHODS:
            headers = Headers(scope=scope)
            site = headers.get("sec-fetch-site")
            is_foreign = site not in {None, "same-origin", "none"} or (
                "origin" in headers and not is_own_origin(headers)
            )
            if is_foreign:
                response = problem(403, "cross_site", "This was asked for by a page of another site.")
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)
