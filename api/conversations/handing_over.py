"""The one message of a hand-over: why a person takes over, and honestly when. Never one more, never none."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from api.conversations.availability import Availability, State
from api.conversations.values import Author, Conversation, Kind, NewEvent
from api.opening.wording import until, when
from bot.bot import Bot
from bot.decision import Action, Reason
from knowledge_base.article import Language

TEXTS = Path(__file__).parent / "texts"
OFFERS = ("email", "callback")
IN_CARE = frozenset({Reason.CRISIS.value, Reason.MINOR.value})  # help lines come first there, and nothing beside them
BOT_FAILED = "bot_failed"


def handed_over(said: NewEvent, bot: Bot, here: Availability) -> NewEvent:
    """The bot's message with when a person answers, in the place of what it says of that by itself."""
    payload = dict(said.payload)
    language, reason = Language(payload["language"]), payload["reason"]
    texts = _texts(language)
    if reason in IN_CARE:
        text = f"{payload['text']}\n\n{_care(texts, here, language)}"
        return replace(said, payload=payload | {"text": text, "presence": here.to_json(), "offers": []})
    now, why = _now(texts, here, language), texts["why"].get(reason)
    standard = bot.replies.escalate(Reason(reason), language) if why else ""
    if standard and standard in payload["text"]:
        text = payload["text"].replace(standard, f"{why} {now}", 1)
    else:
        text = f"{payload['text']}\n\n{now}"
    offers = [] if here.is_staffed else list(OFFERS)
    return replace(said, payload=payload | {"text": text, "presence": here.to_json(), "offers": offers})


def apology(language: Language, answers: int, here: Availability) -> NewEvent:
    """What is said where the bot has failed."""
    texts = _texts(language)
    payload = {
        "text": f"{texts['why'][BOT_FAILED]} {_now(texts, here, language)}", "action": Action.ESCALATE.value,
        "reason": BOT_FAILED, "language": language.value, "choices": [], "sources": [], "answers": answers,
        "presence": here.to_json(), "offers": [] if here.is_staffed else list(OFFERS),
    }  # fmt: skip
    return NewEvent(Kind.MESSAGE, Author.BOT, payload)


def closed_meanwhile(conversation: Conversation, language: Language, here: Availability) -> NewEvent:
    """What is said to whoever still waits when the hours have ended."""
    texts = _texts(language)
    is_in_care = conversation.is_protected
    text = _care(texts, here, language) if is_in_care else _now(texts, here, language)
    payload = {
        "text": text, "action": Action.ESCALATE.value, "reason": conversation.reason or Reason.HUMAN_REQUESTED.value,
        "language": language.value, "choices": [], "sources": [], "answers": conversation.player_number,
        "presence": here.to_json(), "offers": [] if is_in_care else list(OFFERS),
    }  # fmt: skip
    return NewEvent(Kind.MESSAGE, Author.BOT, payload)


def _now(texts: Mapping[str, Any], here: Availability, language: Language) -> str:
    """When a person answers, and what else one can do."""
    if not here.is_staffed:
        said = [_away(texts, here, language), texts["offers"]]
        if here.phone is not None:
            key = "phone" if here.phone.changes else "phone_always"
            said.append(texts[key].format(number=here.phone.number, until=here.phone.changes))
        return " ".join(said)
    said = [texts["staffed"]]
    if here.place is not None:
        said.append(texts["next"] if here.place == 1 else texts["place"].format(place=here.place))
    if here.wait_minutes is not None:
        said.append(texts["wait"].format(wait=_duration(texts, here.wait_minutes)))
    return " ".join(said)


def _care(texts: Mapping[str, Any], here: Availability, language: Language) -> str:
    """The same for somebody in trouble, who must not wait for us alone."""
    care: Mapping[str, Any] = texts["care"]
    return str(care["staffed"]) if here.is_staffed else _away(care, here, language)


def _away(texts: Mapping[str, Any], here: Availability, language: Language) -> str:
    if here.state is State.CLOSED:
        if here.back_at is None:
            return str(texts["closed_for_good"])
        return str(texts["closed"].format(back=when(here.back_at, here.at, language)))
    if here.until is None:
        return str(texts["unstaffed_always"])
    return str(texts["unstaffed"].format(until=until(here.until, here.at, language)))


def _duration(texts: Mapping[str, Any], minutes: int) -> str:
    """Minutes up to an hour, then hours upwards."""
    unit, count = ("minutes", minutes) if minutes <= 60 else ("hours", -(-minutes // 60))
    return str(texts[unit]["one" if count == 1 else "other"].format(count=count))


@functools.cache
def _texts(language: Language) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((TEXTS / f"{language.value}.yaml").read_text(encoding="utf-8"))
    return loaded
