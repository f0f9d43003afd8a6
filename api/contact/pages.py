"""/contact: the form without scripts. What was typed stays until it is stored."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from api.contact.schemas import EMAIL_MAX
from api.contact.service import Taken, take
from api.html.language import page_language
from api.html.views import Views
from api.mail.forms import FORM_MAX, FormMessage
from api.mail.headers import SUBJECT_MAX
from api.mail.wording import said_when
from api.player import chat_of
from api.problems import ProblemError

VIEWS = Views(Path(__file__).parent)
PATH = "/contact"
TYPED_MAX = 4 * FORM_MAX  # characters; what is longer than a message gets the error that says so
_FIELDS = {"bad_address": "email", "message_empty": "text", "message_too_long": "text"}

router = APIRouter(include_in_schema=False)
Typed = Annotated[str, Form()]


@router.get(PATH)
async def get_form(request: Request) -> Response:
    """The empty form."""
    return _page(request, {}, None)


@router.post(PATH)
async def post_form(
    request: Request, email: Typed = "", name: Typed = "", subject: Typed = "", text: Typed = "",
    client_id: Typed = "",
) -> Response:  # fmt: skip
    """Stored, or the form again with what was typed and what is wrong."""
    typed = {
        "email": email[:EMAIL_MAX], "name": name[:EMAIL_MAX], "subject": subject[:EMAIL_MAX], "text": text[:TYPED_MAX],
        "client_id": client_id[:64],
    }  # fmt: skip
    form = FormMessage(
        typed["client_id"] or secrets.token_hex(8), typed["email"], typed["name"], typed["subject"], typed["text"],
        page_language(request),
    )  # fmt: skip
    try:
        taken = await take(request, form, None)
    except ProblemError as error:
        return _page(request, typed, error)
    return _sent(request, taken)


def _page(request: Request, typed: dict[str, str], error: ProblemError | None) -> Response:
    language = page_language(request)
    t = VIEWS.texts(language)
    wrong: dict[str, Any] = {"field": None, "text": None}
    if error is not None:
        wrong = {"field": _FIELDS.get(error.code), "text": t["wrong"].get(error.code, t["wrong"]["other"])}
    mail = chat_of(request).mail
    return VIEWS.page(
        "contact.html", language, status=error.status if error else 200, is_private=bool(typed), path=PATH,
        typed=typed, wrong=wrong, can_write=mail.can_send, hours=mail.options.hours, subject_max=SUBJECT_MAX,
        text_max=FORM_MAX, client_id=typed.get("client_id") or secrets.token_hex(8),
    )  # fmt: skip


def _sent(request: Request, taken: Taken) -> Response:
    language = page_language(request)
    due = said_when(taken.due_at, language)
    return VIEWS.page("sent.html", language, is_private=True, path=PATH, taken=taken, due=due)
