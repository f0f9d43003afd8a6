"""An article and a fact as form fields, there and back; every field is a text, as it was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.datastructures import FormData

from api.content.values import ArticleContent, Contents, FactContent, TextContent
from api.problems import ProblemError
from api.text import tidy
from knowledge_base.article import Language, RiskClass
from knowledge_base.formatting import INFLECTED_UNITS, PLAIN_UNITS

SHARED = ("category", "risk", "owner", "related")
EACH = ("title", "body", "phrasings", "reviewed", "review_by")
ARTICLE_FIELDS = (*SHARED, *(f"{language.value}.{name}" for language in Language for name in EACH))
FACT_FIELDS = ("unit", "value", "value.pl", "value.en", "value.high", "source", "checked", "shape")
UNITS = (*sorted(PLAIN_UNITS), *sorted(INFLECTED_UNITS))
NUMBER_UNITS = frozenset({*INFLECTED_UNITS, "pln", "percent", "multiplier", "count", "megabyte"})
REVIEW_AFTER = timedelta(days=182)  # half a year, as in the shipped articles
_SEPARATORS = re.compile(r"[\s,]+")

Fields = Mapping[str, str]


class BadFieldsError(ProblemError):
    """Fields that cannot be read; `fields` says which and why, by code."""

    status = 422
    code = "bad_fields"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(f"Look at: {', '.join(fields)}.", fields=dict(fields))
        self.fields = fields


def fields_of_form(form: FormData, names: tuple[str, ...]) -> dict[str, str]:
    """The named fields as typed, cleaned of what no database takes; missing ones are empty."""
    return {name: tidy(str(form.get(name, ""))) for name in names}


def article_fields(content: ArticleContent) -> dict[str, str]:
    """A form that shows the article."""
    fields = {
        "category": content.category, "risk": content.risk.value, "owner": content.owner,
        "related": ", ".join(content.related),
    }  # fmt: skip
    for language in Language:
        text = content.texts.get(language)
        fields |= {
            f"{language.value}.title": text.title if text else "",
            f"{language.value}.body": text.body if text else "",
            f"{language.value}.phrasings": "\n".join(text.phrasings) if text else "",
            f"{language.value}.reviewed": text.reviewed.isoformat() if text else "",
            f"{language.value}.review_by": text.review_by.isoformat() if text else "",
        }
    return fields


def article_of_fields(fields: Fields, today: date) -> ArticleContent:
    """The article a form holds; BadFieldsError names what cannot be read. Empty dates are filled in from today."""
    wrong: dict[str, str] = {}
    if fields["risk"] not in set(RiskClass):
        wrong["risk"] = "risk"
    texts = {}
    for language in Language:
        own = {name: fields.get(f"{language.value}.{name}", "") for name in EACH}
        if not (own["title"] or own["body"] or own["phrasings"]):
            continue  # not written in this language yet
        dates = {}
        for name, otherwise in (("reviewed", today), ("review_by", today + REVIEW_AFTER)):
            try:
                dates[name] = date.fromisoformat(own[name]) if own[name] else otherwise
            except ValueError:
                wrong[f"{language.value}.{name}"] = "date"
        if len(dates) == 2:
            texts[language] = TextContent(one_line(own["title"]), own["body"], lines(own["phrasings"]), **dates)
    if not texts and not wrong:
        wrong["pl.title"] = "empty"
    if wrong:
        raise BadFieldsError(wrong)
    related = tuple(each for each in dict.fromkeys(_SEPARATORS.split(fields["related"])) if each)
    return ArticleContent(
        one_line(fields["category"]), RiskClass(fields["risk"]), one_line(fields["owner"]), related, texts
    )


def fact_fields(content: FactContent) -> dict[str, str]:
    """A form that shows the fact."""
    fields = dict.fromkeys(FACT_FIELDS, "") | {
        "unit": content.unit, "source": content.source, "checked": content.checked.isoformat(), "shape": "one",
    }  # fmt: skip
    match content.value:
        case dict():
            fields |= {"shape": "languages", **{f"value.{k}": _typed(v) for k, v in content.value.items()}}
        case list():
            fields |= {"shape": "range", "value": _typed(content.value[0]), "value.high": _typed(content.value[1])}
        case _:
            fields["value"] = _typed(content.value)
    return fields


def fact_of_fields(fields: Fields) -> FactContent:
    """The fact a form holds; BadFieldsError names what cannot be read."""
    wrong: dict[str, str] = {}
    unit = fields["unit"]

    def read(name: str) -> Any:
        try:
            return _value(one_line(fields[name]), unit)
        except ValueError:
            wrong[name] = "number" if unit in NUMBER_UNITS else "date" if unit == "date" else "empty"
            return None

    if unit not in UNITS:
        wrong["unit"] = "unit"
    match fields["shape"]:
        case "languages":
            value: Any = {language.value: read(f"value.{language.value}") for language in Language}
        case "range":
            value = [read("value"), read("value.high")]
        case _:
            value = read("value")
    try:
        checked = date.fromisoformat(fields["checked"])
    except ValueError:
        checked = date.min
        wrong["checked"] = "date"
    if not fields["source"]:
        wrong["source"] = "empty"
    if wrong:
        raise BadFieldsError(wrong)
    return FactContent(value, unit, one_line(fields["source"]), checked)


def fields_of(content: Contents) -> dict[str, str]:
    """A form that shows either."""
    return fact_fields(content) if isinstance(content, FactContent) else article_fields(content)


def one_line(text: str) -> str:
    """Without line breaks."""
    return " ".join(text.split("\n")).strip()


def lines(text: str) -> tuple[str, ...]:
    """The lines that hold something, none twice."""
    return tuple(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip()))


def _value(text: str, unit: str) -> Any:
    """A number, a date or a text, by the unit; ValueError for what is none."""
    if not text:
        raise ValueError("empty")
    if unit == "date":
        return date.fromisoformat(text)
    if unit not in NUMBER_UNITS:
        return text
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
    if not re.fullmatch(r"-?\d{1,15}(?:\.\d{1,6})?", plain):
        raise ValueError("no number")
    return float(plain) if "." in plain else int(plain)


def _typed(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
