"""The eighty articles with an index of them, built once for all tests of a process that publish."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path
from typing import Any

from api.engine import open_engine
from tests.many_articles import write_many
from tests.serving import quick_settings
from tests.tiny_model import make_tiny_model

WRONG_MAX = 0.015  # two articles of eighty that are wrong exceed it


def copied_base(home: Path) -> dict[str, Any]:
    """Settings for a data folder of one's own with the index in it."""
    built = _built()
    shutil.copytree(built / "data", home / "data")
    return {"data": home / "data"} | _shared(built)


@functools.cache
def _built() -> Path:
    home = Path(tempfile.mkdtemp(prefix="krupier-built-"))
    write_many(home / "kb")
    make_tiny_model(home / "model")
    open_engine(quick_settings(home / "data", **_shared(home)), lambda _: None)
    return home


def _shared(home: Path) -> dict[str, Any]:
    return {"knowledge_base": home / "kb", "model": str(home / "model"), "wrong_answers_max": WRONG_MAX}
