"""Every reply there is, in both languages; help lines at every hour."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from bot.decision import Reason
from bot.rendering import REPLIES, Replies
from knowledge_base.article import Language
from knowledge_base.facts import Fact
from knowledge_base.published import PublishedText
from knowledge_base.reading import SHIPPED
from knowledge_base.rendering import TemplateProblem
from tests.bot.fakes import shipped_facts

PL, EN = Language.PL, Language.EN
FACTS = shipped_facts()
SMALL_TALK = ("greeting", "thanks", "goodbye", "bot", "ack", "mood")
ESCALATING = [reason for reason in Reason if reason not in {Reason.CONFIDENT, Reason.SMALLTALK}]
EVENING_LINE = str(FACTS["helpline_addiction"].value)
ALWAYS_OPEN = [str(FACTS[name].value) for name in ("helpline_adults", "helpline_support_centre", "emergency_phone")]


def replies(hour: int = 18, minute: int = 0, facts: dict[str, Fact] | None = None) -> Replies:
    now = datetime(2026, 12, 1, hour, minute, tzinfo=UTC)
    return Replies(FACTS if facts is None else facts, lambda: now)


def text(title: str = "Ile trwa wypłata", body: str | None = "Do doby.") -> PublishedText:
    return PublishedText(title, body, (), date(2026, 11, 3), date(2027, 6, 30))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("reason", ESCALATING)
def test_each_reason_has_a_reply_without_a_hole(reason: Reason, language: Language) -> None:
    reply = replies().escalate(reason, language)
    assert len(reply.split()) >= 8
    assert [sign for sign in ("{{", "}}", "{%", "None", "  ") if sign in reply] == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", SMALL_TALK)
def test_each_kind_of_small_talk_has_a_line(kind: str, language: Language) -> None:
    assert len(replies().small_talk(kind, language).split()) >= 5


def test_the_screens_examples_name_only_small_talk_that_has_a_line() -> None:
    lines = [line for path in (SHIPPED / "screening").glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    kinds = {entry["kind"] for entry in map(json.loads, lines) if entry["label"] == "smalltalk"}
    assert kinds == set(SMALL_TALK)


def test_both_languages_have_the_same_replies() -> None:
    names = {language: {path.name for path in (REPLIES / language).glob("*.md")} for language in Language}
    assert names[PL] == names[EN]
    assert len(names[PL]) == len(ESCALATING) + len(SMALL_TALK) + len({"answer", "clarify"})


@pytest.mark.parametrize("language", list(Language))
def test_the_evening_line_is_named_while_it_is_open(language: Language) -> None:
    reply = replies(18).escalate(Reason.CRISIS, language)
    assert EVENING_LINE in reply
    assert "22:00" in reply
    assert EVENING_LINE not in replies(3).escalate(Reason.CRISIS, language)


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"), [(16, 59, False), (17, 0, True), (21, 59, True), (22, 0, False), (0, 0, False)]
)
def test_the_evening_line_opens_and_closes_to_the_minute(hour: int, minute: int, is_open: bool) -> None:
    assert (EVENING_LINE in replies(hour, minute).escalate(Reason.CRISIS, PL)) is is_open


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("hour", range(24))
def test_the_lines_open_day_and_night_are_named_at_any_hour(hour: int, language: Language) -> None:
    reply = replies(hour).escalate(Reason.CRISIS, language)
    assert [line for line in ALWAYS_OPEN if line not in reply] == []


@pytest.mark.parametrize("language", list(Language))
def test_minors_are_given_the_childrens_line(language: Language) -> None:
    assert str(FACTS["helpline_children"].value) in replies(3).escalate(Reason.MINOR, language)


def test_without_known_hours_the_evening_line_is_not_named() -> None:
    facts = {name: fact for name, fact in FACTS.items() if name != "helpline_addiction_hours"}
    assert EVENING_LINE not in replies(18, facts=facts).escalate(Reason.CRISIS, PL)


def test_a_reply_whose_fact_is_missing_is_never_shown_with_a_hole() -> None:
    with pytest.raises(TemplateProblem, match="unknown fact"):
        replies(facts={}).escalate(Reason.LOW_CONFIDENCE, PL)


def test_clarifying_lists_the_titles_and_something_else() -> None:
    assert replies().clarify(["Pierwszy", "Drugi & <trzeci>"], PL).splitlines()[2:] == [
        "- Pierwszy", "- Drugi & <trzeci>", "- coś innego",
    ]  # fmt: skip
    assert replies().clarify(["First"], EN).splitlines()[2:] == ["- First", "- something else"]


def test_an_answer_is_the_body_with_its_source_and_date_in_words() -> None:
    assert replies().answer([text()], PL) == "Do doby.\n\n*Źródło: Ile trwa wypłata, sprawdzone 3 listopada 2026.*"
    assert replies().answer([text("Payouts", "A day.")], EN) == (
        "A day.\n\n*Source: Payouts, reviewed 3 November 2026.*"
    )


def test_links_between_articles_become_plain_words_in_an_answer() -> None:
    body = "Zobacz [limity](article:deposit-limits) i [konto](article:account-2fa)."
    assert replies().answer([text(body=body)], PL).startswith("Zobacz limity i konto.")


def test_a_body_is_shown_as_it_stands_and_never_rendered_again() -> None:
    assert (
        replies()
        .answer([text(body="{{ fact.support_email }} {% if %}")], PL)
        .startswith("{{ fact.support_email }} {% if %}")
    )


def test_two_articles_are_shown_one_after_the_other_each_with_its_source() -> None:
    reply = replies().answer([text("A", "Raz."), text("B", "Dwa.")], PL)
    assert [reply.index(part) for part in ("Raz.", "Źródło: A", "Dwa.", "Źródło: B")] == sorted(
        reply.index(part) for part in ("Raz.", "Źródło: A", "Dwa.", "Źródło: B")
    )
