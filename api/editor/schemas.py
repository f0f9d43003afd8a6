"""What the room's scripts send."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from api.content.limits import BODY_MAX, PHRASING_MAX, PHRASINGS_MAX
from api.editor.forms import ARTICLE_FIELDS, FACT_FIELDS
from api.text import tidy
from knowledge_base.article import Language

FIELD_MAX = max(10 * BODY_MAX, PHRASINGS_MAX * PHRASING_MAX)  # what is too long is kept as well, to be shortened
CHECKED_MAX = 50  # phrasings at once; each is embedded, some 15 ms
Phrasing = Annotated[str, StringConstraints(max_length=PHRASING_MAX)]
Typed = Annotated[str, StringConstraints(max_length=FIELD_MAX)]


class FieldsIn(BaseModel):
    """A form as it stands while somebody types; unknown fields are left out."""

    base: Annotated[int, Field(ge=0, le=2**31 - 1)]
    fields: Annotated[dict[str, Typed], Field(max_length=40)]

    def known(self) -> dict[str, str]:
        """The fields that a form has, cleaned."""
        return {name: tidy(text) for name, text in self.fields.items() if name in {*ARTICLE_FIELDS, *FACT_FIELDS}}


class PhrasingsIn(BaseModel):
    """Phrasings to look at, and all that stand in the form."""

    lang: Language
    checked: Annotated[list[Phrasing], Field(max_length=CHECKED_MAX)]
    everything: Annotated[list[Phrasing], Field(max_length=2 * PHRASINGS_MAX)]
