"""What can go wrong with articles, facts and releases."""

from __future__ import annotations

from api.problems import ProblemError


class EntryNotFoundError(ProblemError):
    """There is no such article, fact or version."""

    status = 404
    code = "entry_not_found"


class EntryExistsError(ProblemError):
    """There is one of that name already."""

    status = 409
    code = "entry_exists"


class BadNameError(ProblemError):
    """A name that no article or fact can have."""

    status = 422
    code = "bad_name"


class ConflictError(ProblemError):
    """Somebody else has kept a newer version; nothing typed is lost."""

    status = 409
    code = "newer_version"


class BadStepError(ProblemError):
    """The version does not stand where this step begins."""

    status = 409
    code = "bad_step"


class OwnVersionError(ProblemError):
    """Whoever wrote a version does not review it."""

    status = 403
    code = "own_version"


class NotReviewedError(ProblemError):
    """A second editor has not approved it yet."""

    status = 409
    code = "not_reviewed"


class FactInUseError(ProblemError):
    """Articles quote the fact."""

    status = 409
    code = "fact_in_use"


class TooBigError(ProblemError):
    """More than one text may hold."""

    status = 422
    code = "too_big"


class NotReadyError(ProblemError):
    """Nothing has been released yet; the service is still starting."""

    status = 503
    code = "not_ready"


class ReleaseOvertakenError(ProblemError):
    """Another release came into force meanwhile; the candidate must be made anew on top of it."""

    status = 409
    code = "release_overtaken"
