"""Templates into pages."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

from babel.dates import format_date
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages.static_files import static_prefix
from api.pages.texts import texts
from knowledge_base.article import Language

TEMPLATES = Path(__file__).parent / "templates"


def page(
    template: str, language: Language, *, status: int = 200, is_private: bool = False, **values: object
) -> HTMLResponse:
    """A page or a part of one; a private one carries a player's words and is kept nowhere."""
    html = (
        _environment()
        .get_template(template)
        .render(
            t=texts(language),
            lang=language.value,
            languages={each.value: texts(each)["language_name"] for each in Language},
            static=static_prefix(),
            **values,
        )
    )
    headers = {"Vary": "Accept-Language", "Content-Language": language.value}
    if is_private:
        headers["Cache-Control"] = "no-store"
    return HTMLResponse(html, status, headers)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["long_date"] = _long_date
    return environment


def _long_date(value: date, language: str) -> str:
    return str(format_date(value, "d MMMM y", locale=language))
