"""Merging and comparing, worked by hand."""

from __future__ import annotations

from api.content.differences import Kind, differences, words_changed
from api.content.merging import merge

BASE = {"title": "A", "body": "B", "pl.phrasings": "one\ntwo\nthree"}


def test_what_only_one_has_changed_is_taken_from_that_one() -> None:
    merged = merge(BASE, BASE | {"title": "mine"}, BASE | {"body": "theirs"})
    assert merged.fields == BASE | {"title": "mine", "body": "theirs"}
    assert merged.theirs == {}


def test_where_both_changed_one_field_mine_stands_and_theirs_is_kept_beside() -> None:
    merged = merge(BASE, BASE | {"title": "mine"}, BASE | {"title": "theirs"})
    assert merged.fields["title"] == "mine"
    assert merged.theirs == {"title": "theirs"}


def test_the_same_change_by_both_is_no_conflict() -> None:
    assert merge(BASE, BASE | {"title": "X"}, BASE | {"title": "X"}).theirs == {}


def test_lists_are_merged_line_by_line() -> None:
    mine, theirs = "one\nthree\nmine", "zero\none\ntwo\nthree\nmine"
    merged = merge(BASE, BASE | {"pl.phrasings": mine}, BASE | {"pl.phrasings": theirs})
    assert merged.fields["pl.phrasings"] == "zero\none\nthree\nmine"
    assert merged.theirs == {}


def test_words_are_compared_and_put_together_again() -> None:
    pieces = words_changed("a wypłata trwa dzień", "a wypłata trwa dwa dni")
    assert "".join(p.text for p in pieces if p.kind is not Kind.ADDED) == "a wypłata trwa dzień"
    assert "".join(p.text for p in pieces if p.kind is not Kind.REMOVED) == "a wypłata trwa dwa dni"
    assert pieces[0].text == "a wypłata trwa "


def test_only_fields_that_differ_are_shown_and_lists_by_line() -> None:
    (found,) = differences(BASE, BASE | {"pl.phrasings": "one\nthree\nfour"})
    assert found.field == "pl.phrasings"
    assert [(p.kind, p.text) for p in found.pieces] == [
        (Kind.SAME, "one\n"), (Kind.REMOVED, "two\n"), (Kind.SAME, "three\n"), (Kind.ADDED, "four\n")
    ]  # fmt: skip


def test_very_long_texts_are_compared_by_lines() -> None:
    old = "\n".join(f"line {n}" for n in range(2_000))
    pieces = words_changed(old, old.replace("line 1000\n", "other\n"))
    assert [p.text for p in pieces if p.kind is not Kind.SAME] == ["line 1000\n", "other\n"]
