"""What the pages say, one file per language."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.article import Language

TEXTS = Path(__file__).parent / "texts"


@functools.cache
def texts(language: Language) -> dict[str, Any]:
    """All interface texts of a language."""
    loaded: dict[str, Any] = yaml.safe_load((TEXTS / f"{language.value}.yaml").read_text(encoding="utf-8"))
    return loaded
