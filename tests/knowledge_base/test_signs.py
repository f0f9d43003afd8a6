"""Reviewed phrases: read whole, or refused with the entry named; plain values that an index keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.reading import SHIPPED
from knowledge_base.signs import LEVELS, Sign, SignsFileError, read_signs, signs_from_json, signs_to_json

SOUND = {"phrase": "nie chc* zyc", "lang": "pl", "level": "life", "reason": "Says so outright."}


def written(folder: Path, content: Any) -> Path:
    path = folder / "phrases.yaml"
    text = content if isinstance(content, bytes) else yaml.safe_dump(content, allow_unicode=True).encode("utf-8")
    path.write_bytes(text)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(SignsFileError) as refused:
        read_signs(path)
    assert str(refused.value).startswith(f"{path}: ")
    return str(refused.value).removeprefix(f"{path}: ")


def test_phrases_are_read_in_order_as_words(tmp_path: Path) -> None:
    second = {"phrase": "24h", "lang": "en", "level": "harm", "reason": "Round the clock."}
    assert read_signs(written(tmp_path, [SOUND, second])) == [
        Sign(("nie", "chc*", "zyc"), "pl", "life", "Says so outright."),
        Sign(("24h",), "en", "harm", "Round the clock."),
    ]


def test_a_base_without_the_file_has_no_phrases(tmp_path: Path) -> None:
    assert read_signs(tmp_path / "phrases.yaml") == []
    assert read_signs(written(tmp_path, [])) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "write a list"),
        (b"# nothing but a remark\n", "write a list"),
        (b"phrase: nie chce zyc\n", "write a list"),
        (b"just a line", "write a list"),
        (b"- {phrase: [", "not readable as YAML"),
        (b"- \x00", "not readable as YAML"),
        (b"- \xff\xfe\xfd", "not readable as YAML"),
        (b"- !!python/object/apply:os.system ['true']", "not readable as YAML"),
    ],
)
def test_a_file_that_is_no_list_is_refused_by_its_name(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refusal(written(tmp_path, content))


@pytest.mark.parametrize(
    "entry",
    [
        "nie chc* zyc",
        None,
        7,
        ["nie chc* zyc"],
        {},
        {k: v for k, v in SOUND.items() if k != "reason"},
        SOUND | {"note": "more"},
        {"Phrase": "nie chc* zyc", "lang": "pl", "level": "life", "reason": "r"},
    ],
)
def test_an_entry_with_too_few_or_too_many_keys_is_named_by_its_number(tmp_path: Path, entry: Any) -> None:
    said = refusal(written(tmp_path, [SOUND, SOUND, entry]))
    assert said == "entry 3: needs exactly phrase, lang, level and reason"


@pytest.mark.parametrize(
    "phrase",
    ["Nie chc* zyc", "nie chcę żyć", "nie, chce", "nie  chce", " nie", "nie ", "", "*", "* zyc", "nie*chce", "**",
     "nie**", "don't", "nie\nchce", "\U0001f480", "(a|b)", "a" * 3 + ".*", None, 112, True, ["nie"], {"a": 1}],
)  # fmt: skip
def test_a_phrase_that_is_not_folded_words_is_refused_as_it_stands(tmp_path: Path, phrase: Any) -> None:
    said = refusal(written(tmp_path, [SOUND | {"phrase": phrase}]))
    assert said.startswith("entry 1: ")
    assert "must be folded" in said


@pytest.mark.parametrize("level", ["lift", "third", "LIFE", "", None, 1, ["life"]])
def test_a_phrase_is_of_danger_to_life_or_of_harm_and_nothing_else(tmp_path: Path, level: Any) -> None:
    assert "'level' is life or harm" in refusal(written(tmp_path, [SOUND | {"level": level}]))


@pytest.mark.parametrize("reason", ["", "  ", "\n", None, [], 0])
def test_a_phrase_without_a_reason_is_refused(tmp_path: Path, reason: Any) -> None:
    assert "'reason' says why" in refusal(written(tmp_path, [SOUND | {"reason": reason}]))


def test_phrases_survive_json() -> None:
    signs = [Sign(("nie", "chc*"), "pl", "life", "„Powód” z ogonkiem"), Sign(("a",), "en", "harm", "r")]
    assert signs_from_json(json.loads(json.dumps(signs_to_json(signs)))) == signs
    assert signs_from_json(signs_to_json([])) == []


def test_the_shipped_phrases_are_sound_each_there_once_and_in_both_languages() -> None:
    shipped = read_signs(SHIPPED / "screening" / "phrases.yaml")
    assert len({sign.words for sign in shipped}) == len(shipped) > 100
    assert {sign.language for sign in shipped} == {"pl", "en"}
    assert {sign.level for sign in shipped} == set(LEVELS)
    assert [sign.words for sign in shipped if len(sign.words) == 1 and len(sign.words[0]) < 8] == []
