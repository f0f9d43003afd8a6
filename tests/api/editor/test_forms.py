"""Fields as typed, there and back."""

from __future__ import annotations

from datetime import date

import pytest

from api.content.assembling import contents_of
from api.content.values import EntryKind, FactContent
from api.editor.forms import BadFieldsError, article_of_fields, fact_fields, fact_of_fields, fields_of
from api.editor.similarity import are_all_formal
from knowledge_base.article import Language
from knowledge_base.reading import SHIPPED, read_knowledge_base

TODAY = date(2026, 11, 26)
FACT = FactContent(24, "hour", "terms", TODAY)


def test_every_shipped_article_and_fact_comes_back_from_its_form_as_it_was() -> None:
    for key, content in contents_of(read_knowledge_base(SHIPPED)).items():
        fields = fields_of(content)
        again = article_of_fields(fields, TODAY) if key.kind is EntryKind.ARTICLE else fact_of_fields(fields)
        assert again == content, key


@pytest.mark.parametrize(
    ("typed", "value"), [("1 000", 1000), ("2,50", 2.5), ("1\N{NO-BREAK SPACE}000,5", 1000.5), ("-3", -3)]
)
def test_numbers_are_read_as_people_write_them(typed: str, value: float) -> None:
    assert fact_of_fields(fact_fields(FACT) | {"unit": "pln", "value": typed}).value == value


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"value": "jutro"}, {"value": "number"}),
        ({"value": "1e999"}, {"value": "number"}),
        ({"unit": "parsec"}, {"unit": "unit"}),
        ({"unit": "text", "value": ""}, {"value": "empty"}),
        ({"shape": "languages", "unit": "text"}, {"value.pl": "empty", "value.en": "empty"}),
        ({"checked": "1.1."}, {"checked": "date"}),
        ({"source": ""}, {"source": "empty"}),
    ],
)
def test_what_cannot_be_read_is_named(changed: dict[str, str], wrong: dict[str, str]) -> None:
    with pytest.raises(BadFieldsError) as refusal:
        fact_of_fields(fact_fields(FACT) | changed)
    assert refusal.value.fields == wrong


def test_only_formal_phrasings_are_noticed() -> None:
    formal = [
        "Proszę o informację o wypłacie.",
        "Kiedy otrzymam środki?",
        "Czy mogliby Państwo pomóc?",
        "Uprzejmie pytam o termin.",
    ]
    assert are_all_formal(formal, Language.PL)
    assert not are_all_formal([*formal, "hajs kiedy", "gdzie kasa"], Language.PL)
    assert not are_all_formal(formal[:2], Language.PL)
