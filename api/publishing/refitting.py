"""After a quick publishing, once it has been quiet for a while, everything is fitted anew, in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from api.content.problems import ReleaseOvertakenError
from api.content.service import Content
from api.content.values import Candidate
from api.publishing.builder import Builder, BuilderDiedError, BuildFailedError
from api.publishing.building import built_by
from api.publishing.worker import Built, Order

logger = structlog.get_logger()


async def refit_later(
    order: Order, content: Content, quiet_seconds: float, release_id: int,
    refitted: Callable[[Candidate, Built], Awaitable[None]],
) -> None:  # fmt: skip
    """Cancelled when something else is published; an index that the gate would stop is dropped."""
    await asyncio.sleep(quiet_seconds)
    builder = Builder(order)
    try:
        live = await content.published()
        if live.former_release != release_id:
            return
        built = await built_by(builder, live, live, is_full=True)
        if built.report.is_stopped:
            logger.warning("refit_stopped", why=[why.value for why in built.report.why])
            await builder.do("drop", built.version)
            return
        await refitted(live, built)
    except (BuildFailedError, BuilderDiedError, ReleaseOvertakenError) as error:
        logger.warning("refit_failed", why=str(error))
    finally:
        await builder.close()
