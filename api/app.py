"""The one place that joins the parts. Nothing is built at import."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import anyio
from fastapi import FastAPI

from api.answers.routes import router as answers
from api.articles.routes import router as articles
from api.body_limit import BodyLimit
from api.callbacks.booking import Booking
from api.callbacks.calling import Calling
from api.callbacks.desk_pages import router as callback_desk
from api.callbacks.pages import router as callback_pages
from api.callbacks.routes import router as callbacks
from api.callbacks.samples import add_sample_callbacks
from api.chat import make_chat
from api.chatwoot.routes import router as chatwoot
from api.contact.pages import router as contact_pages
from api.contact.routes import router as contact
from api.content.service import Content
from api.conversations.service import Clock, utc_now
from api.demonstration.conversations import add_sample_conversations
from api.demonstration.pages import router as demonstration
from api.desk.board import Board
from api.desk.figures_page import router as figures_page
from api.desk.pages import router as desk_pages
from api.desk.routes import router as desk
from api.desk.service import DeskActions
from api.desk.sign_in import router as sign_in
from api.desk.socket import router as desk_socket
from api.desk.translation_routes import router as translation
from api.desk.viewing import Desk
from api.editor.article_pages import router as editor_article
from api.editor.article_steps import router as editor_steps
from api.editor.fact_pages import router as editor_facts
from api.editor.figures import Figures
from api.editor.import_pages import router as editor_import
from api.editor.pages import router as editor_pages
from api.editor.publish_pages import router as editor_publish
from api.editor.release_pages import router as editor_releases
from api.editor.routes import router as editor_routes
from api.editor.try_pages import router as editor_try
from api.engine import Engine
from api.health.routes import router as health
from api.help.forms import router as help_forms
from api.help.pages import router as help_pages
from api.help.service import HelpCentre
from api.help.sitemap import router as sitemap
from api.hours.pages import router as hours_pages
from api.hours.routes import router as contact_hours
from api.html.static_files import STATIC, VersionedStaticFiles, static_prefix
from api.importing.service import Importing
from api.insights.pages import router as insights_pages
from api.insights.service import Insights
from api.learning.service import Learning
from api.letters.pages import router as letters_pages
from api.metrics import Metrics
from api.origins import OpenToOrigins, SameSiteOnly
from api.pages.pages import router as pages
from api.problems import add_problem_handlers
from api.publishing.service import Publishing
from api.questions.forms import router as question_forms
from api.questions.pages import router as question_pages
from api.questions.routes import router as flags
from api.security_headers import SecurityHeaders
from api.settings import Settings
from api.staff.demonstration import add_demonstration_staff
from api.staff.service import StaffAccounts
from api.webhooks.pages import router as webhooks_pages
from api.widget.pages import router as widget
from api.widget.routes import router as conversations
from api.widget.socket import router as player_socket
from knowledge_base.article import RiskClass

THINKING_AT_ONCE = 2  # embedding is processor work: more at once only makes each slower
SEARCHING_AT_ONCE = 1
PAGES = (pages, widget, demonstration, sign_in, desk_pages, figures_page)
HELP = (sitemap, help_forms, help_pages)
QUESTIONS = (question_pages, question_forms, flags, insights_pages)
ENDPOINTS = (answers, articles, health, conversations, desk)
EDITORS_ROOM = (
    editor_pages, editor_facts, editor_try, editor_publish, editor_releases, editor_steps, editor_article,
    editor_routes, editor_import,
)  # fmt: skip
SOCKETS = (player_socket, desk_socket)
LETTERS = (contact_pages, contact, letters_pages)
OPENING = (hours_pages, contact_hours, callback_pages, callback_desk, callbacks)
OUTGOING = (webhooks_pages, chatwoot)
TRANSLATION = (translation,)


def create_app(engine: Engine, settings: Settings, *, with_samples: bool = False, now: Clock = utc_now) -> FastAPI:
    """The web service around an engine that is ready to answer; the database is opened when the service starts."""

    @contextlib.asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        await app.state.chat.open()
        await app.state.content.seed()
        if settings.demo:
            await add_demonstration_staff(app.state.staff)
        if with_samples:
            await add_sample_conversations(app.state.chat)
            await add_sample_callbacks(app.state.chat)
        board.open()
        app.state.publishing.open()
        yield
        await app.state.importing.close()
        await app.state.publishing.close()
        await board.close()
        await app.state.chat.close()

    app = FastAPI(
        title="Krupier",
        summary="The support desk of an online casino.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=opened,
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.metrics = Metrics()
    app.state.thinking = anyio.CapacityLimiter(THINKING_AT_ONCE)
    app.state.searching = anyio.CapacityLimiter(SEARCHING_AT_ONCE)
    app.state.chat = chat = make_chat(settings, app.state, now)
    app.state.staff = StaffAccounts(chat.database, chat.conversations.now)
    review_classes = frozenset(map(RiskClass, settings.reviewed_classes))
    app.state.content = Content(chat.database, chat.conversations.now, settings.knowledge_base, review_classes)
    app.state.publishing = Publishing(app.state.content, settings, app.state)
    app.state.importing = Importing(
        app.state.content, chat.database, chat.conversations.now, lambda: app.state.engine.bot.languages.detect
    )
    app.state.article_figures = Figures(chat)
    app.state.learning = Learning(
        chat.database, chat.conversations.now, lambda: app.state.engine, app.state.content, app.state.searching
    )
    app.state.insights = Insights(chat.database, app.state.learning, chat.conversations.now)
    app.state.help = HelpCentre(chat.database, chat.conversations.now)
    app.state.desk = Desk(app.state, chat, app.state.staff)
    app.state.desk_actions = DeskActions(chat)
    app.state.booking = Booking(chat, app.state)
    app.state.calling = Calling(chat)
    board = Board(chat)
    for router in (
        *PAGES, *HELP, *QUESTIONS, *ENDPOINTS, *EDITORS_ROOM, *SOCKETS, *OPENING, *OUTGOING, *TRANSLATION, *LETTERS,
    ):  # fmt: skip
        app.include_router(router)
    app.mount(static_prefix(), VersionedStaticFiles(directory=STATIC), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(SameSiteOnly)
    app.add_middleware(OpenToOrigins, origins=settings.allowed_origins)
    app.add_middleware(SecurityHeaders)  # added last, so outermost: refusals get the headers too
    add_problem_handlers(app)
    return app
