"""GET /desk/letters: what was kept of what was promised, and whether mail comes and goes; for managers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.html.language import page_language
from api.html.views import Views
from api.letters.service import report, waiting
from api.mail.wording import said_when
from api.promises.report import Counted
from api.staff.signed_in import ForbiddenError, signed_in
from knowledge_base.article import Language

VIEWS = Views(Path(__file__).parent)
PATH = "/desk/letters"
PERIODS = (1, 7, 30, 365)  # days
COLUMNS = ("of", "made", "kept", "late", "overdue", "running", "closed", "share", "median", "longest")

router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def get_letters(request: Request, days: Annotated[int, Query(ge=1, le=3650)] = 30) -> Response:
    """The last so many days."""
    language = page_language(request)
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={language.value}", status_code=303)
    if not me.may_see_figures:
        raise ForbiddenError("Figures of the team are for managers.")
    found = await report(request.app.state.chat, days)
    t = VIEWS.texts(language)
    tables = {
        "by_channel": [_row(row, t["channels"].get(row.of, row.of)) for row in found.by_channel],
        "by_week": [_row(row, row.of) for row in found.by_week],
        "by_person": [_row(row, row.of) for row in found.by_person],
    }
    missed = [
        {"id": each.conversation, "due": said_when(each.due_at, language), "who": each.staff or "–",
         "ended": said_when(each.ended_at, language) if each.ended_at else t["still_open"]}
        for each in found.missed
    ]  # fmt: skip
    return VIEWS.page(
        "letters.html", language, is_private=True, me=me, here=PATH, days=days, periods=PERIODS, columns=COLUMNS,
        tables=tables, missed=missed, mail=found.mail, waiting=waiting(found.mail["outgoing"]),
        troubled=[_trouble(each, language) for each in found.mail["troubled"]],
    )  # fmt: skip


def _row(row: Counted, name: str) -> dict[str, str]:
    """Words for a table: shares in percent, times in hours and minutes."""
    shown = {column: str(getattr(row, column)) for column in COLUMNS}
    return shown | {
        "of": name,
        "share": "–" if row.share is None else f"{row.share * 100:.1f} %",
        "median": _hours(row.median),
        "longest": _hours(row.longest),
    }


def _hours(time: timedelta | None) -> str:
    if time is None:
        return "–"
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    return f"{hours}:{minutes:02}"


def _trouble(mail: dict[str, object], language: Language) -> dict[str, object]:
    created = mail["created_at"]
    return mail | {"when": said_when(created, language)}  # type: ignore[arg-type]
