"""A topic that shows harm protects and escalates as the same words in the chat would."""

from __future__ import annotations

from api.conversations import queries
from api.conversations.changing import Change
from api.conversations.protection import sets_protection, urgency_of
from api.conversations.values import Author, Kind, NewEvent, Status
from bot.decision import Decision, Reason


async def screened(change: Change, decision: Decision) -> None:
    """Mark the conversation; who is in danger does not wait for the slot but comes into the queue now."""
    now = change.conversation
    if sets_protection(decision) and not now.is_protected:
        reason = Reason.MINOR if decision.reason is Reason.MINOR else Reason.CRISIS
        marked = change.add(NewEvent(Kind.PROTECTED, Author.SYSTEM, {"reason": reason.value}))
        change.set(is_protected=True)
        await change.save()
        await queries.record_protection(change.connection, now.id, marked.number, reason.value, change.at)
    if urgency_of(decision.reason) > now.urgency:
        change.set(urgency=urgency_of(decision.reason), reason=decision.reason.value)
    if decision.reason is Reason.CRISIS and now.status is Status.BOT:
        change.add(NewEvent(Kind.ESCALATED, Author.SYSTEM, {"reason": Reason.CRISIS.value}))
        change.set(status=Status.WAITING, waiting_since=change.at)
    if decision.reason is Reason.CRISIS:
        change.alert = "crisis"
