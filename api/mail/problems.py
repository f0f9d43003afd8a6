"""What can go wrong with mail."""

from __future__ import annotations

from api.problems import ProblemError


class MailNotSetUpError(ProblemError):
    """No server is named that would take a mail."""

    status = 409
    code = "mail_not_set_up"


class BadAddressError(ProblemError):
    """Nothing can be sent there."""

    status = 422
    code = "bad_address"


class NothingSaidError(ProblemError):
    """There is nothing to be sent."""

    status = 409
    code = "nothing_said"
