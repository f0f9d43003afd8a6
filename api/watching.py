"""Looking for what is to be done, again and again: nothing that waits depends on anybody's bell."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

logger = structlog.get_logger()


async def look_again_and_again(look: Callable[[], Awaitable[object]], pause_seconds: float, failed: str) -> None:
    """Look at once and after each pause, until cancelled; a look that fails is logged as `failed`."""
    while True:
        try:
            await look()
        except Exception as error:  # the database may be back the next time
            logger.error(failed, kind=type(error).__name__, exc_info=error)
        await asyncio.sleep(pause_seconds)
