"""Phone numbers: read as Polish ones unless they say otherwise; refused where no consultant could or should call."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from api.callbacks.problems import NumberRefusedError

POLAND, POLISH_DIGITS = 48, 9
TYPED_MAX = 40  # characters; a number with all its spaces and brackets has fewer
_CALLABLE = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)
_ABROAD = frozenset("34")  # zones of E.164 that are Europe: further calls cost much and are what call fraud is after
_DETAILS = {
    "unreadable": "This is no phone number. Write it with all its digits, for instance 512 345 678.",
    "too_short": "Digits are missing. A Polish number has nine.",
    "too_long": "There are too many digits. A Polish number has nine.",
    "no_such_number": "There is no such number. Check the digits.",
    "not_callable": "We do not call premium, toll-free or service numbers. Give a mobile or a landline.",
    "abroad": "We only call numbers in Europe.",
}


@dataclass(frozen=True)
class CallNumber:
    """A number as it is dialled (E.164) and as people read it."""

    dialled: str
    shown: str


def callable_number(typed: str) -> CallNumber:
    """The number; NumberRefusedError where it cannot be called."""
    if len(typed) > TYPED_MAX:
        raise _refused("unreadable")
    try:
        parsed = phonenumbers.parse(typed, "PL")
    except NumberParseException as error:
        raise _refused("unreadable") from error
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible == phonenumbers.ValidationResult.TOO_SHORT:
        raise _refused("too_short")
    if possible == phonenumbers.ValidationResult.TOO_LONG:
        raise _refused("too_long")
    if parsed.extension or not phonenumbers.is_valid_number(parsed):
        raise _refused(_lengthwise(parsed) or "no_such_number")
    if str(parsed.country_code)[0] not in _ABROAD:
        raise _refused("abroad")
    if phonenumbers.number_type(parsed) not in _CALLABLE:
        raise _refused("not_callable")
    return CallNumber(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), shown_number(parsed))


def _lengthwise(parsed: phonenumbers.PhoneNumber) -> str | None:
    """A Polish number of another length may be one of a service somewhere, but people have left out a digit."""
    digits = len(phonenumbers.national_significant_number(parsed))
    if parsed.country_code != POLAND or digits == POLISH_DIGITS:
        return None
    return "too_short" if digits < POLISH_DIGITS else "too_long"


def shown_number(number: str | phonenumbers.PhoneNumber) -> str:
    """With its country and in groups: +48 512 345 678."""
    parsed = phonenumbers.parse(number, "PL") if isinstance(number, str) else number
    return str(phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL))


def _refused(why: str) -> NumberRefusedError:
    return NumberRefusedError(why, _DETAILS[why])
