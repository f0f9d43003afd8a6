"""What can go wrong with a translation, with the codes of docs/chat-protocol.md."""

from __future__ import annotations

from api.problems import ProblemError


class NoTranslatorError(ProblemError):
    """None is set up."""

    status = 409
    code = "no_translator"


class TranslationUnavailableError(ProblemError):
    """None came in time; the original stands."""

    status = 503
    code = "translation_failed"
