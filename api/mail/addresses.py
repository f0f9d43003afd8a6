"""E-mail addresses and names that are safe to put into a header."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from api.mail.headers import NAME_MAX
from api.mail.problems import BadAddressError
from api.text import tidy

ADDRESS_MAX = 254  # RFC 5321, 4.5.3.1.3


def checked_address(text: str) -> str:
    """The one address in a text, in lower case, its domain in ASCII; BadAddressError for anything else."""
    try:
        # Whether somebody reads mail there is not asked: that would take the network, and the answer may change.
        found = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except EmailNotValidError as error:
        raise BadAddressError(f"This is no e-mail address: {error}") from error
    if "." not in (found.ascii_domain or ""):
        raise BadAddressError("This e-mail address is not whole: something like .pl is missing at its end.")
    address = found.ascii_email
    if address is None or len(address) > ADDRESS_MAX:
        raise BadAddressError("This e-mail address cannot be used: it is too long.")
    return address.lower()


def usable(address: str) -> str:
    """The address of who wrote to us; nothing where no answer could reach it."""
    try:
        return checked_address(address)
    except BadAddressError:
        return ""


def one_line(text: str, most: int = NAME_MAX) -> str:
    """What somebody typed, as one line of visible characters."""
    return " ".join(tidy(text).split())[:most]
