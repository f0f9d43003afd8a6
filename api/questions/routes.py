"""The desk's one key: an article is missing or wrong."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.learning.service import NOTE_MAX
from api.questions.room import learning_of
from api.staff.signed_in import SomeStaff
from api.text import tidy, whole_characters

NUMBER_MAX = 2**31 - 1

router = APIRouter(prefix="/api/v1/desk", tags=["desk"])


class WhyIn(BaseModel):
    """A few words to a flag."""

    model_config = ConfigDict(extra="ignore", strict=True)
    note: Annotated[str, BeforeValidator(whole_characters), Field(max_length=NOTE_MAX)]


@router.post("/conversations/{conversation_id}/flag", status_code=201, summary="An article is missing or wrong")
async def flag(conversation_id: str, me: SomeStaff, request: Request) -> dict[str, int]:
    """Editors see it with what was said; the same question flagged again is one flag."""
    return {"flag": await learning_of(request).flag(conversation_id, me)}


@router.put("/flags/{flag_id}", summary="What is missing or wrong")
async def say_why(
    flag_id: Annotated[int, Path(ge=1, le=NUMBER_MAX)], body: WhyIn, me: SomeStaff, request: Request
) -> dict[str, int]:
    """One's own flag's note."""
    await learning_of(request).say_why(flag_id, me, tidy(body.note))
    return {"flag": flag_id}
