"""What an index is made from: everything read once, counted, and embedded in its order."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.screening import Label
from indexer.encoder import Encoder
from indexer.errors import ContentError
from indexer.screen import Message
from indexer.sources import Sources, calibration, embed, ordinary, read_sources
from indexer.vectors import VectorCache
from knowledge_base.labelled import LabelledFileError, Split
from knowledge_base.reading import read_knowledge_base
from tests.small_base import write_small_base

QUESTIONS = [
    {"q": q, "topic": topic, "also": also, "lang": "pl"}
    for q, topic, also in (
        *((f"pytanie {n}", "withdrawal-time", []) for n in range(20)),
        *((f"nic {n}", None, []) for n in range(20)),
        *((f"obce {n}", "no-such-article", []) for n in range(20)),
        *((f"także {n}", "withdrawal-time", ["no-such-article"]) for n in range(20)),
    )
]
JUDGES = [
    {"q": "nie mogę przestać grać", "lang": "pl", "label": "crisis", "kind": "harm"},
    {"q": "umieram z nudów", "lang": "pl", "label": "lookalike"},
]


def silent(_what: str, _done: int, _of: int) -> None:
    """No progress shown."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small base with labelled questions and judging messages."""
    base = write_small_base(tmp_path / "base")
    lines = "\n".join(json.dumps(entry) for entry in QUESTIONS)
    (base / "labelled" / "questions.jsonl").write_text(lines, encoding="utf-8")
    (base / "screening" / "judging").mkdir()
    judging = "\n".join(json.dumps(entry) for entry in JUDGES)
    (base / "screening" / "judging" / "messages.jsonl").write_text(judging, encoding="utf-8")
    return base


def sources_of(folder: Path) -> Sources:
    return read_sources(read_knowledge_base(folder))


def test_everything_is_read_and_counted(folder: Path) -> None:
    sources = sources_of(folder)
    assert sources.counts == {
        "articles": 3, "lines": len(sources.corpus.lines), "labelled": 80, "examples": 60, "judging": 2, "signs": 2,
    }  # fmt: skip
    assert [sign.words[0] for sign in sources.signs] == ["nie", "gambled"]


def test_those_who_judge_the_screen_are_not_among_its_examples(folder: Path) -> None:
    sources = sources_of(folder)
    assert [m.q for m in sources.judging] == [judge["q"] for judge in JUDGES]
    assert [m.label for m in sources.judging] == ["crisis_harm", "lookalike"]
    assert {m.q for m in sources.judging} & {m.q for m in sources.examples} == set()


def test_a_base_with_articles_and_facts_alone_is_enough(folder: Path) -> None:
    shutil.rmtree(folder / "labelled")
    shutil.rmtree(folder / "screening")
    counts = sources_of(folder).counts
    assert [counts[name] for name in ("labelled", "examples", "judging", "signs")] == [0, 0, 0, 0]


def test_each_text_is_embedded_in_its_order_and_only_once(folder: Path, tiny_model: Path, tmp_path: Path) -> None:
    encoder = Encoder(str(tiny_model))
    sources = sources_of(folder)
    vectors = embed(sources, VectorCache(tmp_path, encoder), silent, with_examples=True)
    assert vectors.examples is not None
    sizes = [len(part) for part in (vectors.lines, vectors.labelled, vectors.examples, vectors.judging)]
    assert sizes == [len(sources.corpus.lines), 80, 60, 2]
    assert np.array_equal(vectors.lines, vectors.wide_lines[:, : encoder.dimension])
    alone = np.concatenate(list(encoder.wide_documents([sources.judging[1].q])))
    assert np.allclose(vectors.judging[1:], alone, atol=1e-3)


def test_fitting_sees_the_calibration_half_and_only_what_the_articles_may_answer(
    folder: Path, tiny_model: Path, tmp_path: Path
) -> None:
    sources = sources_of(folder)
    vectors = embed(sources, VectorCache(tmp_path, Encoder(str(tiny_model))), silent, with_examples=False)
    seen = calibration(sources, vectors)
    expected = [q for q in sources.labelled if q.split is Split.CALIBRATION and q.q.startswith(("pytanie", "nic"))]
    assert [q for q, _ in seen] == expected
    assert 0 < len(seen) < 40
    position = [q.q for q in sources.labelled].index(seen[0][0].q)
    assert np.array_equal(seen[0][1], vectors.labelled[position])


def test_an_ordinary_question_is_worded_as_the_screens_examples_are() -> None:
    assert ordinary("ile trwa wypłata", "pl") == Message("ile trwa wypłata", "pl", Label.ORDINARY.value, "")


def test_a_broken_labelled_line_is_named(folder: Path) -> None:
    (folder / "labelled" / "zzz.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises((ContentError, LabelledFileError), match=r"zzz\.jsonl:1"):
        sources_of(folder)
