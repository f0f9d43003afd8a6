"""GET /insights: figures for the manager, each with its definition beside it; the same as comma-separated values."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.html.language import page_language
from api.html.views import Views
from api.insights.report import ARTICLES_MAX
from api.insights.service import BadRangeError, Insights
from api.insights.shown import Words
from api.insights.values import DURATIONS, Figure, Range, Report
from api.staff.signed_in import ForbiddenError, SomeStaff, signed_in
from api.staff.values import Staff
from knowledge_base.article import Language

ROOM = Path(__file__).parent
VIEWS = Views(ROOM, ROOM.parent / "editor")
PRESETS = (7, 30, 90, 365)
USUAL = 30  # days
GROUPS = (
    ("players", (Figure.CONVERSATIONS, Figure.SPOKEN)),
    ("bot", (Figure.ANSWERED, Figure.HELPED, Figure.NOT_HELPED, Figure.WRONG, Figure.ESCALATED)),
    ("people", (Figure.FIRST_REPLY, Figure.REPLY_GAP, Figure.SHOWN, Figure.ACCEPTED, Figure.EDITED, Figure.DISMISSED)),
    ("promises", (Figure.LETTERS, Figure.LETTERS_KEPT, Figure.CALLS, Figure.CALLS_KEPT)),
    ("help", (Figure.READ_HELPED, Figure.READ_NOT_HELPED)),
)
TABLE = (
    Figure.CONVERSATIONS, Figure.ANSWERED, Figure.HELPED, Figure.NOT_HELPED, Figure.WRONG, Figure.ESCALATED,
    Figure.SHOWN, Figure.ACCEPTED, Figure.EDITED, Figure.DISMISSED, Figure.FIRST_REPLY, Figure.REPLY_GAP,
)  # fmt: skip
OF_ARTICLES = tuple(figure for figure in TABLE if figure not in {Figure.CONVERSATIONS, Figure.ESCALATED})
OPTIONS_MAX = 2_000  # a browser's list of suggestions stays usable; a name can be typed all the same
EXPORTS = ("day", "hour", "language", "article", "reason")

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Day = Annotated[str, Query(alias="from", max_length=20)]
Short = Annotated[str, Query(max_length=80)]


@router.get("/insights")
async def get_insights(
    request: Request, first: Day = "", to: Short = "", by: Short = "day", of: Short = "", article: Short = ""
) -> Response:
    """The figures; what was typed into the form stays there, also when it cannot be shown."""
    language = page_language(request)
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={language.value}", status_code=303)
    t = VIEWS.texts(language)
    if not me.may_see_figures:
        values = {"said": t["i"]["only_managers"], "detail": t["i"]["only_managers"]}
        return VIEWS.page("problem.html", language, status=403, is_private=True, me=me, where="insights", **values)
    typed = {"from": first, "to": to, "by": "hour" if by == "hour" else "day", "of": of, "article": article}
    found, error, days = None, None, None
    try:
        days = _range(request, first, to)
        typed |= {"from": days.first.isoformat(), "to": days.last.isoformat()}
        found = await _report(request, days, typed)
    except BadRangeError as problem:
        error = problem
    return _page(request, language, me, typed, found, days, error)


@router.get("/insights.csv")
async def get_csv(
    request: Request, me: SomeStaff, first: Day = "", to: Short = "", by: Short = "day", of: Short = "",
    article: Short = "",
) -> Response:  # fmt: skip
    """The figures by day, hour, language, article or reason; durations in seconds, as their names say."""
    if not me.may_see_figures:
        raise ForbiddenError("Figures of the team are for managers.")
    days = _range(request, first, to)
    by = by if by in EXPORTS else "day"
    typed = {"by": "hour" if by == "hour" else "day", "of": of, "article": article}
    found = await _report(request, days, typed)
    name = f"krupier-{by}-{days.first.isoformat()}-{days.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(_csv(found, by), media_type="text/csv; charset=utf-8", headers=headers)


def _page(
    request: Request, language: Language, me: Staff, typed: dict[str, str], found: Report | None, days: Range | None,
    error: BadRangeError | None,
) -> Response:  # fmt: skip
    today = _insights(request).today()
    presets = [(each, (today - timedelta(days=each - 1)).isoformat(), today.isoformat()) for each in PRESETS]
    articles = request.app.state.engine.bot.articles
    return VIEWS.page(
        "insights.html", language, status=error.status if error else 200, is_private=True, me=me, where="insights",
        typed=typed, report=found, days=days, error=error, presets=presets, groups=GROUPS, table=TABLE,
        of_articles=OF_ARTICLES, exports=EXPORTS, words=Words(language, VIEWS.texts(language)["i"]), today=today,
        figure=Figure, lines={line.figure: line for line in found.lines} if found else {}, articles_max=ARTICLES_MAX,
        titles={each: _title(articles, each, language) for each in articles}, options_max=OPTIONS_MAX,
    )  # fmt: skip


def _range(request: Request, first: str, last: str) -> Range:
    """The days asked for, or the usual ones; BadRangeError for what is no date."""
    today = _insights(request).today()
    try:
        to = date.fromisoformat(last) if last else today
        return Range(date.fromisoformat(first) if first else to - timedelta(days=USUAL - 1), to)
    except (ValueError, OverflowError):
        raise BadRangeError("A day is written like 2026-11-26.") from None


async def _report(request: Request, days: Range, typed: dict[str, str]) -> Report:
    of = typed["of"] if typed["of"] in set(Language) else ""
    return await _insights(request).report(days, "hour" if typed["by"] == "hour" else "day", of, typed["article"])


def _csv(report: Report, by: str) -> str:
    """With a byte-order mark, by which spreadsheets know the encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    if by == "reason":
        writer.writerow(["reason", "escalated", "escalated_before"])
        writer.writerows(report.reasons)
        return "\ufeff" + out.getvalue()
    rows = {"language": report.languages, "article": report.articles}.get(by, report.buckets)
    writer.writerow([by, *(f"{each.value}_seconds" if each in DURATIONS else each.value for each in Figure)])
    for row in rows:
        writer.writerow([row.name, *(_cell(each, row.values[each]) for each in Figure)])
    return "\ufeff" + out.getvalue()


def _cell(figure: Figure, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value / 1000:.1f}" if figure in DURATIONS else str(round(value))


def _title(articles: Any, article_id: str, language: Language) -> str:
    text = articles[article_id].texts.get(language)
    return text.title if text else article_id


def _insights(request: Request) -> Insights:
    insights: Insights = request.app.state.insights
    return insights
