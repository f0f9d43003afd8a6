"""A message on its way: cut into pieces that can be screened, and the language it is answered in."""

from __future__ import annotations

import pytest

from bot.masking import mask
from bot.question import CHARACTERS_MAX, OVERLAP, Question, pieces
from bot.screening import Verdict
from knowledge_base.article import Language


@pytest.mark.parametrize("length", [0, 1, OVERLAP, CHARACTERS_MAX - 1, CHARACTERS_MAX])
def test_a_text_of_usual_length_is_one_piece(length: int) -> None:
    text = "x" * length
    assert list(pieces(text)) == [text]


@pytest.mark.parametrize("length", [CHARACTERS_MAX + 1, 7_599, 7_600, 7_601, 7_800, 7_801, 40_000])
def test_a_longer_text_is_covered_by_pieces_none_of_which_is_too_long(length: int) -> None:
    text = "".join(chr(0x4E00 + n % 9_973) for n in range(length))
    cut = list(pieces(text))
    assert max(map(len, cut)) <= CHARACTERS_MAX
    assert cut[0] == text[:CHARACTERS_MAX]
    joined = cut[0] + "".join(piece[OVERLAP:] for piece in cut[1:])
    assert joined == text


@pytest.mark.parametrize("start", range(3_700, 4_100, 7))
def test_a_phrase_at_a_border_stands_whole_in_one_of_the_pieces(start: int) -> None:
    phrase = "y" * OVERLAP
    text = "x" * start + phrase + "x" * 9_000
    assert any(phrase in piece for piece in pieces(text))


@pytest.mark.parametrize(
    ("language", "reply"), [("pl", "pl"), ("en", "en"), ("und", "pl"), ("de", "en"), ("uk", "en"), ("cs", "en")]
)
def test_a_reply_is_in_the_players_language_in_english_for_a_foreign_one_and_in_polish_where_none_can_be_told(
    language: str, reply: str
) -> None:
    question = Question(mask("x"), "x", language, (), {}, Verdict(), was_harm_shown=False, was_told_to_hide=False)
    assert question.reply_language is Language(reply)
    assert question.text == "x"
