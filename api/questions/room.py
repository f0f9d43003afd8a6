"""What the pages about questions share: the editors' frame, who may come in, errors as pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from api.html.language import page_language
from api.html.views import Views
from api.learning.service import Learning
from api.staff.signed_in import ForbiddenError, SignInNeededError, signed_in
from api.staff.values import Staff

ROOM = Path(__file__).parent
VIEWS = Views(ROOM, ROOM.parent / "editor")


async def require_editor(request: Request) -> Staff:
    """Who this comes from; SignInNeededError for nobody, ForbiddenError for who does not edit."""
    staff = await signed_in(request)
    if staff is None:
        raise SignInNeededError("Sign in at /desk/sign-in.")
    if not staff.may_edit:
        raise ForbiddenError("Only editors and managers come in here.")
    return staff


Editor = Annotated[Staff, Depends(require_editor)]


def learning_of(request: Request) -> Learning:
    """The app's questions."""
    learning: Learning = request.app.state.learning
    return learning


def page(request: Request, template: str, me: Staff | None, *, status: int = 200, **values: Any) -> Response:
    """A page of the room."""
    language = page_language(request)
    return VIEWS.page(template, language, status=status, is_private=True, me=me, where="questions", **values)
