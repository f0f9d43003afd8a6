"""A letter that was translated says so, with what was written below it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from api.conversations.values import Author, Event, Kind
from api.mail.replies import with_original
from knowledge_base.article import Language

BETWEEN = {"from": "pl", "to": "en"}


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        ({}, ["It takes a day."]),
        (
            {"translation": {**BETWEEN, "original": "To trwa dobę.\nNaprawdę."}},
            ["It takes a day.", "translated by a machine", "> To trwa dobę.\n> Naprawdę."],
        ),
        ({"untranslated": BETWEEN}, ["It takes a day.", "could not be translated"]),
    ],
)
def test_it_is_marked_as_translated_or_as_not(more: dict[str, Any], parts: list[str]) -> None:
    at = datetime(2026, 11, 26, 12, tzinfo=UTC)
    said = Event("c_1", 3, Kind.MESSAGE, Author.CONSULTANT, at, {"text": "It takes a day.", **more})
    text = with_original(said, "It takes a day.", Language.EN)
    assert all(part in text for part in parts)
    assert text.count("\n\n") == len(parts) - 1
