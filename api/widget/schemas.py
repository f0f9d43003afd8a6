"""What the player's side sends, over HTTP and over the socket."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from api.text import whole_characters
from knowledge_base.article import Language

NUMBER_MAX = 2**31 - 1
TEXT_MAX = 32_000  # what is longer than a message but fits a frame gets the error that says so

Text = Annotated[str, BeforeValidator(whole_characters), Field(max_length=TEXT_MAX)]
ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Number = Annotated[int, Field(ge=0, le=NUMBER_MAX)]
Token = Annotated[str, Field(min_length=1, max_length=200)]


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class StartIn(_In):
    """A new conversation."""

    lang: Annotated[Language, Field(strict=False)] = Language.PL
    previous: Token | None = None


class MessageIn(_In):
    """What the player says; the client id makes a repeat harmless."""

    client_id: ClientId
    text: Text


class FeedbackIn(_In):
    """Did this help?"""

    about: Number
    is_helpful: bool


class ReadIn(_In):
    """Seen up to there."""

    number: Number


class RatingIn(_In):
    """How it was."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Text = ""


class HelloFrame(_In):
    """Which conversation, and after which number to go on."""

    type: Literal["hello"]
    token: Token
    after: Number = 0


class MessageFrame(MessageIn):
    """A message."""

    type: Literal["message"]


class TypingFrame(_In):
    """The player writes, or has stopped."""

    type: Literal["typing"]
    is_typing: bool


class FeedbackFrame(FeedbackIn):
    """Did this help?"""

    type: Literal["feedback"]


class ReadFrame(ReadIn):
    """Seen up to there."""

    type: Literal["read"]


class RatingFrame(RatingIn):
    """How it was."""

    type: Literal["rating"]


class PlainFrame(_In):
    """A frame that says all by its type."""

    type: Literal["person", "end", "ping"]


Frame = HelloFrame | MessageFrame | TypingFrame | FeedbackFrame | ReadFrame | RatingFrame | PlainFrame
FRAME: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])
