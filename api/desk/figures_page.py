"""GET /desk/figures: how long players wait and what becomes of drafts, for managers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.desk.pages import VIEWS
from api.html.language import page_language
from api.staff.signed_in import signed_in
from knowledge_base.article import Language

COLUMNS = {
    "waiting": ("who", "replies", "first_reply", "gap", "longest"),
    "suggestions": ("who", "suggestions", "accepted", "edited", "dismissed", "edit_distance"),
}

router = APIRouter(include_in_schema=False)


@router.get("/desk/figures")
async def get_figures(request: Request, days: Annotated[int, Query(ge=1, le=3650)] = 30) -> Response:
    """The last so many days."""
    language = page_language(request)
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={language.value}", status_code=303)
    found = await request.app.state.desk.figures(me, days)
    shown = {
        what: {by: [_row(row, request, language) for row in rows] for by, rows in groups.items()}
        for what, groups in found.items()
    }
    return VIEWS.page(
        "figures.html", language, is_private=True, me=me, here="/desk/figures", found=shown, columns=COLUMNS, days=days
    )


def _row(row: dict[str, Any], request: Request, language: Language) -> dict[str, str]:
    """A row of words: whole counts, times as minutes and seconds, articles by title."""
    shown = {name: _counted(value) for name, value in row.items()}
    for name in ("first_reply", "gap", "longest"):
        shown[name] = _clock(row.get(f"{name}_ms"))
    shown["who"] = row.get("name") or _title(row.get("article"), request, language)
    return shown


def _title(article_id: str | None, request: Request, language: Language) -> str:
    article = request.app.state.engine.bot.articles.get(article_id)
    text = article.texts.get(language) if article else None
    return text.title if text else str(article_id or "–")


def _counted(value: float | str | None) -> str:
    return "–" if value is None else value if isinstance(value, str) else f"{value:.0f}"


def _clock(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "–"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02}"
