"""What the pages about questions share: the editors' frame, who may come in, errors as pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request, Response

from api.html.language import page_language
from api.html.views import Views
from api.learning.service import Learning
from api.staff.values import Staff

ROOM = Path(__file__).parent
VIEWS = Views(ROOM, ROOM.parent / "editor")


def learning_of(request: Request) -> Learning:
    """The app's questions."""
    learning: Learning = request.app.state.learning
    return learning


def page(request: Request, template: str, me: Staff | None, *, status: int = 200, **values: Any) -> Response:
    """A page of the room."""
    language = page_language(request)
    return VIEWS.page(template, language, status=status, is_private=True, me=me, where="questions", **values)
