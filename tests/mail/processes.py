"""Krupier beside mail servers, as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from api.app import create_app
from tests.fakes import fake_engine
from tests.mail.dovecot import Dovecot
from tests.mail.house import mail_settings
from tests.processes import Process


def process(data: Path, imap_port: int, smtp_port: int) -> Process:
    """Started, on this data and these servers."""
    return Process("tests.mail.processes", data, imap_port, smtp_port)


if __name__ == "__main__":
    port, data, imap, smtp = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    settings = mail_settings(data, Dovecot(data, imap), smtp)
    uvicorn.run(create_app(fake_engine(), settings), port=port, log_level="error")
