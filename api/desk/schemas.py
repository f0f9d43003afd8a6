"""What the desk sends, over HTTP and over its socket."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from api.conversations.values import Outcome
from api.suggestions.values import Dismissal
from api.text import tidy, whole_characters

NUMBER_MAX = 2**31 - 1
TEXT_MAX = 10_000
NOTE_MAX = 4_000
SUBJECT_MAX = 250
TAG_MAX = 40
TAGS_MAX = 10


def _visible(text: str) -> str:
    tidied = tidy(text)
    if not tidied:
        raise ValueError("nothing but spaces")
    return tidied


Words = Annotated[str, BeforeValidator(whole_characters), AfterValidator(_visible)]
OneLine = Annotated[Words, AfterValidator(lambda text: " ".join(text.split()))]
Number = Annotated[int, Field(ge=0, le=NUMBER_MAX)]
Id = Annotated[str, Field(max_length=24)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class MessageIn(_In):
    """A consultant's message, perhaps made from a draft."""

    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    text: Annotated[Words, Field(max_length=TEXT_MAX)]
    suggestion_id: Number | None = None
    is_figure_change_meant: bool = False
    closes: Annotated[Outcome | None, Field(strict=False)] = None  # said and finished in one step
    subject: Annotated[OneLine, Field(max_length=SUBJECT_MAX)] | None = None  # of a letter
    written_in: LanguageCode | None = None  # where it is not what the player reads, it is translated


class TranslationIn(_In):
    """Read and answer through a translation, or no longer."""

    is_on: bool
    desk_language: LanguageCode
    player_language: LanguageCode | None = None  # as it is found, if not given


class PreviewIn(_In):
    """What is being typed, and in which language."""

    text: Annotated[str, BeforeValidator(whole_characters), Field(max_length=TEXT_MAX)]
    written_in: LanguageCode


class TranslateIn(_In):
    """A message that shall be translated (again), into which language."""

    number: Number
    language: LanguageCode


class FiguresIn(_In):
    """An edited draft, to be looked at before it is sent."""

    text: Annotated[str, BeforeValidator(whole_characters), Field(max_length=TEXT_MAX)]
    suggestion_id: Number


class NoteIn(_In):
    """What no player ever sees."""

    text: Annotated[Words, Field(max_length=NOTE_MAX)]


class TagsIn(_In):
    """All tags of the conversation."""

    tags: Annotated[list[Annotated[Words, Field(max_length=TAG_MAX)]], Field(max_length=TAGS_MAX)]


class ReadIn(_In):
    """Seen up to there."""

    number: Number


class TransferIn(_In):
    """To whom."""

    to: Number


class CloseIn(_In):
    """How it ended."""

    outcome: Annotated[Outcome, Field(strict=False)]


class DismissIn(_In):
    """Why the draft was of no use."""

    reason: Annotated[Dismissal, Field(strict=False)]


class LookFrame(_In):
    """Which conversation is open in this window."""

    type: Literal["look"]
    conversation: Id | None
    after: Number | None = None


class TypingFrame(_In):
    """The consultant writes, or has stopped."""

    type: Literal["typing"]
    conversation: Id
    is_typing: bool


class PingFrame(_In):
    """Are you there?"""

    type: Literal["ping"]


Frame = LookFrame | TypingFrame | PingFrame
FRAME: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])
