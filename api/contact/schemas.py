"""What the form and the widget send."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.mail.forms import FORM_MAX
from api.text import whole_characters
from knowledge_base.article import Language

EMAIL_MAX = 320

Text = Annotated[str, BeforeValidator(whole_characters), Field(max_length=2 * FORM_MAX)]
Short = Annotated[str, BeforeValidator(whole_characters), Field(max_length=EMAIL_MAX)]


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class MessageIn(_In):
    """The form; the client id makes a repeat harmless."""

    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    email: Short
    name: Short = ""
    subject: Short = ""
    text: Text
    lang: Annotated[Language, Field(strict=False)] = Language.PL


class TranscriptIn(_In):
    """Where to."""

    email: Short
    lang: Annotated[Language, Field(strict=False)] = Language.PL
