"""Translation at the desk over HTTP: switched for a conversation, previewed while typing, asked for again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.desk.schemas import PreviewIn, TranslateIn, TranslationIn
from api.desk.viewing import Desk
from api.player import chat_of
from api.staff.signed_in import ForbiddenError, SomeStaff
from api.staff.values import Staff

router = APIRouter(prefix="/api/v1/desk/conversations/{conversation_id}", tags=["desk"])


def require_holder(me: SomeStaff) -> Staff:
    """Who may talk to players."""
    if not me.may_hold:
        raise ForbiddenError("Editors do not hold conversations.")
    return me


Holder = Annotated[Staff, Depends(require_holder)]


@router.put("/translation", summary="Through a translation, or no longer")
async def switch_translation(conversation_id: str, body: TranslationIn, me: Holder, request: Request) -> dict[str, Any]:
    """Both sides are told."""
    await chat_of(request).translations.switch(
        me, conversation_id, body.desk_language, body.player_language, is_on=body.is_on
    )
    desk: Desk = request.app.state.desk
    return await desk.translation(conversation_id)


@router.post("/preview", summary="What is being typed, in the other language")
async def preview(conversation_id: str, body: PreviewIn, _: Holder, request: Request) -> dict[str, Any]:
    """503 `translation_failed` where no translation comes in time."""
    desk: Desk = request.app.state.desk
    return await desk.preview(conversation_id, body.text, body.written_in)


@router.post("/translations", status_code=201, summary="Translate a message again")
async def translate(conversation_id: str, body: TranslateIn, _: Holder, request: Request) -> dict[str, Any]:
    """Comes as an event."""
    written = await chat_of(request).translations.translate_again(conversation_id, body.number, body.language)
    return {"number": written.number}
