"""Refuses request bodies that are too large, before they are read into memory. Pure ASGI."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

BODY_MAX = 2_000_000  # bytes
IMPORT_PATH = "/editor/import"
IMPORT_MAX = 40_000_000  # a table of 100,000 rows has about 20 MB


class BodyLimit:
    """Counts what arrives, whatever the Content-Length says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = IMPORT_MAX if scope["path"] == IMPORT_PATH else BODY_MAX
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return
            size += len(message.get("body", b""))
            if size > most:
                response = problem(413, "too_large", f"The request is larger than {most:,} bytes.")
                await response(scope, receive, send)
                return
            chunks.append(message.get("body", b""))
            if not message.get("more_body", False):
                break
        body = b"".join(chunks)
        was_given = False

        async def replay() -> Message:
            nonlocal was_given
            if was_given:
                return await receive()
            was_given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)
