"""Krupier as a process of its own, to be killed and started again on the same port and data."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.serving import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parent.parent


class Process:
    """Runs a module with the port and whatever it needs; starts at once. `kill` is what a power cut is."""

    def __init__(self, module: str, *arguments: object) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, "-m", module, str(self.port), *map(str, arguments)]
        self.start()

    def start(self) -> None:
        """Until it answers."""
        self._process = subprocess.Popen(self._command, cwd=ROOT)
        until = time.monotonic() + 3 * PATIENCE_SECONDS  # it imports everything anew
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise RuntimeError("Krupier did not start")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/livez").is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """No goodbye: SIGKILL."""
        self._process.kill()
        self._process.wait()
