"""Every page says the same things in Polish and in English: the keys of the texts are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from api.settings import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "api").glob("**/texts/pl.yaml"))


def keys(texts: object) -> object:
    return {name: keys(value) for name, value in texts.items()} if isinstance(texts, dict) else type(texts)


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.parent.name for folder in FOLDERS])
def test_both_languages_have_the_same_texts(folder: Path) -> None:
    polish, english = (yaml.safe_load((folder / f"{each}.yaml").read_text("utf-8")) for each in ("pl", "en"))
    assert keys(polish) == keys(english)


def test_notes_for_a_chatwoot_desk_are_in_both_languages() -> None:
    notes = yaml.safe_load((ROOT / "api" / "outgoing" / "chatwoot_notes.yaml").read_text("utf-8"))
    assert keys(notes["pl"]) == keys(notes["en"])
