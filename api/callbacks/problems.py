"""What can go wrong with a call-back, each with what to do about it."""

from __future__ import annotations

from api.problems import ProblemError


class NumberRefusedError(ProblemError):
    """It cannot be called; `why` says what is wrong with it."""

    status = 422
    code = "number_refused"

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(detail, why=why)
        self.why = why


class NoSuchSlotError(ProblemError):
    """Nobody calls at that time; `free` are times at which somebody does."""

    status = 422
    code = "no_such_slot"


class SlotTakenError(ProblemError):
    """Somebody was quicker; `free` are the next times."""

    status = 409
    code = "slot_taken"


class AlreadyBookedError(ProblemError):
    """This conversation has a call-back already."""

    status = 409
    code = "callback_exists"


class TooManyCallbacksError(ProblemError):
    """So many calls to one number nobody needs."""

    status = 409
    code = "too_many_callbacks"


class CallbackNotFoundError(ProblemError):
    """No such call-back, or no such link."""

    status = 404
    code = "callback_not_found"


class CallbackOverError(ProblemError):
    """It is over, or being called right now."""

    status = 409
    code = "callback_over"


class AlreadyCallingError(ProblemError):
    """A colleague is calling."""

    status = 409
    code = "already_calling"
