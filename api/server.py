"""The web service as a process."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

from api.settings import Settings
from api.wire import FRAME_MAX

STOP_SECONDS_MAX = 5  # for what is under way when the service is stopped, e.g. long polls


class PortInUseError(Exception):
    """Somebody else listens there."""


def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until stopped; the port is taken first, so that a used one is told before anything is loaded."""
    listener = _listen(settings)
    import uvicorn

    from api.app import create_app
    from api.engine import open_engine
    from api.stored import stored_base

    engine = open_engine(settings, say, lambda: stored_base(settings))
    app = create_app(engine, settings, with_samples=settings.demo)
    host, port = listener.getsockname()[:2]
    say(f"Krupier is ready: http://{host}:{port}  (stop with Ctrl+C)")
    if settings.demo:
        say(f"The consultant's side: http://{host}:{port}/desk  (who may sign in stands on the first page)")
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, ws_max_size=2 * FRAME_MAX,
        timeout_graceful_shutdown=STOP_SECONDS_MAX,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.run(sockets=[listener])


def _listen(settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise PortInUseError(
                f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}). "
                "Stop what listens there or set KRUPIER_PORT to another one."
            ) from error
        raise PortInUseError(f"Cannot listen on {settings.host}: {error.strerror}. Check KRUPIER_HOST.") from error
    return listener
