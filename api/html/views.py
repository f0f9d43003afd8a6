"""Templates and texts of one feature into pages and parts of pages."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel import Locale
from babel.dates import format_date, format_datetime
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.html.desk_links import links_for
from api.html.static_files import static_prefix
from knowledge_base.article import Language

PERCENT_MAX = 99
FRAMES = Path(__file__).parent  # what the pages of several features stand in
WARSAW = ZoneInfo("Europe/Warsaw")


@dataclass(frozen=True)
class Views:
    """A feature's folder with templates/ and texts/; read when first used.

    Pages that stand in another folder's frame name it as `base`: what they lack is looked for there.
    """

    folder: Path
    base: Path | None = None

    def page(
        self, template: str, language: Language, *, status: int = 200, is_private: bool = False, **values: object
    ) -> HTMLResponse:
        """A page or a part of one; a private one carries a person's words and is kept nowhere."""
        headers = {"Vary": "Accept-Language", "Content-Language": language.value}
        if is_private:
            headers["Cache-Control"] = "no-store"
        return HTMLResponse(self.render(template, language, **values), status, headers)

    def render(self, template: str, language: Language, **values: object) -> str:
        """The HTML of a template in a language."""
        return (
            _environment(self.folder, self.base)
            .get_template(template)
            .render(
                t=self.texts(language),
                lang=language.value,
                languages={each.value: self.texts(each)["language_name"] for each in Language},
                static=static_prefix(),
                frame=_texts(FRAMES / "texts" / f"{language.value}.yaml"),
                links_for=links_for,
                **values,
            )
        )

    def texts(self, language: Language) -> dict[str, Any]:
        """All interface texts of a language."""
        name = f"{language.value}.yaml"
        own = _texts(self.folder / "texts" / name)
        return own if self.base is None else _texts(self.base / "texts" / name) | own


@functools.cache
def _texts(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@functools.cache
def _environment(folder: Path, base: Path | None = None) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([each / "templates" for each in (folder, base, FRAMES) if each is not None]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["long_date"] = _long_date
    environment.filters["moment"] = _moment
    environment.filters["percent"] = percent
    environment.filters["language_name"] = language_name
    return environment


def percent(chance: float) -> int:
    """A calibrated chance in percent; never 100, for it is never a certainty."""
    return min(PERCENT_MAX, round(chance * 100))


def language_name(code: str, language: str) -> str:
    """What a language is called in another, e.g. 'angielski'; its code where nobody knows."""
    return str(Locale(language).languages.get(code, code))


def _long_date(value: date | datetime, language: str) -> str:
    return str(format_date(value, "d MMMM y", locale=language))


def _moment(value: datetime, language: str) -> str:
    """Day and time on the clocks of those who work here."""
    return str(format_datetime(value, "d MMMM y, HH:mm", tzinfo=WARSAW, locale=language))
