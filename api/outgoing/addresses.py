"""Whether an address may be a webhook's."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from api.outgoing.network import Guard, RefusedAddressError
from api.problems import ProblemError

URL_MAX = 2_000


class WebhookRefusedError(ProblemError):
    """It cannot be told anything there; `reason` says why."""

    status = 422
    code = "webhook_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This address cannot be used: {reason}.", reason=reason)
        self.reason = reason


async def checked_url(typed: str, guard: Guard) -> str:
    """The address without spaces around it; WebhookRefusedError where nothing may be sent to it."""
    url = typed.strip()
    if not url:
        raise WebhookRefusedError("empty")
    if len(url) > URL_MAX or any(not character.isprintable() or character.isspace() for character in url):
        raise WebhookRefusedError("malformed")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise WebhookRefusedError("malformed") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise WebhookRefusedError("malformed")
    if parts.username is not None or parts.fragment:
        raise WebhookRefusedError("secrets_in_address")
    try:
        found = await guard.addresses(host, port)
    except RefusedAddressError as error:
        raise WebhookRefusedError(str(error)) from error
    is_inside = all(guard.is_allowed(ipaddress.ip_address(each.partition("%")[0])) for each in found)
    if parts.scheme == "http" and not is_inside:
        raise WebhookRefusedError("not_https")
    return url
