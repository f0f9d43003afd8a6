"""Whole addresses, for where a path is not enough."""

from __future__ import annotations

from fastapi import Request


def origin_of(request: Request) -> str:
    """What is set, else what the request came by."""
    return (request.app.state.settings.public_url or str(request.base_url)).rstrip("/")
