"""POST /api/v1/answers: a question in, a decision out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from api.answers.schemas import QuestionIn
from api.asking import ask_in_force

router = APIRouter(prefix="/api/v1", tags=["answers"])


@router.post("/answers", summary="Ask the bot")
async def post_answer(question: QuestionIn, request: Request) -> dict[str, Any]:
    """The bot's decision about a message."""
    _engine, decision = await ask_in_force(request.app.state, question.text, question.history)
    return decision.to_json()
