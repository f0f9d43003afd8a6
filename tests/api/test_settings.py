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


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TRANSLATOR_URL": "http://a.example", "TRANSLATOR_MODELS": "pl-en=x"}, "not both"),
        ({"TRANSLATOR_URL": "a.example"}, "translator_url"),
        ({"TRANSLATOR_MODELS": "polish"}, "translator_models"),
        ({"WEBHOOK_NETWORKS": "10.0.0.0/99"}, "webhook_networks"),
        ({"CHATWOOT_URL": "https://desk.example", "CHATWOOT_SECRET": "short"}, "chatwoot_secret"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"KRUPIER_{name}", value)
    with pytest.raises(ValidationError, match=said):
        Settings()


def test_models_are_named_by_direction() -> None:
    models = Settings(translator_models="pl-en=owner/one, en-pl=/models/two").translator_directions
    assert models == {("pl", "en"): "owner/one", ("en", "pl"): "/models/two"}
