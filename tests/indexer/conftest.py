"""A tiny encoder of our own, made in a second, so that nothing here needs the bundled models."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.published import PublishedArticle
from tests.small_base import small_articles
from tests.tiny_model import make_tiny_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def articles() -> dict[str, PublishedArticle]:
    return small_articles()
