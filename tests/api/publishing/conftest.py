"""A service with a real index and a tiny model, built once; each test has a copy with a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.content.values import ArticleContent, Candidate, Origin, TextContent, article_key
from api.engine import open_engine
from api.publishing.values import Job
from api.settings import Settings
from api.staff.values import Role, Staff
from knowledge_base.article import Language
from tests.built_base import copied_base
from tests.serving import quick_settings


@dataclass(frozen=True)
class Service:
    """A running app and somebody who may do everything."""

    app: FastAPI
    by: Staff

    async def content(self, article_id: str) -> ArticleContent:
        """The newest version."""
        head = await self.app.state.content.head(article_key(article_id))
        found = (await self.app.state.content.version(head.key, head.head)).content
        assert isinstance(found, ArticleContent)
        return found

    async def changed(self, article_id: str, **polish: Any) -> Candidate:
        """What players would get with another Polish text, kept as the next version."""
        content = await self.content(article_id)
        text: TextContent = replace(content.texts[Language.PL], **polish)
        head = await self.app.state.content.head(article_key(article_id))
        new = replace(content, texts={**content.texts, Language.PL: text})
        version = await self.app.state.content.save(head.key, new, head.head, self.by, Origin.EDITOR)
        found: Candidate = await self.app.state.content.candidate([(head.key, version.number)])
        return found

    async def asking(self, article_id: str, phrasing: str) -> Candidate:
        """The same with one more phrasing."""
        text = (await self.content(article_id)).texts[Language.PL]
        return await self.changed(article_id, phrasings=(*text.phrasings, phrasing))

    async def archived(self, article_id: str) -> Candidate:
        """What players would get without an article."""
        version = await self.app.state.content.archive(article_key(article_id), self.by, "gone")
        found: Candidate = await self.app.state.content.candidate([(version.key, version.number)])
        return found

    async def exchanged(self, one: str, other: str) -> Candidate:
        """What players would get if two articles stood under each other's name."""
        chosen = []
        for article_id, source in ((one, await self.content(other)), (other, await self.content(one))):
            head = await self.app.state.content.head(article_key(article_id))
            version = await self.app.state.content.save(head.key, source, head.head, self.by, Origin.EDITOR)
            chosen.append((head.key, version.number))
        found: Candidate = await self.app.state.content.candidate(chosen)
        return found

    async def published(self, candidate: Candidate, reason: str | None = None) -> Job:
        """The candidate, published or not, when it is over."""
        job = await self.app.state.publishing.start(candidate, self.by, reason)
        finished: Job = await self.app.state.publishing.finished(job.id)
        return finished

    def answers(self, text: str) -> tuple[str, ...]:
        """The articles that come near."""
        decision = self.app.state.engine.bot.reply(text)
        return tuple(candidate.id for candidate in decision.candidates)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[FastAPI]:
    """A service on these settings."""
    app = create_app(open_engine(settings, lambda _: None), settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """One for all tests of a module, since the building process takes some seconds to start."""
    settings = quick_settings(**copied_base(tmp_path_factory.mktemp("service")), refit_after_seconds=0.0)
    async with running(settings) as app:
        yield Service(app, await app.state.staff.add("jan@bursztyn.example", "Jan", Role.MANAGER, "a password 123"))
