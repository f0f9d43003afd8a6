"""In at the desk and out again."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.addresses import address_of
from api.desk.pages import VIEWS
from api.html.language import page_language
from api.limits import RateLimitedError
from api.staff.service import SignInRefusedError
from api.staff.sessions import end_session, set_cookie
from api.staff.signed_in import accounts_of, signed_in
from api.staff.values import Staff
from knowledge_base.article import Language

router = APIRouter(include_in_schema=False)


@router.get("/desk/sign-in")
async def get_sign_in(request: Request) -> Response:
    """The form; who is in already goes to the desk."""
    language = page_language(request)
    me = await signed_in(request)
    if me is not None:
        return _to_work(me, language)
    return VIEWS.page("sign_in.html", language, is_private=True, refusal=None, email="")


@router.post("/desk/sign-in")
async def post_sign_in(
    request: Request, email: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> Response:
    """In, or the form again with what was wrong."""
    language = page_language(request)
    texts = VIEWS.texts(language)["refused"]
    try:
        signed = await accounts_of(request).sign_in(email, password, address_of(request))
    except SignInRefusedError:
        return VIEWS.page("sign_in.html", language, status=401, is_private=True, refusal=texts["wrong"], email=email)
    except RateLimitedError as error:
        refusal = texts["limited"].format(seconds=math.ceil(error.retry_after or 1))
        return VIEWS.page("sign_in.html", language, status=429, is_private=True, refusal=refusal, email=email)
    response = _to_work(signed.staff, language)
    set_cookie(request, response, signed)
    return response


@router.post("/desk/sign-out")
async def post_sign_out(request: Request) -> Response:
    """Out, here and on the server."""
    response = RedirectResponse(f"/desk/sign-in?lang={page_language(request).value}", status_code=303)
    await end_session(request, response)
    return response


def _to_work(me: Staff, language: Language) -> RedirectResponse:
    """Consultants to the desk, editors to their room."""
    where = "/desk" if me.may_hold else "/editor"
    return RedirectResponse(f"{where}?lang={language.value}", status_code=303)
