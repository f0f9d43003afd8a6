"""The phone number for callers, with its hours; outside them it is shown as closed, never as if somebody answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import phonenumbers

from api.opening.hours import Hours
from api.opening.schedule import closing, is_open, next_opening
from api.opening.wording import until, week_lines, when
from knowledge_base.article import Language
from knowledge_base.facts import Fact


@dataclass(frozen=True)
class PhoneLine:
    """A number as it is shown, how it is dialled, and when."""

    number: str
    dialled: str  # E.164
    is_open: bool
    changes: str | None  # in words: when it closes, or opens again
    lines: list[str]  # the week


def phone_line(facts: Mapping[str, Fact], hours: Hours, now: datetime, language: Language) -> PhoneLine | None:
    """The line as it stands; None without a number."""
    fact = facts.get("support_phone")
    if fact is None:
        return None
    parsed = phonenumbers.parse(str(fact.value), "PL")
    is_now = is_open(hours, now)
    change = closing(hours, now) if is_now else next_opening(hours, now)
    return PhoneLine(
        str(fact.value), phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), is_now,
        (until if is_now else when)(change, now, language) if change else None, week_lines(hours, language),
    )  # fmt: skip
