"""What every page of the room shares: who is in, its address, its errors as pages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from api.content.service import Content
from api.html.language import page_language
from api.html.views import Views
from api.problems import ProblemError
from api.staff.signed_in import SignInNeededError
from api.staff.values import Staff

VIEWS = Views(Path(__file__).parent)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A page for people: who is not signed in is led to the form, an expected error is a page that says what to do."""

    def get_route_handler(self) -> Handler:
        """The handler, with its errors turned into pages."""
        handler = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await handler(request)
            except SignInNeededError:
                return RedirectResponse(f"/desk/sign-in?lang={page_language(request).value}", status_code=303)
            except ProblemError as error:
                return error_page(request, error)

        return shown


def page_router() -> APIRouter:
    """For pages and parts of pages."""
    return APIRouter(include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute)


def error_page(request: Request, error: ProblemError) -> Response:
    """What went wrong, in the page's language where it is known there."""
    language = page_language(request)
    texts = VIEWS.texts(language)["errors"]
    said = texts.get(error.code, error.detail)
    return VIEWS.page(
        "problem.html", language, status=error.status, is_private=True, said=said, detail=error.detail, me=None,
        where="",
    )  # fmt: skip


def content_of(request: Request) -> Content:
    """The app's articles and facts."""
    content: Content = request.app.state.content
    return content


def page(request: Request, template: str, me: Staff, where: str, *, status: int = 200, **values: Any) -> Response:
    """A page of the room; `where` is the part of the menu it stands under."""
    language = page_language(request)
    return VIEWS.page(template, language, status=status, is_private=True, me=me, where=where, **values)


def part(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A part of a page, fetched again by a script."""
    return VIEWS.page(template, page_language(request), status=status, is_private=True, **values)


def to(request: Request, path: str, **query: object) -> Response:
    """On to another page of the room, after a form."""
    return RedirectResponse(f"{path}?{urlencode({'lang': page_language(request).value, **query})}", status_code=303)
