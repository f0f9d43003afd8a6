"""Published articles: facts filled in, plain values that survive JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge_base.article import Language, RiskClass
from knowledge_base.published import from_json, publish, to_json
from knowledge_base.reading import read_knowledge_base
from tests.knowledge_base.samples import write_article, write_sound_base


def test_publishing_fills_in_the_facts(tmp_path: Path) -> None:
    published = publish(read_knowledge_base(write_sound_base(tmp_path / "kb")))
    first = {language: (text.body or "").split(".")[0] for language, text in published["payout-time"].texts.items()}
    assert first == {
        Language.PL: "Wypłata trwa do 24\N{NO-BREAK SPACE}godzin",
        Language.EN: "A withdrawal takes 24\N{NO-BREAK SPACE}hours",
    }


def test_an_article_whose_fact_is_missing_has_no_body_in_that_language_only(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    write_article(folder, "payout-time", "pl", body="Trwa {{ fact.nothing }}.")
    texts = publish(read_knowledge_base(folder))["payout-time"].texts
    assert texts[Language.PL].body is None
    assert texts[Language.EN].body is not None


def test_published_articles_survive_json(tmp_path: Path) -> None:
    folder = write_sound_base(tmp_path / "kb")
    write_article(folder, "limits", "en", body="It takes {{ fact.nothing }}.", risk="human", related="[payout-time]")
    published = publish(read_knowledge_base(folder))
    entries = json.loads(json.dumps(to_json(published.values())))
    assert from_json(entries) == published
    assert [entry["id"] for entry in entries] == list(published) == ["limits", "payout-time"]
    assert published["limits"].risk is RiskClass.HUMAN


@pytest.mark.parametrize("key", ["id", "category", "risk", "related", "texts"])
def test_an_entry_that_is_not_whole_is_refused(tmp_path: Path, key: str) -> None:
    (entry,) = to_json(publish(read_knowledge_base(write_sound_base(tmp_path / "kb"))).values())
    del entry[key]
    with pytest.raises(KeyError, match=key):
        from_json([entry])


@pytest.mark.parametrize(("key", "value", "said"), [("risk", "bold", "bold"), ("texts", {"de": {}}, "de")])
def test_an_entry_with_an_unknown_choice_is_refused(tmp_path: Path, key: str, value: object, said: str) -> None:
    (entry,) = to_json(publish(read_knowledge_base(write_sound_base(tmp_path / "kb"))).values())
    with pytest.raises((ValueError, KeyError), match=said):
        from_json([entry | {key: value}])
