"""Whether people are there, looked up where a turn's player is about to be told."""

from __future__ import annotations

from api.conversations.availability import Availability, Watch
from api.conversations.changing import Change
from api.conversations.turn import Turn, is_for_person, urgency_after
from api.conversations.values import Channel, Status
from api.reply_parts import reply_language
from bot.bot import Bot
from bot.decision import Decision, Reason
from knowledge_base.article import Language


async def attendance(
    watch: Watch | None, change: Change, turn: Turn, decision: Decision | None, bot: Bot
) -> Availability | None:
    """How it stands; None where nobody is told: not chatting, answered by the bot, held, or waiting and no crisis."""
    now = change.conversation
    is_crisis = decision is not None and decision.reason is Reason.CRISIS
    is_told = is_crisis if now.status is Status.WAITING else now.status is Status.BOT
    is_for_us = decision is None or is_for_person(turn, decision, bot)
    if watch is None or now.channel is not Channel.CHAT or not (is_told and is_for_us):
        return None
    language = Language(now.lang) if decision is None else reply_language(decision)
    return await watch.look(change.connection, now, language, urgency_after(decision, now), change.at)
