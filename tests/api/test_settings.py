"""What can be set is documented, and what cannot be is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import ROOT, Settings


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"`KRUPIER_([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text("utf-8")))
    assert documented == {name.upper() for name in Settings.model_fields}


def test_a_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KRUPIER_DATA", str(tmp_path))
    assert Settings().index_home == tmp_path / "index"


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("THREADS", "0"), ("WRONG_ANSWERS_MAX", "1")])
def test_an_impossible_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"KRUPIER_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()
