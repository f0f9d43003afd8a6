"""What a link in a mail begins with. Never taken from a stranger's Host header: it would lead to a stranger's page."""

from __future__ import annotations

from fastapi import Request

from api.settings import LOOPBACK, Settings


def public_base(request: Request) -> str:
    """The address that is set; without one our own on one's own machine, elsewhere none: the mail has no link then."""
    settings: Settings = request.app.state.settings
    if settings.public_url:
        return settings.public_url.rstrip("/")
    return str(request.base_url).rstrip("/") if request.url.hostname in LOOPBACK else ""
