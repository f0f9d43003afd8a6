"""A server as a process of its own, to be killed and started again on the same port and data."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import uvicorn

from api.app import create_app
from tests.fakes import fake_engine
from tests.serving import PATIENCE_SECONDS, quick_settings

ROOT = Path(__file__).resolve().parent.parent.parent


class Server:
    """Starts at once; `kill` is what a power cut is."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._data = data
        self.start()

    def start(self) -> None:
        """Until it answers."""
        command = [sys.executable, "-m", "tests.browser.processes", str(self.port), str(self._data)]
        self._process = subprocess.Popen(command, cwd=ROOT)
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/livez").is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """No goodbye: SIGKILL."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()


if __name__ == "__main__":
    settings = quick_settings(Path(sys.argv[2]), demo=True)
    uvicorn.run(create_app(fake_engine(), settings), port=int(sys.argv[1]), log_level="error")
