"""The facts that pages and messages quote, read once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from knowledge_base.facts import Fact, read_facts


@functools.cache
def facts_of(knowledge_base: Path) -> Mapping[str, Fact]:
    """By name; none where the folder has no such file, so that what quotes one says that it is missing."""
    path = knowledge_base / "facts.yaml"
    return read_facts(path)[0] if path.is_file() else {}
