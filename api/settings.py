"""Every setting, typed, with a default that runs on one's own machine; each is KRUPIER_<NAME> in the environment."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from api.mail_settings import MailSettings
from knowledge_base.article import RiskClass

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(MailSettings):
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

    refit_after_seconds: Annotated[
        float, Field(ge=0, description="Quiet after a quick publishing before everything is fitted anew; 0: never.")
    ] = 900.0

    database_url: Annotated[
        str, Field(description="PostgreSQL, as postgresql://name:password@host/database; empty: SQLite in data.")
    ] = ""
    public_url: Annotated[
        str,
        Field(pattern=r"^(https?://\S+)?$", description="Where players reach this service; links in mails begin so."),
    ] = ""
    origins: Annotated[str, Field(description="Origins of the pages with the widget, with commas between them.")] = ""
    turn_wait_seconds: Annotated[
        float, Field(ge=0, le=30, description="How long a player must be quiet before the bot answers.")
    ] = 0.8
    sockets_per_address: Annotated[int, Field(ge=1, description="Sockets of players from one address at a time.")] = 50
    messages_per_minute: Annotated[int, Field(ge=1, description="Messages of players from one address.")] = 300
    conversations_per_minute: Annotated[int, Field(ge=1, description="New conversations from one address.")] = 30
    review_classes: Annotated[
        str, Field(description="Risk classes whose changes a second editor approves: auto, draft, human, protect.")
    ] = "human,protect"
    demo: Annotated[
        bool, Field(description="Demonstration: staff whose passwords everybody knows; only on this machine.")
    ] = False

    translator_url: Annotated[
        str, Field(description="A LibreTranslate-compatible server, e.g. http://127.0.0.1:5000; empty: none.")
    ] = ""
    translator_key: Annotated[str, Field(description="Its key, where it wants one.")] = ""
    translator_models: Annotated[
        str, Field(description="Marian models by direction, e.g. pl-en=<folder or hub id>,en-pl=<folder or hub id>.")
    ] = ""
    translator_seconds: Annotated[float, Field(gt=0, le=60, description="Time limit for one translation.")] = 5.0

    webhook_networks: Annotated[
        str, Field(description="Private networks that webhooks may reach all the same, e.g. 10.1.0.0/16.")
    ] = ""
    chatwoot_url: Annotated[str, Field(description="A Chatwoot desk, e.g. https://desk.example; empty: none.")] = ""
    chatwoot_token: Annotated[str, Field(description="The access token of its agent bot.")] = ""
    chatwoot_secret: Annotated[str, Field(description="Secret of its webhook, at least 16 characters.")] = ""

    @field_validator("webhook_networks")
    @classmethod
    def _read_networks(cls, value: str) -> str:
        """Only networks, e.g. 10.1.0.0/16."""
        for each in filter(None, (each.strip() for each in value.split(","))):
            ip_network(each)
        return value

    @model_validator(mode="after")
    def _know_the_chatwoot_desk(self) -> Settings:
        """All three or none."""
        if self.chatwoot_url and not (self.chatwoot_token and len(self.chatwoot_secret) >= 16):
            raise ValueError("chatwoot_url also needs chatwoot_token and chatwoot_secret of at least 16 characters")
        return self

    @model_validator(mode="after")
    def _know_the_translator(self) -> Settings:
        """At most one, and each model with its direction."""
        if self.translator_url and self.translator_models:
            raise ValueError("set KRUPIER_TRANSLATOR_URL or KRUPIER_TRANSLATOR_MODELS, not both")
        if self.translator_url and not self.translator_url.startswith(("http://", "https://")):
            raise ValueError("KRUPIER_TRANSLATOR_URL (translator_url) begins with http:// or https://")
        assert self.translator_directions is not None  # ValueError where they cannot be read
        return self

    @property
    def translator_directions(self) -> dict[tuple[str, str], str]:
        """The Marian models: (source, target) -> folder or hub id; ValueError for anything else."""
        found = {}
        for entry in filter(None, (each.strip() for each in self.translator_models.split(","))):
            direction, _, model = entry.partition("=")
            source, _, target = direction.strip().partition("-")
            if not (source and target and model.strip()):
                raise ValueError(f"KRUPIER_TRANSLATOR_MODELS (translator_models): {entry!r} is not like pl-en=<model>")
            found[source, target] = model.strip()
        return found

    @model_validator(mode="after")
    def _keep_the_demonstration_home(self) -> Settings:
        """Its passwords are public: nobody else may reach it, and its accounts stay out of a real database."""
        if self.demo and self.host not in LOOPBACK:
            raise ValueError(f"the demonstration listens on {' or '.join(sorted(LOOPBACK))} only; change KRUPIER_HOST")
        if self.demo and self.database_url:
            raise ValueError("the demonstration has a database of its own; leave KRUPIER_DATABASE_URL out")
        return self

    @model_validator(mode="after")
    def _know_the_review_classes(self) -> Settings:
        """A class that is misspelt would go unreviewed."""
        unknown = self.reviewed_classes - set(RiskClass)
        if unknown:
            raise ValueError(f"KRUPIER_REVIEW_CLASSES: '{min(unknown)}' is none of auto, draft, human, protect")
        return self

    @property
    def reviewed_classes(self) -> frozenset[str]:
        """Whose changes a second editor has to approve."""
        return frozenset(each.strip() for each in self.review_classes.split(",") if each.strip())

    @property
    def allowed_origins(self) -> frozenset[str]:
        """The other origins whose pages may talk to the chat."""
        return frozenset(origin.strip().rstrip("/").lower() for origin in self.origins.split(",") if origin.strip())

    @property
    def mail_folder_of_demo(self) -> Path | None:
        """Where the demonstration puts what it would send."""
        return self.data / "sent-mail" if self.demo else None

    @property
    def database_file(self) -> str:
        """The name of the SQLite file."""
        return "demonstration.sqlite3" if self.demo else "krupier.sqlite3"

    @property
    def index_home(self) -> Path:
        """Where index versions are."""
        return self.data / "index"
