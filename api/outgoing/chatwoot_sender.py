"""Chatwoot's API: POST /api/v1/accounts/{account}/conversations/{id}/messages and .../toggle_status.

An agent bot's token in the header api_access_token lets it in (developers.chatwoot.com).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from api.outgoing.values import Delivery, DeliveryFailedError

SECONDS_MAX = 10.0


class ChatwootSender:
    """One desk. What is said there is said once: each step that was taken is remembered."""

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/"), timeout=SECONDS_MAX, headers={"api_access_token": token}
        )

    async def send(self, delivery: Delivery, step: Callable[[int], Awaitable[None]]) -> int:
        """The status of the last step."""
        body = json.loads(delivery.body)
        path = f"/api/v1/accounts/{body['account']}/conversations/{body['conversation']}"
        status = 200
        for done, each in enumerate(body["steps"], start=1):
            if done <= delivery.steps_done:
                continue
            status = await self._take(path, each)
            await step(done)
        return status

    async def _take(self, path: str, step: dict[str, str]) -> int:
        match step:
            case {"message": words}:
                return await self._post(f"{path}/messages", content=words, message_type="outgoing", private=False)
            case {"note": words}:
                return await self._post(f"{path}/messages", content=words, message_type="outgoing", private=True)
            case {"status": status}:
                return await self._post(f"{path}/toggle_status", status=status)
        raise DeliveryFailedError("unknown step", is_gone=True)

    async def _post(self, path: str, **body: Any) -> int:
        try:
            response = await self._client.post(path, json=body)
        except httpx.HTTPError as error:
            raise DeliveryFailedError(f"{type(error).__name__}: {error}"[:200]) from error
        if not response.is_success:
            is_gone = response.status_code in {401, 403, 404}
            raise DeliveryFailedError(f"HTTP {response.status_code}", response.status_code, is_gone=is_gone)
        return response.status_code

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()
