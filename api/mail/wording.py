"""The fixed words of our letters, and moments as people write them in Poland."""

from __future__ import annotations

import functools
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_datetime

from knowledge_base.article import Language

WARSAW = ZoneInfo("Europe/Warsaw")


@functools.cache
def words(language: Language) -> dict[str, Any]:
    """All fixed words of a language."""
    path = Path(__file__).parent / "texts" / f"{language.value}.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def said_when(at: datetime, language: Language) -> str:
    """A day and a time in Poland."""
    return str(format_datetime(at, "d MMMM y, HH:mm", tzinfo=WARSAW, locale=language.value))


def said_day(at: datetime, language: Language) -> str:
    """A day in Poland."""
    return str(format_datetime(at, "d MMMM y", tzinfo=WARSAW, locale=language.value))


def said_time(at: datetime, language: Language) -> str:
    """A time of day in Poland."""
    return str(format_datetime(at, "HH:mm", tzinfo=WARSAW, locale=language.value))
