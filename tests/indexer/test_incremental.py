"""A build that keeps what was fitted, held against one that fits everything; and when it may not keep it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build import BuildOptions, Made, Workshop
from indexer.encoder import Encoder
from indexer.incremental import Changes, fit_record, why_full
from indexer.rehearsal import Memory, rehearse
from knowledge_base.article import Language
from knowledge_base.labelled import Split, read_labelled
from knowledge_base.reading import KnowledgeBase, read_knowledge_base
from tests.many_articles import own_words, write_many


def silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return read_knowledge_base(write_many(tmp_path_factory.mktemp("many") / "kb"))


@pytest.fixture(scope="module")
def workshop(base: KnowledgeBase, tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """One that has published the base."""
    made = Workshop(Encoder(str(tiny_model)), BuildOptions(tmp_path_factory.mktemp("home"), 0.05))
    first = made.make(base, silent)
    made.start_from(first, made.write(first, is_current=True))
    return made


def with_phrasing(base: KnowledgeBase, article_id: str, phrasing: str) -> KnowledgeBase:
    article = base.articles[article_id]
    text = article.texts[Language.PL]
    texts = {**article.texts, Language.PL: replace(text, phrasings=(*text.phrasings, phrasing))}
    return replace(base, articles={**base.articles, article_id: replace(article, texts=texts)})


def outcomes(made: Made) -> dict[str, tuple[str, tuple[str, ...]]]:
    asked = made.memory.asked
    return {q.q: (a.outcome.decision.action.value, a.outcome.decision.articles) for q, a in asked.items()}


def test_a_changed_article_is_found_and_nearly_everything_else_stays(workshop: Workshop, base: KnowledgeBase) -> None:
    changed = with_phrasing(base, "a-5", "całkiem świeże zdanie")
    quick = workshop.make(changed, silent)
    assert quick.manifest.fit["mode"] == "incremental"
    assert quick.manifest.fit["changed_since"] == ["a-5"]
    assert quick.index.fitted is workshop.former.index.fitted  # type: ignore[union-attr]
    full = workshop.make(changed, silent, is_full=True)
    assert full.manifest.fit["mode"] == "full"
    same = sum(outcomes(quick)[q] == found for q, found in outcomes(full).items())
    assert same >= 0.95 * len(outcomes(full))
    line = quick.index.views.corpus.lines
    assert any(each.text == "całkiem świeże zdanie" for each in line)


def test_what_was_carried_over_is_what_asking_again_gives(workshop: Workshop, base: KnowledgeBase) -> None:
    quick = workshop.make(with_phrasing(base, "a-6", " ".join(own_words(9))), silent)
    questions = [q for q in read_labelled(sorted((base.folder / "labelled").glob("*"))) if q.split is Split.TEST]
    anew = rehearse(quick.index, questions, workshop.vectors, Memory(), silent)
    for question in questions:
        known, again = quick.memory.asked[question].outcome.decision, anew.asked[question].outcome.decision
        assert (known.action, known.articles) == (again.action, again.articles)
        assert known.confidence == pytest.approx(again.confidence, abs=0.02)


def test_an_article_that_was_taken_away_is_found_no_more(workshop: Workshop, base: KnowledgeBase) -> None:
    left = {article_id: article for article_id, article in base.articles.items() if article_id != "a-9"}
    made = workshop.make(replace(base, articles=left), silent)
    assert made.manifest.fit["mode"] == "incremental"
    assert "a-9" not in made.index.views.corpus.ids
    for asked in made.memory.asked.values():
        assert all(candidate.id != "a-9" for candidate in asked.outcome.decision.candidates)
    assert made.gate is not None
    assert {each.expected for each in made.gate.changed} == {("a-9",)}


def test_too_many_changes_other_inputs_or_nothing_to_start_from_mean_a_full_fit(workshop: Workshop) -> None:
    former = workshop.former
    assert former is not None
    record = fit_record(former.manifest)
    assert record is not None
    few, many = Changes(frozenset({"a-1"}), frozenset()), Changes(frozenset(f"a-{i}" for i in range(9)), frozenset())
    assert why_full(former, few, record.inputs, 100) == ""
    assert "9.0% of the articles changed" in why_full(former, many, record.inputs, 100)
    assert "a setting changed" in why_full(former, few, "other", 100)
    assert "no index" in why_full(None, few, record.inputs, 100)
    unknown = replace(former, manifest=replace(former.manifest, fit={}))
    assert "does not say" in why_full(unknown, few, record.inputs, 100)
