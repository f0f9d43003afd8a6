"""Contents as plain JSON values and back; what a column of the database holds."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.content.values import ArticleContent, Contents, EntryKind, FactContent, Key, TextContent, VersionChange
from bot.text import fold
from knowledge_base.article import Language, RiskClass


def content_to_json(content: Contents) -> dict[str, Any]:
    """Plain values."""
    if isinstance(content, FactContent):
        return {
            "value": _value_to_json(content.value), "unit": content.unit, "source": content.source,
            "checked": content.checked.isoformat(),
        }  # fmt: skip
    return {
        "category": content.category, "risk": content.risk.value, "owner": content.owner,
        "related": list(content.related),
        "texts": {
            language.value: {
                "title": text.title, "body": text.body, "phrasings": list(text.phrasings),
                "reviewed": text.reviewed.isoformat(), "review_by": text.review_by.isoformat(),
            }
            for language, text in content.texts.items()
        },
    }  # fmt: skip


def content_from_json(kind: EntryKind, entry: Mapping[str, Any]) -> Contents:
    """The reverse."""
    if kind is EntryKind.FACT:
        value = _value_from_json(entry["value"], entry["unit"])
        return FactContent(value, entry["unit"], entry["source"], date.fromisoformat(entry["checked"]))
    texts = {
        Language(language): TextContent(
            text["title"], text["body"], tuple(text["phrasings"]),
            date.fromisoformat(text["reviewed"]), date.fromisoformat(text["review_by"]),
        )
        for language, text in entry["texts"].items()
    }  # fmt: skip
    return ArticleContent(entry["category"], RiskClass(entry["risk"]), entry["owner"], tuple(entry["related"]), texts)


def summary_of(content: Contents) -> dict[str, Any]:
    """What a list shows."""
    if isinstance(content, FactContent):
        return content_to_json(content)
    return {
        "category": content.category, "risk": content.risk.value, "owner": content.owner,
        "texts": {
            language.value: {
                "title": text.title, "review_by": text.review_by.isoformat(), "phrasings": len(text.phrasings),
                "is_written": bool(text.title and text.body),
            }
            for language, text in content.texts.items()
        },
    }  # fmt: skip


def folded_of(key: Key, content: Contents) -> str:
    """All words to search in."""
    if isinstance(content, FactContent):
        return _fold(f"{key.name}\n{content.value}\n{content.source}")
    parts = [key.name, content.category, content.owner]
    for text in content.texts.values():
        parts += [text.title, text.body, *text.phrasings]
    return _fold("\n".join(parts))


@functools.lru_cache(maxsize=512)
def _fold(text: str) -> str:
    """Folding a long article takes a millisecond, and the same texts come again: seeded, restored, imported."""
    return fold(text)


def changes_to_json(changes: Sequence[VersionChange]) -> list[list[Any]]:
    """Plain lists."""
    return [[str(change.key), change.before, change.after, change.chosen] for change in changes]


def changes_from_json(entries: Sequence[Sequence[Any]]) -> tuple[VersionChange, ...]:
    """The reverse."""
    return tuple(VersionChange(Key.of(key), before, after, chosen) for key, before, after, chosen in entries)


def _value_to_json(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case list():
            return [_value_to_json(each) for each in value]
        case dict():
            return {key: _value_to_json(each) for key, each in value.items()}
        case _:
            return value


def _value_from_json(value: Any, unit: str) -> Any:
    """JSON has no dates; the unit says where one was."""
    if unit != "date":
        return value
    match value:
        case list():
            return [_value_from_json(each, unit) for each in value]
        case dict():
            return {key: _value_from_json(each, unit) for key, each in value.items()}
        case _:
            return date.fromisoformat(value)
