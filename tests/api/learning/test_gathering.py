"""Which questions of a conversation found no good answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from api.conversations.values import Author, Event, Kind
from api.learning.gathering import Sent, found_in
from api.learning.values import Source

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


def events(*happened: tuple[Kind, Author, dict[str, Any]]) -> list[Event]:
    return [Event("c", number, kind, author, AT, payload) for number, (kind, author, payload) in enumerate(happened, 1)]


def player(text: str) -> tuple[Kind, Author, dict[str, Any]]:
    return Kind.MESSAGE, Author.PLAYER, {"text": text}


def bot(answers: int, action: str, *articles: str) -> tuple[Kind, Author, dict[str, Any]]:
    sources = [{"id": each} for each in articles]
    decision = {"candidates": [{"id": "near"}]}
    said = {"text": "-", "action": action, "answers": answers, "sources": sources, "language": "en"}
    return Kind.MESSAGE, Author.BOT, said | {"decision": decision}


def escalated(reason: str) -> tuple[Kind, Author, dict[str, Any]]:
    return Kind.ESCALATED, Author.SYSTEM, {"reason": reason}


def test_what_no_article_answers_is_one_question_of_all_that_was_said_in_the_turn() -> None:
    happened = events(player("a"), bot(1, "answer", "x"), player("czy macie"), player("krykieta"),
                      bot(4, "escalate"), escalated("low_confidence"))  # fmt: skip
    (found,) = found_in("pl", happened, {})

    assert (found.source, found.text, found.lang, found.number) == (Source.ESCALATED, "czy macie\nkrykieta", "en", 6)
    assert found.articles == ["near"]


def test_who_wants_a_person_complains_or_is_in_need_is_no_gap() -> None:
    for reason in ("human_requested", "complaint", "crisis", "account_specific", "minor", "fraud", "bot_failed"):
        assert list(found_in("pl", events(player("a"), bot(1, "escalate"), escalated(reason)), {})) == []
    assert list(found_in("pl", events(escalated("low_confidence")), {})) == []


def test_an_answer_that_did_not_help_is_kept_with_its_article_and_one_that_helped_is_not() -> None:
    happened = [player("ile"), bot(1, "answer", "x")]
    down = (Kind.FEEDBACK, Author.PLAYER, {"about": 2, "is_helpful": False})
    up = (Kind.FEEDBACK, Author.PLAYER, {"about": 2, "is_helpful": True})
    (found,) = found_in("pl", events(*happened, down), {})

    assert (found.source, found.text, found.articles) == (Source.UNHELPFUL, "ile", ["x"])
    assert list(found_in("pl", events(*happened, up), {})) == []


def test_a_draft_of_another_article_than_the_bots_says_that_the_bot_was_wrong() -> None:
    happened = events(player("ile"), bot(1, "answer", "x"), player("nie o to"), escalated("human_requested"),
                      (Kind.SUGGESTION_EDITED, Author.CONSULTANT, {"suggestion_id": 7}))  # fmt: skip
    found = list(found_in("pl", happened, {7: Sent(3, "y")}))

    assert [(each.source, each.text, each.answered_with) for each in found] == [
        (Source.ACCEPTED, "nie o to", "y"), (Source.ANSWERED_OTHERWISE, "ile", "y"),
    ]  # fmt: skip
    same = list(found_in("pl", happened, {7: Sent(3, "x")}))
    assert [each.source for each in same] == [Source.ACCEPTED]
    assert list(found_in("pl", happened, {})) == []
