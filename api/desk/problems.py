"""What can go wrong at the desk, with the codes of docs/chat-protocol.md."""

from __future__ import annotations

from api.problems import ProblemError


class FiguresDifferError(ProblemError):
    """A draft was edited so that a figure is none of its facts'."""

    status = 409
    code = "figures_differ"


class SuggestionNotFoundError(ProblemError):
    """This conversation has no such draft."""

    status = 404
    code = "suggestion_not_found"


class ColleagueNotFoundError(ProblemError):
    """Nobody of that id can hold a conversation."""

    status = 404
    code = "colleague_not_found"


class LettersNeedPeopleError(ProblemError):
    """The bot has no conversations by mail."""

    status = 409
    code = "letters_need_people"


class OriginalNotFoundError(ProblemError):
    """The mailbox does not have the mail, or cannot be reached."""

    status = 404
    code = "original_not_found"
