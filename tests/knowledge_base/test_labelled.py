"""Labelled questions: read whole or refused by line, and split once for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.labelled import LabelledFileError, LabelledQuestion, Split, read_labelled
from knowledge_base.reading import SHIPPED


def question(q: str, topic: str | None = "a", also: tuple[str, ...] = ()) -> LabelledQuestion:
    return LabelledQuestion(q, topic, also, "pl", "plain")


def written(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "questions.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode("utf-8") for line in lines))
    return path


def test_the_split_is_decided_by_the_text_alone_for_ever() -> None:
    # SHA-256 of "abc" begins ba (even), of "" e3 (odd), both from the standard's test vectors
    assert question("abc").split is Split.CALIBRATION
    assert question("").split is Split.TEST
    assert {question("abc", topic, also).split for topic in ("a", None) for also in ((), ("b",))} == {Split.CALIBRATION}


def test_a_text_that_no_file_can_hold_still_has_a_split() -> None:
    assert question("\ud800").split is question("\ud800").split


def test_the_split_halves_the_shipped_questions() -> None:
    questions = read_labelled(sorted((SHIPPED / "labelled").glob("*.jsonl")))
    share = sum(q.split is Split.TEST for q in questions) / len(questions)
    assert len(questions) > 1_000
    assert 0.45 < share < 0.55


def test_questions_are_read_in_order_from_all_files(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '{"q": "Jak?", "topic": "how", "also": ["why"], "lang": "pl", "style": "short"}',
        "",
        '{"q": "pogoda", "topic": null}',
    )
    assert read_labelled([path, path]) == 2 * [
        LabelledQuestion("Jak?", "how", ("why",), "pl", "short"),
        LabelledQuestion("pogoda", None, (), "und", "any"),
    ]


def test_the_accepted_articles_are_the_topic_and_its_equals() -> None:
    assert question("q", "a", ("b", "c")).accepted == {"a", "b", "c"}
    assert question("q", None).accepted == frozenset()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        (b'{"q": "\xff", "topic": "a"}', "not JSON"),
        ('["q"]', "needs"),
        ('{"topic": "a"}', "needs"),
        ('{"q": 1, "topic": "a"}', "needs"),
        ('{"q": "Jak?"}', "needs"),
        ('{"q": "Jak?", "topic": 1}', "'topic' is an id or null"),
        ('{"q": "Jak?", "topic": "a", "also": "b"}', "'also' a list of ids"),
        ('{"q": "Jak?", "topic": "a", "also": [1]}', "'also' a list of ids"),
    ],
)
def test_a_line_that_is_no_question_is_named_by_file_and_number(tmp_path: Path, line: str | bytes, said: str) -> None:
    path = written(tmp_path, '{"q": "Jak?", "topic": "a"}', "", line)
    with pytest.raises(LabelledFileError) as refusal:
        read_labelled([path])
    assert str(refusal.value).startswith(f"{path}:3: ")
    assert said in str(refusal.value)


def test_odd_line_separators_inside_a_question_end_no_line(tmp_path: Path) -> None:
    path = written(tmp_path, '{"q": "a\u2028b\x85c", "topic": null}\r', '{"q": "d", "topic": null}\r')
    assert [q.q for q in read_labelled([path])] == ["a\u2028b\x85c", "d"]
