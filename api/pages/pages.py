"""The page where one asks and reads the answer with its sources. Articles are read in the help centre."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.asking import ask_in_force
from api.html.language import page_language
from api.html.views import Views
from api.pages.shown import CONTACT_ARTICLE, Link, ShownDecision, links, shown
from bot.question import CHARACTERS_MAX
from knowledge_base.article import Language

VIEWS = Views(Path(__file__).parent)
TEXT_MAX = 10 * CHARACTERS_MAX  # what is cut off would be too long for the bot all the same

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

# The question travels in the body of a POST: in an address it would stay in histories and logs, with what is personal.
Question = Annotated[str, Form()]


@router.get("/ask")
async def get_ask_page(request: Request) -> HTMLResponse:
    """The page before anything was asked."""
    return _ask_page(request, "", None)


@router.post("/ask")
async def post_ask_page(request: Request, q: Question = "", draft: Annotated[bool, Form()] = False) -> HTMLResponse:
    """The page with the answer, for browsers without scripts; a draft is only kept, e.g. over a switch of language."""
    if draft:
        return _ask_page(request, q, None)
    decision = await _asked(request, q)
    return _ask_page(request, decision.question, decision)


@router.post("/answer")
async def post_answer_part(request: Request, q: Question = "") -> HTMLResponse:
    """The answer alone, the same part that the whole page holds."""
    decision = await _asked(request, q)
    language = page_language(request)
    contact = _links(request, CONTACT_ARTICLE, language)
    return VIEWS.page("answer.html", language, is_private=True, decision=decision, contact=contact)


def _ask_page(request: Request, question: str, decision: ShownDecision | None) -> HTMLResponse:
    language = page_language(request)
    return VIEWS.page(
        "ask.html",
        language,
        is_private=request.method == "POST",
        path="/ask",
        question=question,
        decision=decision,
        contact=_links(request, CONTACT_ARTICLE, language),
    )


async def _asked(request: Request, question: str) -> ShownDecision:
    engine, decision = await ask_in_force(request.app.state, question[:TEXT_MAX])  # its articles, also when swapped
    return shown(decision, engine.bot.articles)


def _links(request: Request, article_id: str, language: Language) -> tuple[Link, ...]:
    return links((article_id,), request.app.state.engine.bot.articles, language)
