"""The question as it comes from outside, one shape for HTTP and for JSON Lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from api.text import whole_characters

HISTORY_MAX = 50
MESSAGE_MAX = 120_000  # characters; the bot understands 4,000 of them, but masks and keeps what it is given


Text = Annotated[str, BeforeValidator(whole_characters), Field(max_length=MESSAGE_MAX)]


class QuestionIn(BaseModel):
    """A player's message and, oldest first, the messages before it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Text
    history: Annotated[list[Text], Field(max_length=HISTORY_MAX)] = []


@dataclass(frozen=True)
class Refusal:
    """Why a line is no question."""

    code: str
    detail: str


def question_of_line(raw: bytes) -> QuestionIn | Refusal:
    """The question of a JSON line, or why it is none."""
    try:
        entry = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Refusal("invalid_utf8", f"The line is not UTF-8 (byte {error.start + 1}); send it as UTF-8.")
    except (json.JSONDecodeError, RecursionError) as error:
        return Refusal("invalid_json", f'The line is not JSON ({error}); send {{"text": "..."}}.')
    try:
        return QuestionIn.model_validate(entry)
    except ValidationError as error:
        return Refusal("invalid_question", explain(error))


def explain(error: ValidationError) -> str:
    """All that is wrong, in a sentence."""
    wrong = (f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg']}" for e in error.errors(include_input=False))
    return "; ".join(wrong) + '. Send {"text": "...", "history": ["...", ...]}.'
