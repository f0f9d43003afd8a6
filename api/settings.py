"""Every setting, typed, with a default that runs on one's own machine; each is KRUPIER_<NAME> in the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """How this installation runs; an impossible value is refused at start with its name and why."""

    model_config = SettingsConfigDict(env_prefix="KRUPIER_", extra="ignore")

    host: Annotated[str, Field(description="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535, description="Port to listen on; 0 picks a free one.")] = 8_000
    data: Annotated[Path, Field(description="Folder for what is built and stored.")] = ROOT / ".krupier"
    knowledge_base: Annotated[Path, Field(description="Folder with articles/, facts.yaml, labelled/, screening/.")] = (
        ROOT / "knowledge_base"
    )
    model: Annotated[str, Field(description="Bundled model's name, a model folder, or a hub id (owner/name).")] = (
        "krupier-mini"
    )
    threads: Annotated[int, Field(ge=1, le=64, description="Processor threads for embedding one question.")] = 1
    build_threads: Annotated[int, Field(ge=1, le=256, description="Processor threads for building an index.")] = 2
    wrong_answers_max: Annotated[
        float, Field(gt=0, lt=0.5, description="Highest acceptable share of wrong automatic answers.")
    ] = 0.03

    @property
    def index_home(self) -> Path:
        """Where index versions are."""
        return self.data / "index"
