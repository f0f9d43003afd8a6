"""What can go wrong with questions."""

from __future__ import annotations

from api.problems import ProblemError


class NothingChosenError(ProblemError):
    """No question was ticked."""

    status = 422
    code = "no_question_chosen"


class FlagNotFoundError(ProblemError):
    """Nobody, or somebody else, has flagged this."""

    status = 404
    code = "flag_not_found"
