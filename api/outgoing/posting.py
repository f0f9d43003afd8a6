"""One POST, within a time limit, not following redirects, and without reading more than a little of the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpcore

from api.outgoing.network import Guard, GuardedBackend, RefusedAddressError
from api.outgoing.values import DeliveryFailedError

SECONDS_MAX = 10.0
AGENT = "Krupier"


class Poster:
    """A connection pool behind a guard."""

    def __init__(self, guard: Guard, seconds: float = SECONDS_MAX) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=20, max_keepalive_connections=0, network_backend=GuardedBackend(guard)
        )
        self._seconds = seconds

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer, if it is a good one; DeliveryFailedError otherwise."""
        sent: list[tuple[bytes | str, bytes | str]] = [("Content-Type", "application/json"), ("User-Agent", AGENT)]
        sent += headers.items()
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._pool.stream("POST", url, headers=sent, content=body) as response,
            ):
                status = response.status
                if not 200 <= status < 300:
                    raise DeliveryFailedError(_why(status), status, is_gone=status == 410)
                return status
        except TimeoutError as error:
            raise DeliveryFailedError(f"no answer within {self._seconds:g} s") from error
        except RefusedAddressError as error:
            raise DeliveryFailedError(str(error)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise DeliveryFailedError(f"{type(error).__name__}: {error}"[:200]) from error
        except httpcore.UnsupportedProtocol as error:
            raise DeliveryFailedError("malformed") from error

    async def close(self) -> None:
        """Hang up."""
        await self._pool.aclose()


def _why(status: int) -> str:
    return "redirect" if 300 <= status < 400 else f"HTTP {status}"
