"""GET /widget.js: the one line that puts the chat on a page."""

from __future__ import annotations

import functools

from fastapi import APIRouter, Response

from api.html.static_files import STATIC, static_prefix

router = APIRouter(include_in_schema=False)

FRESH_SECONDS = 300  # so soon do pages everywhere get a new version; what it loads has its version in the path


@router.get("/widget.js")
async def get_widget() -> Response:
    """The loader, which knows where this version's modules are."""
    headers = {
        "Cache-Control": f"public, max-age={FRESH_SECONDS}",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",  # pages that isolate themselves may load it too
    }
    return Response(_loader(), media_type="text/javascript", headers=headers)


@functools.cache
def _loader() -> str:
    return (STATIC / "widget" / "loader.js").read_text(encoding="utf-8").replace("__STATIC__", static_prefix())
