"""/call-back: booking a call without scripts, and the secret link that changes and cancels it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from api.addresses import address_of
from api.callbacks.letters import slot_when, when_text
from api.callbacks.numbers import CallNumber, callable_number, shown_number
from api.callbacks.problems import CallbackNotFoundError
from api.callbacks.public_base import public_base
from api.callbacks.routes import booking_of, email_of, slot_of
from api.callbacks.values import Callback, CallStatus
from api.callbacks.wishes import PATH, TOPIC_MAX, Wish
from api.conversations.values import Channel as By
from api.facts import facts_of
from api.html.language import page_language
from api.html.views import Views
from api.opening.hours import Channel
from api.opening.phone_line import PhoneLine, phone_line
from api.player import chat_of
from api.problems import ProblemError
from api.text import tidy
from knowledge_base.article import Language

VIEWS = Views(Path(__file__).parent)
FIELDS_MAX = 20

router = APIRouter(include_in_schema=False)


async def typed_form(request: Request) -> dict[str, str]:
    """The fields of a form as text, each once."""
    form = await request.form(max_fields=FIELDS_MAX, max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


Typed = Annotated[dict[str, str], Depends(typed_form)]


@dataclass
class BookingForm:
    """What was typed, and the code of what is wrong with each field."""

    typed: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    number: CallNumber | None = None

    def read(self, language: Language, base: str) -> Wish | None:
        """The wish; None where something is wrong."""
        topic, slot_at, email = tidy(self.typed.get("topic", "")), slot_of(self.typed.get("slot_at", "")), None
        try:
            self.number = callable_number(self.typed.get("number", ""))
        except ProblemError as error:
            self.wrong["number"] = str(error.more["why"])
        try:
            email = email_of(self.typed.get("email", ""))
        except ProblemError as error:
            self.wrong["email"] = error.code
        if len(topic) > TOPIC_MAX:
            self.wrong["topic"] = "topic_too_long"
        if slot_at is None:
            self.wrong["slot_at"] = "no_such_slot"
        if self.wrong or slot_at is None or self.number is None:
            return None
        return Wish(self.number.dialled, slot_at, topic, email, language, base)


@router.get(PATH)
async def get_form(request: Request) -> Response:
    """The form."""
    return await _form(request, BookingForm({}))


@router.post(PATH)
async def post_form(request: Request, typed: Typed) -> Response:
    """First shown back to be confirmed, then booked."""
    language, booking, chat = page_language(request), booking_of(request), chat_of(request)
    form = BookingForm(typed)
    wish = form.read(language, public_base(request))
    if wish is None or typed.get("step") == "back":
        return await _form(request, form, status=422 if form.wrong else 200)
    try:
        await booking.places.check(language, wish.slot_at)
        if typed.get("step") != "book":
            rules = booking.places.rules
            when = slot_when(wish.slot_at, rules.slot_minutes, language) if rules else ""
            return VIEWS.page("confirm.html", language, is_private=True, path=PATH, form=form, when=when)
        chat.limits.starts.check(address_of(request))
        _, conversation = await chat.conversations.start(language, channel=By.PHONE)
        booked = await booking.book(conversation.id, wish)
    except ProblemError as error:
        where = "slot_at" if error.code in {"slot_taken", "no_such_slot"} else "number"
        form.wrong[where] = error.code
        return await _form(request, form, status=error.status)
    if booked.help_html:
        return await _one(request, booked.token, booked.callback, told="booked", help_html=booked.help_html)
    return RedirectResponse(f"{PATH}/{booked.token}?lang={language.value}&told=booked", status_code=303)


@router.get(f"{PATH}/{{token}}")
async def get_one(request: Request, token: str, told: str = "") -> Response:
    """What a secret link opens."""
    try:
        callback = await booking_of(request).find(token)
    except CallbackNotFoundError:
        return VIEWS.page("missing.html", page_language(request), status=404, is_private=True, path=PATH)
    return await _one(request, token, callback, told=told if told in {"booked", "changed"} else "")


@router.get(f"{PATH}/{{token}}/call.ics")
async def get_calendar(request: Request, token: str) -> Response:
    """The calendar entry."""
    booking = booking_of(request)
    callback = await booking.find(token)
    content = booking.calendar(callback, _link(request, token, callback))
    headers = {"Content-Disposition": 'attachment; filename="call.ics"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, media_type="text/calendar; charset=utf-8")


@router.post(f"{PATH}/{{token}}/change")
async def post_change(request: Request, token: str, typed: Typed) -> Response:
    """To another time."""
    booking = booking_of(request)
    callback = await booking.find(token)
    slot_at = slot_of(typed.get("slot_at", ""))
    try:
        if slot_at is None:
            await booking.places.check(callback.lang, None)  # says so
        else:
            await booking.move(token, slot_at, _link(request, token, callback))
    except ProblemError as error:
        return await _one(request, token, callback, status=error.status, wrong=error.code)
    language = page_language(request)
    return RedirectResponse(f"{PATH}/{token}?lang={language.value}&told=changed", status_code=303)


@router.post(f"{PATH}/{{token}}/cancel")
async def post_cancel(request: Request, token: str) -> Response:
    """Nobody calls."""
    try:
        await booking_of(request).cancel(token)
    except ProblemError as error:
        if isinstance(error, CallbackNotFoundError):
            raise
        callback = await booking_of(request).find(token)
        return await _one(request, token, callback, status=error.status, wrong=error.code)
    return RedirectResponse(f"{PATH}/{token}?lang={page_language(request).value}", status_code=303)


async def _form(request: Request, form: BookingForm, *, status: int = 200) -> Response:
    language = page_language(request)
    return VIEWS.page(
        "form.html", language, status=status, is_private=True, path=PATH, form=form,
        days=await booking_of(request).places.days(language), line=await _line(request, language),
    )  # fmt: skip


async def _one(
    request: Request, token: str, callback: Callback, *, status: int = 200, told: str = "", wrong: str = "",
    help_html: str | None = None,
) -> Response:  # fmt: skip
    language, booking = page_language(request), booking_of(request)
    may_change = callback.status is CallStatus.BOOKED and not callback.attempts and callback.staff_id is None
    days = await booking.places.days(callback.lang) if may_change else []
    values: dict[str, Any] = {
        "callback": callback, "number": shown_number(callback.number), "when": when_text(callback), "told": told,
        "wrong": wrong, "may_change": may_change, "days": days,
        "base": f"{PATH}/{token}", "sends_mail": chat_of(request).mail.can_send,
        "help": Markup(help_html) if help_html else None,  # noqa: S704 - made by api.text, which shows raw HTML as text
    }  # fmt: skip
    return VIEWS.page("one.html", language, status=status, is_private=True, path=f"{PATH}/{token}", **values)


async def _line(request: Request, language: Language) -> PhoneLine | None:
    chat = chat_of(request)
    hours = await chat.opening.read(Channel.PHONE, language)
    return phone_line(facts_of(chat.settings.knowledge_base), hours, chat.conversations.now(), language)


def _link(request: Request, token: str, callback: Callback) -> str | None:
    base = public_base(request)
    return f"{base}{PATH}/{token}?lang={callback.lang.value}" if base else None
