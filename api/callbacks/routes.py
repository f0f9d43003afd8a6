"""Booking a call-back over HTTP, for the widget. See docs/call-backs.md."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from api.addresses import address_of
from api.callbacks.booking import Booking
from api.callbacks.numbers import callable_number
from api.callbacks.public_base import public_base
from api.callbacks.shown import player_callback
from api.callbacks.wishes import PATH, TOPIC_MAX, Wish
from api.facts import facts_of
from api.mail.addresses import checked_address
from api.opening.hours import Channel
from api.opening.phone_line import phone_line
from api.player import chat_of, token_of
from api.text import tidy, whole_characters
from knowledge_base.article import Language

router = APIRouter(prefix="/api/v1", tags=["call-backs"])

Typed = Annotated[str, BeforeValidator(whole_characters)]


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore")


class NumberIn(_In):
    """A number as it was typed."""

    number: Annotated[Typed, Field(max_length=200)]


class CallbackIn(NumberIn):
    """Call me then about that."""

    slot_at: AwareDatetime
    topic: Annotated[Typed, Field(max_length=TOPIC_MAX)] = ""
    email: Annotated[Typed, Field(max_length=400)] = ""
    lang: Language = Language.PL


def booking_of(request: Request) -> Booking:
    """What a player can do."""
    booking: Booking = request.app.state.booking
    return booking


@router.get("/callbacks/slots", summary="When somebody can call")
async def get_slots(request: Request, lang: Language = Language.PL) -> dict[str, Any]:
    """Free times by day, and the number for those who would rather call, with its hours."""
    chat = chat_of(request)
    chat.limits.searches.check(address_of(request))
    now = chat.conversations.now()
    hours = await chat.opening.read(Channel.PHONE, lang)
    line = phone_line(facts_of(chat.settings.knowledge_base), hours, now, lang)
    shown = vars(line) if line else None
    return {"days": await booking_of(request).places.days(lang), "phone": shown, "sends_mail": chat.mail.can_send}


@router.post("/callbacks/check", summary="Can this number be called?")
async def check_number(body: NumberIn, request: Request) -> dict[str, str]:
    """As it will be dialled and as people read it, to be confirmed before booking."""
    chat_of(request).limits.searches.check(address_of(request))
    return vars(callable_number(body.number))


@router.post("/conversations/current/callbacks", status_code=201, summary="Book a call")
async def book(body: CallbackIn, request: Request) -> dict[str, Any]:
    """For this conversation; the secret link in the answer changes and cancels it."""
    token, chat = token_of(request), chat_of(request)
    chat.limits.messages.check(address_of(request))
    conversation = await chat.conversations.by_token(token)
    wish = Wish(body.number, body.slot_at, tidy(body.topic), email_of(body.email), body.lang, public_base(request))
    booked = await booking_of(request).book(conversation.id, wish)
    return {
        "callback": player_callback(booked.callback),
        "url": f"{PATH}/{booked.token}?lang={body.lang.value}",
        "help": booked.help_html,
    }


def email_of(typed: str) -> str | None:
    """The address, if one was given; BadAddressError where it is none."""
    return checked_address(typed) if typed.strip() else None


def slot_of(typed: str) -> datetime | None:
    """A moment as forms send it; None for anything else."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
