"""The one place that joins the parts. Nothing is built at import."""

from __future__ import annotations

import anyio
from fastapi import FastAPI

from api.answers.routes import router as answers
from api.articles.routes import router as articles
from api.body_limit import BodyLimit
from api.engine import Engine
from api.health.routes import router as health
from api.metrics import Metrics
from api.pages.pages import router as pages
from api.html.static_files import STATIC, VersionedStaticFiles, static_prefix
from api.problems import add_problem_handlers
from api.security_headers import SecurityHeaders

THINKING_AT_ONCE = 2  # embedding is processor work: more at once only makes each slower


def create_app(engine: Engine) -> FastAPI:
    """The web service around an engine that is ready to answer."""
    app = FastAPI(
        title="Krupier",
        summary="The support desk of an online casino.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.engine = engine
    app.state.metrics = Metrics()
    app.state.thinking = anyio.CapacityLimiter(THINKING_AT_ONCE)
    for router in (answers, articles, health, pages):
        app.include_router(router)
    app.mount(static_prefix(), VersionedStaticFiles(directory=STATIC), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)  # added last, so outermost: refusals get the headers too
    add_problem_handlers(app)
    return app
