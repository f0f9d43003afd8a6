"""Ready words by shortcut, their figures from the facts; a reply whose fact is missing is left out."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml

from knowledge_base.article import Language
from knowledge_base.facts import Fact, read_facts
from knowledge_base.rendering import TemplateProblem, render_facts

CANNED = Path(__file__).parent / "canned"


def canned_replies(knowledge_base: Path, language: Language, name: str) -> list[dict[str, str]]:
    """All of a language, signed by the consultant where they are signed."""
    shown = []
    for entry in _entries(language):
        try:
            text, _ = render_facts(entry["text"], _facts(knowledge_base), language, name=name)
        except TemplateProblem:
            continue
        shown.append({"shortcut": entry["shortcut"], "title": entry["title"], "text": text})
    return shown


@functools.cache
def _entries(language: Language) -> list[dict[str, str]]:
    loaded: list[dict[str, str]] = yaml.safe_load((CANNED / f"{language.value}.yaml").read_text(encoding="utf-8"))
    return loaded


@functools.cache
def _facts(knowledge_base: Path) -> dict[str, Fact]:
    return read_facts(knowledge_base / "facts.yaml")[0]
