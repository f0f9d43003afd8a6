"""What can be in the way of publishing, with stable codes."""

from __future__ import annotations

from api.problems import ProblemError


class OverrideNotAllowedError(ProblemError):
    """Only a manager goes on against the gate, and says why."""

    status = 403
    code = "override_not_allowed"


class IndexGoneError(ProblemError):
    """The index of a former version is not kept any more."""

    status = 409
    code = "index_gone"


class TryingFailedError(ProblemError):
    """The draft index cannot be built."""

    status = 503
    code = "trying_failed"
