"""GET /api/v1/contact: which ways to people are open, for the widget and for anybody's page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request

from api.chat import Chat
from api.conversations.shown import moment
from api.facts import facts_of
from api.opening.hours import Channel, Hours
from api.opening.phone_line import phone_line
from api.opening.schedule import closing, is_open, next_opening
from api.opening.wording import until, week_lines, when
from knowledge_base.article import Language

router = APIRouter(prefix="/api/v1", tags=["contact"])


@router.get("/contact", summary="When people are there")
async def get_contact(request: Request, lang: Language = Language.PL) -> dict[str, Any]:
    """Chat and phone with their hours as they hold now, in words and as times."""
    chat: Chat = request.app.state.chat
    now = chat.conversations.now()
    hours = {channel: await chat.opening.read(channel, lang) for channel in Channel}
    line = phone_line(facts_of(chat.settings.knowledge_base), hours[Channel.PHONE], now, lang)
    return {
        "at": moment(now),
        "chat": _channel(hours[Channel.CHAT], lang, chat) | {"is_staffed": chat.presence.is_staffed()},
        "phone": _channel(hours[Channel.PHONE], lang, chat) | (asdict(line) if line else {"number": None}),
        "email": {"can_write": chat.mail.can_send, "hours": chat.mail.options.hours},
    }


def _channel(hours: Hours, language: Language, chat: Chat) -> dict[str, Any]:
    now = chat.conversations.now()
    is_now = is_open(hours, now)
    change = closing(hours, now) if is_now else next_opening(hours, now)
    return {
        "is_open": is_now,
        "changes_at": moment(change),
        "changes": (until if is_now else when)(change, now, language) if change else None,
        "lines": week_lines(hours, language),
    }
