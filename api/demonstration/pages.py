"""GET /: the invented casino with the chat on it, in demonstration mode; else the way to the ask page."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.html.language import page_language
from api.html.views import Views
from api.staff.demonstration import DEMONSTRATION_STAFF

router = APIRouter(include_in_schema=False)
VIEWS = Views(Path(__file__).parent)
OFTEN_READ = ("withdrawal-time", "kyc-documents", "rg-deposit-limit", "bonus-wagering", "account-password-reset")


@router.get("/")
async def get_home(request: Request) -> Response:
    """Who may sign in at the desk is shown here and nowhere else, and only in demonstration mode."""
    language = page_language(request)
    if not request.app.state.settings.demo:
        return RedirectResponse(f"/ask?lang={language.value}")
    articles = request.app.state.engine.bot.articles
    texts = ((each, articles[each].texts.get(language)) for each in OFTEN_READ if each in articles)
    shown = [{"id": each, "title": text.title} for each, text in texts if text and text.body]
    return VIEWS.page("home.html", language, staff=DEMONSTRATION_STAFF, articles=shown)
