"""/desk/hours: a manager sets when people are there, valid at once; everybody at the desk may read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from api.chat import Chat
from api.hours.forms import DayForm, HoursForm, read_date
from api.hours.shown import HoursPage
from api.html.language import page_language
from api.html.views import Views
from api.opening.hours import Channel, Hours
from api.opening.service import HoursChangedError, Opening
from api.opening.wall_clock import local
from api.staff.signed_in import ForbiddenError, SomeStaff, signed_in
from api.staff.values import Role, Staff
from knowledge_base.article import Language

VIEWS = Views(Path(__file__).parent)
FIELDS_MAX = 40

router = APIRouter(include_in_schema=False)


def require_manager(me: SomeStaff) -> Staff:
    """Who may change hours."""
    if me.role is not Role.MANAGER:
        raise ForbiddenError("Only a manager changes opening hours.")
    return me


async def typed_form(request: Request) -> dict[str, str]:
    """The fields of a form as text, each once."""
    form: FormData = await request.form(max_fields=FIELDS_MAX, max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


Manager = Annotated[Staff, Depends(require_manager)]
Typed = Annotated[dict[str, str], Depends(typed_form)]


@router.get("/desk/hours")
async def get_hours(request: Request) -> Response:
    """All hours as they hold now."""
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={page_language(request).value}", status_code=303)
    return await _page(request, me)


@router.post("/desk/hours/days")
async def post_day(request: Request, me: Manager, typed: Typed) -> Response:
    """A date with hours of its own, for the channels and languages chosen."""
    form, chat = DayForm(typed), _chat(request)
    targets = form.targets()
    found = form.read(local(chat.conversations.now()).date())
    if found is None or not targets:
        return await _page(request, me, status=422, day_form=form)
    for channel, language in targets:
        await _opening(request).change(me.id, channel, language, None, lambda hours: hours.with_exception(*found))
    return _saved(request, "days")


@router.post("/desk/hours/days/remove")
async def remove_day(request: Request, me: Manager, typed: Typed) -> Response:
    """The date is like any other again."""
    day = read_date(typed.get("date", ""))
    if day is not None and typed.get("channel") in set(Channel) and typed.get("language") in set(Language):
        await _opening(request).change(
            me.id, Channel(typed["channel"]), Language(typed["language"]), None,
            lambda hours: hours.with_exception(day, None),
        )  # fmt: skip
    return _saved(request, "days")


@router.post("/desk/hours/{channel}/{language}")
async def post_hours(request: Request, channel: Channel, language: Language, me: Manager, typed: Typed) -> Response:
    """A week, holidays and, of the phone, how many calls fit a slot."""
    form = HoursForm(typed)
    hours = form.read()
    if hours is None:
        return await _page(request, me, status=422, forms={(channel, language): form})
    version = typed.get("version", "")
    try:
        await _opening(request).change(
            me.id, channel, language, int(version) if version.isdecimal() else -1, lambda before: _kept(before, hours)
        )
    except HoursChangedError:
        form.wrong["form"] = "hours_changed"
        return await _page(request, me, status=409, forms={(channel, language): form})
    return _saved(request, f"{channel.value}-{language.value}")


def _kept(before: Hours, hours: Hours) -> Hours:
    """The new week; dates with hours of their own stay."""
    return replace(hours, exceptions=before.exceptions)


async def _page(
    request: Request, me: Staff, *, status: int = 200, forms: dict[Any, HoursForm] | None = None,
    day_form: DayForm | None = None,
) -> Response:  # fmt: skip
    language, chat = page_language(request), _chat(request)
    page = HoursPage(
        chat.opening.defaults, await chat.opening.everything(), await chat.opening.changes(), language,
        chat.conversations.now(), forms or {},
    )  # fmt: skip
    return VIEWS.page(
        "hours.html", language, status=status, is_private=True, me=me, here="/desk/hours", page=page,
        may_change=me.role is Role.MANAGER, day_form=day_form or DayForm({"channel": "both", "language": "both"}),
        saved=request.query_params.get("saved", ""),
    )  # fmt: skip


def _saved(request: Request, what: str) -> Response:
    return RedirectResponse(f"/desk/hours?lang={page_language(request).value}&saved={what}#{what}", status_code=303)


def _chat(request: Request) -> Chat:
    chat: Chat = request.app.state.chat
    return chat


def _opening(request: Request) -> Opening:
    return _chat(request).opening
