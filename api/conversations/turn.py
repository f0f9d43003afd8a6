"""A turn, and what follows from the bot's decision about it, given how the conversation stands by then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.conversations.availability import Availability
from api.conversations.bot_messages import bot_message, fitting
from api.conversations.by_itself import NOTHING, ByItself
from api.conversations.handing_over import BOT_FAILED, apology, handed_over
from api.conversations.protection import sets_protection, urgency_of
from api.conversations.values import Author, Conversation, Kind, NewEvent, Status, Urgency
from api.reply_parts import reply_language
from bot.bot import Bot
from bot.decision import Decision, Reason
from knowledge_base.article import Language


@dataclass(frozen=True)
class Turn:
    """What the bot is to think about, as it stood when it began."""

    conversation: Conversation
    texts: tuple[str, ...]
    history: tuple[str, ...]
    last: int
    has_just_asked: bool  # the bot's last message was a question back

    @property
    def text(self) -> str:
        """All of it as one message."""
        return "\n".join(self.texts)

    @property
    def is_harm_known(self) -> bool | None:
        """Whether harm was shown before this turn; None where an earlier message was never screened."""
        if self.conversation.is_protected:
            return True
        return None if self.conversation.reason == BOT_FAILED else False


@dataclass(frozen=True)
class Step:
    """The events and changes that follow from a decision."""

    events: list[NewEvent]
    values: dict[str, Any]
    alert: str | None = None


def is_for_person(turn: Turn, decision: Decision, bot: Bot) -> bool:
    """Whether a person has the conversation, or will have it after this decision."""
    if turn.conversation.status is not Status.BOT or turn.conversation.channel.is_written:
        return True
    is_protected = turn.conversation.is_protected or sets_protection(decision)
    return fitting(decision, bot, is_protected=is_protected, has_just_asked=turn.has_just_asked).needs_person


def urgency_after(decision: Decision | None, now: Conversation) -> Urgency:
    """How urgent the conversation is once the decision is stored."""
    return now.urgency if decision is None else max(now.urgency, urgency_of(decision.reason))


def what_follows(
    turn: Turn, decision: Decision | None, now: Conversation, bot: Bot, here: Availability | None = None,
    by_itself: ByItself = NOTHING,
) -> Step:  # fmt: skip
    """A reply only where the bot still answers; protection, urgency and help lines wherever it stands.

    `here`: whether people are there, where a player waits for them on the spot.
    """
    if decision is None:
        if now.status is not Status.BOT:
            return Step([], {})
        sorry = [apology(Language(now.lang), turn.last, here)] if here else []
        return _escalated(sorry, BOT_FAILED, here)
    events: list[NewEvent] = []
    values: dict[str, Any] = {}
    is_protected = now.is_protected or sets_protection(decision)
    if is_protected and not now.is_protected:
        reason = Reason.MINOR if decision.reason is Reason.MINOR else Reason.CRISIS
        events.append(NewEvent(Kind.PROTECTED, Author.SYSTEM, {"reason": reason.value}))
        values["is_protected"] = True
    if urgency_of(decision.reason) > now.urgency:
        values |= {"urgency": urgency_of(decision.reason), "reason": decision.reason.value}
    alert = "crisis" if decision.reason is Reason.CRISIS else None
    if now.status is Status.BOT:
        said = fitting(decision, bot, is_protected=is_protected, has_just_asked=turn.has_just_asked)
        message = bot_message(said, bot.articles, turn.last)
        if now.channel.is_written:  # a person answers every letter, whatever the bot has sent
            values["lang"] = reply_language(decision).value
            sent = [message] if by_itself.goes(said, bot) else []
            return _escalated([*events, *sent], said.reason.value, None, values, alert)
        if said.needs_person:
            events.append(handed_over(message, bot, here) if here else message)
            return _escalated(events, said.reason.value, here, values, alert)
        events.append(message)
        values["unanswered_since"] = None  # the bot has replied; who asks for a person later waits from then on
    else:
        if turn.conversation.status is Status.BOT:
            dropped = {"answers": turn.last, "action": decision.action.value}
            events.append(NewEvent(Kind.REPLY_DROPPED, Author.BOT, dropped))
        is_helped = by_itself.help_lines or not now.channel.is_written
        if now.status is Status.WAITING and decision.reason is Reason.CRISIS and is_helped:
            message = bot_message(decision, bot.articles, turn.last)  # nobody is there yet: help lines at once
            events.append(handed_over(message, bot, here) if here else message)
    return Step(events, values, alert)


def _escalated(
    events: list[NewEvent], reason: str, here: Availability | None, values: dict[str, Any] | None = None,
    alert: str | None = None,
) -> Step:  # fmt: skip
    presence = {"presence": here.state.value} if here else {}
    new = NewEvent(Kind.ESCALATED, Author.SYSTEM, {"reason": reason} | presence)
    changed = {"status": Status.WAITING, "reason": reason} | (values or {})
    return Step([*events, new], changed, alert or "escalated")
