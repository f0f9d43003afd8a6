"""A server of the demonstration as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from api.app import create_app
from tests.fakes import fake_engine
from tests.processes import Process
from tests.serving import quick_settings


def server(data: Path) -> Process:
    """Started, on this data."""
    return Process("tests.browser.processes", data)


if __name__ == "__main__":
    settings = quick_settings(Path(sys.argv[2]), demo=True)
    uvicorn.run(create_app(fake_engine(), settings), port=int(sys.argv[1]), log_level="error")
