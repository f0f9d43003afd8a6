"""A WebSocket as JSON frames: whole ones in, within limits; one at a time out, never to somebody who does not read."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from api.limits import Bucket, Rate, RateLimitedError, refuse_if_waiting
from api.problems import ProblemError

FRAME_MAX = 32_000  # bytes
FRAMES = Rate(40, 10)
REFUSED_MAX = 20  # in a row; then it is no mistake any more
SEND_SECONDS_MAX = 20

Frame = TypeVar("Frame", bound=BaseModel)


class MalformedError(ProblemError):
    """No frame we know."""

    status = 422
    code = "malformed"


class TooLargeError(ProblemError):
    """More than a frame may have."""

    status = 413
    code = "too_large"


class InternalError(ProblemError):
    """Ours; nothing about it is told."""


class GoneError(Exception):
    """The other side has closed, or has to be closed."""


class Wire(Generic[Frame]):
    """One accepted socket."""

    def __init__(self, websocket: WebSocket, frames: TypeAdapter[Frame]) -> None:
        self._websocket = websocket
        self._frames = frames
        self._bucket = Bucket(FRAMES)
        self._sending = asyncio.Lock()
        self._refused = 0

    async def receive(self) -> Frame:
        """The next frame; ProblemError for one that is refused, GoneError when none will come."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise GoneError
        raw: str | bytes = message.get("text") or message.get("bytes") or ""
        refuse_if_waiting(self._bucket.take())
        if len(raw if isinstance(raw, bytes) else raw.encode("utf-8", "replace")) > FRAME_MAX:
            raise TooLargeError(f"A frame has at most {FRAME_MAX:,} bytes.")
        try:
            frame = self._frames.validate_python(json.loads(raw))
        except (ValueError, RecursionError) as error:
            raise MalformedError(_why(error)) from None
        self._refused = 0
        return frame

    async def send(self, **frame: Any) -> None:
        """One frame out; GoneError where nobody takes it."""
        text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
        try:
            async with self._sending, asyncio.timeout(SEND_SECONDS_MAX):
                await self._websocket.send_text(text)
        except (TimeoutError, RuntimeError, WebSocketDisconnect) as error:
            raise GoneError from error

    async def refuse(self, error: ProblemError, client_id: str | None = None) -> None:
        """Say what was wrong; closes, with GoneError, after too many wrong frames in a row."""
        frame: dict[str, Any] = {"code": error.code, "detail": error.detail, **error.more}
        if client_id is not None:
            frame["client_id"] = client_id
        if error.retry_after is not None:
            frame["retry_after"] = error.retry_after
        await self.send(type="error", **frame)
        self._refused += 1
        if self._refused >= REFUSED_MAX:
            await self.close(4429 if isinstance(error, RateLimitedError) else 4400)
            raise GoneError

    async def close(self, code: int) -> None:
        """Close it from our side, if it is still open."""
        if self._websocket.application_state is WebSocketState.CONNECTED:
            try:
                await self._websocket.close(code)
            except (RuntimeError, WebSocketDisconnect):
                return


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(map(str, first['loc'])) or 'frame'}: {first['msg']}"
    return "This is no JSON."
