"""Krupier as a process of its own beside mail servers, to be killed and started again on the same data."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import uvicorn

from api.app import create_app
from tests.fakes import fake_engine
from tests.mail.dovecot import Dovecot
from tests.mail.house import mail_settings
from tests.serving import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parent.parent.parent


class Process:
    """Starts at once; `kill` is what a power cut is."""

    def __init__(self, data: Path, imap_port: int, smtp_port: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._arguments = [str(self.port), str(data), str(imap_port), str(smtp_port)]
        self.start()

    def start(self) -> None:
        """Until it answers."""
        self._process = subprocess.Popen([sys.executable, "-m", "tests.mail.processes", *self._arguments], cwd=ROOT)
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


if __name__ == "__main__":
    port, data, imap, smtp = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    settings = mail_settings(data, Dovecot(data, imap), smtp)
    uvicorn.run(create_app(fake_engine(), settings), port=port, log_level="error")
