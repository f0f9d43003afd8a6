"""What can go wrong in a conversation, with the codes of docs/chat-protocol.md."""

from __future__ import annotations

from api.problems import ProblemError


class UnauthorizedError(ProblemError):
    """The token is of no conversation."""

    status = 401
    code = "unauthorized"


class ConversationNotFoundError(ProblemError):
    """There is none of that id."""

    status = 404
    code = "conversation_not_found"


class ConversationClosedError(ProblemError):
    """It has ended."""

    status = 409
    code = "conversation_closed"


class AlreadyHeldError(ProblemError):
    """A colleague was quicker."""

    status = 409
    code = "already_held"


class NotHeldByYouError(ProblemError):
    """Only the one who holds a conversation may do that."""

    status = 409
    code = "not_held_by_you"


class MessageEmptyError(ProblemError):
    """Nothing but spaces."""

    status = 422
    code = "message_empty"


class MessageTooLongError(ProblemError):
    """More than a message may have."""

    status = 422
    code = "message_too_long"


class NotAMessageError(ProblemError):
    """Feedback was given about something that the bot never said."""

    status = 404
    code = "message_not_found"
