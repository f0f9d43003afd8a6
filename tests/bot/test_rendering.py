"""Every reply there is, in both languages; help lines at every hour."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
import yaml

from bot.decision import Level, Reason
from bot.rendering import REPLIES, Replies
from knowledge_base.article import Language
from knowledge_base.facts import Fact
from knowledge_base.promotion import PROMOTION
from knowledge_base.published import PublishedText
from knowledge_base.reading import SHIPPED
from knowledge_base.rendering import TemplateProblem
from tests.bot.fakes import shipped_facts

PL, EN = Language.PL, Language.EN
FACTS = shipped_facts()
SMALL_TALK = ("greeting", "thanks", "goodbye", "bot", "ack", "mood")
SAID_OTHERWISE = {Reason.CONFIDENT, Reason.SMALLTALK, Reason.CRISIS, Reason.PARTLY, Reason.UNSUPPORTED_LANGUAGE}
ESCALATING = [reason for reason in Reason if reason not in SAID_OTHERWISE]
PARTS = {"answer", "clarify", "meanwhile", "partly", "privacy", "privacy_secret"}
EVENING_LINE = str(FACTS["helpline_addiction"].value)
ALWAYS_OPEN = [str(FACTS[name].value) for name in ("helpline_adults", "helpline_support_centre", "emergency_phone")]


def replies(hour: int = 18, minute: int = 0, facts: dict[str, Fact] | None = None) -> Replies:
    now = datetime(2026, 12, 1, hour, minute, tzinfo=UTC)
    return Replies(FACTS if facts is None else facts, lambda: now)


def crisis(
    level: Level | None, language: Language = PL, *, hour: int = 18, minute: int = 0, again: bool = False
) -> str:
    return replies(hour, minute).crisis(level, language, is_again=again)


def holes(reply: str) -> list[str]:
    return [sign for sign in ("{{", "}}", "{%", "None", "  ") if sign in reply]


def text(title: str = "Ile trwa wypłata", body: str | None = "Do doby.") -> PublishedText:
    return PublishedText(title, body, (), date(2026, 11, 3), date(2027, 6, 30))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("reason", ESCALATING)
def test_each_reason_has_a_reply_without_a_hole(reason: Reason, language: Language) -> None:
    reply = replies().escalate(reason, language)
    assert len(reply.split()) >= 8
    assert holes(reply) == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", SMALL_TALK)
def test_each_kind_of_small_talk_has_a_line(kind: str, language: Language) -> None:
    assert len(replies().small_talk(kind, language).split()) >= 5


def test_the_screens_examples_name_only_small_talk_that_has_a_line() -> None:
    lines = [line for path in (SHIPPED / "screening").glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    kinds = {entry["kind"] for entry in map(json.loads, lines) if entry["label"] == "smalltalk"}
    assert kinds == set(SMALL_TALK)


def test_both_languages_have_the_same_replies_but_for_the_courtesy_in_english() -> None:
    names = {language: {path.stem for path in (REPLIES / language).glob("*.md")} for language in Language}
    crises = {f"crisis_{level.value}{again}" for level in Level for again in ("", "_again")}
    small_talk = {f"smalltalk_{kind}" for kind in SMALL_TALK}
    assert names[PL] == {reason.value for reason in ESCALATING} | PARTS | crises | small_talk
    assert names[EN] == names[PL] | {"unsupported_language"}


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("level", list(Level))
def test_each_crisis_has_its_own_reply_without_a_hole(level: Level, language: Language, again: bool) -> None:
    reply = crisis(level, language, again=again)
    assert len(reply.split()) >= 30
    assert holes(reply) == []
    others = {crisis(other, language, again=again) for other in Level if other is not level}
    assert reply not in others


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("level", list(Level))
def test_what_was_said_in_a_crisis_is_not_repeated_word_for_word(level: Level, language: Language) -> None:
    first, second = (crisis(level, language, again=again).splitlines() for again in (False, True))
    said_twice = {line for line in set(first) & set(second) if line and not line.startswith("- ")}
    assert said_twice == set()


@pytest.mark.parametrize("language", list(Language))
def test_a_crisis_of_unknown_kind_is_heard_as_harm(language: Language) -> None:
    assert crisis(None, language) == crisis(Level.HARM, language)
    assert crisis(None, language, again=True) == crisis(Level.HARM, language, again=True)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("level", [level for level in Level if level is not Level.LIFE])
def test_the_evening_line_is_named_while_it_is_open(level: Level, language: Language, again: bool) -> None:
    reply = crisis(level, language, again=again)
    assert EVENING_LINE in reply
    assert "22:00" in reply
    assert EVENING_LINE not in crisis(level, language, hour=3, again=again)


@pytest.mark.parametrize("language", list(Language))
def test_in_danger_to_life_the_emergency_number_stands_first_and_no_line_that_closes(language: Language) -> None:
    for again in (False, True):
        reply = crisis(Level.LIFE, language, again=again)
        assert EVENING_LINE not in reply
        assert reply.index(ALWAYS_OPEN[2]) < reply.index(ALWAYS_OPEN[0]) < reply.index(ALWAYS_OPEN[1])


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"), [(16, 59, False), (17, 0, True), (21, 59, True), (22, 0, False), (0, 0, False)]
)
def test_the_evening_line_opens_and_closes_to_the_minute(hour: int, minute: int, is_open: bool) -> None:
    assert (EVENING_LINE in crisis(Level.HARM, hour=hour, minute=minute)) is is_open


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("hour", range(24))
def test_the_lines_open_day_and_night_are_named_at_any_hour(hour: int, language: Language, level: Level) -> None:
    for again in (False, True):
        reply = crisis(level, language, hour=hour, again=again)
        assert [line for line in ALWAYS_OPEN if line not in reply] == []


@pytest.mark.parametrize("language", list(Language))
def test_no_crisis_reply_invites_to_play(language: Language) -> None:
    for level in Level:
        for again in (False, True):
            assert PROMOTION[language].search(crisis(level, language, again=again).casefold()) is None


@pytest.mark.parametrize("language", list(Language))
def test_minors_are_given_the_childrens_line(language: Language) -> None:
    assert str(FACTS["helpline_children"].value) in replies(3).escalate(Reason.MINOR, language)


def test_without_known_hours_the_evening_line_is_not_named() -> None:
    facts = {name: fact for name, fact in FACTS.items() if name != "helpline_addiction_hours"}
    assert EVENING_LINE not in replies(18, facts=facts).crisis(Level.HARM, PL, is_again=False)


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


def test_a_foreign_player_reads_a_sentence_in_their_own_language_and_then_english() -> None:
    own, english = replies().courtesy("de").split("\n\n")
    assert own.startswith("Danke für Ihre Nachricht.")
    assert english.startswith("I do not know this language well enough.")


@pytest.mark.parametrize("language", ["eo", "und", "", "xx", "DE"])
def test_a_language_without_a_sentence_of_its_own_gets_the_english_one_alone(language: str) -> None:
    assert replies().courtesy(language) == replies().courtesy("eo")
    assert replies().courtesy(language).startswith("I do not know")


@pytest.mark.parametrize(
    "language", ["de", "uk", "ru", "be", "cs", "sk", "es", "fr", "it", "ro", "lt", "pt", "nl", "sv", "tr", "hu"]
)
def test_each_language_that_the_detector_tells_has_a_sentence_of_its_own(language: str) -> None:
    own, english = replies().courtesy(language).split("\n\n")
    assert own != english == replies().courtesy("eo")


def test_courtesy_sentences_are_keyed_by_two_letters_and_all_different() -> None:
    sentences = yaml.safe_load((REPLIES / "courtesy.yaml").read_text("utf-8"))
    assert [code for code in sentences if not (isinstance(code, str) and len(code) == 2 and code.islower())] == []
    assert len(set(sentences.values())) == len(sentences)
    assert [code for code, sentence in sentences.items() if holes(sentence) or len(sentence) < 15] == []
    assert set(sentences) & set(Language) == set()


@pytest.mark.parametrize(("language", "marked"), [(PL, "Ogólnie, nie o Twoim koncie"), (EN, "In general, not about")])
def test_help_meanwhile_is_marked_as_general_before_it_says_anything(language: Language, marked: str) -> None:
    reply = replies().meanwhile(text("Title", "Body with a [link](article:a-b)."), language)
    assert [reply.index(part) for part in (marked, "**Title**", "Body with a link.")] == sorted(
        reply.index(part) for part in (marked, "**Title**", "Body with a link.")
    )


@pytest.mark.parametrize("question", ["kiedy wypłata?", "{{ fact.support_email }} {% if %}", "x" * 4_000, "\U0001f600"])
@pytest.mark.parametrize("language", list(Language))
def test_the_question_handed_over_is_named_as_it_was_asked(question: str, language: Language) -> None:
    assert question in replies().handed_over(question, language)


@pytest.mark.parametrize("language", list(Language))
def test_a_secret_is_named_otherwise_than_other_personal_data(language: Language) -> None:
    plain, secret = (replies().privacy_note(language, is_secret=is_secret) for is_secret in (False, True))
    assert plain != secret
    assert holes(plain + secret) == []
    assert len(plain.splitlines()) == len(secret.splitlines()) == 1


def test_the_check_renders_every_reply_and_passes_with_the_shipped_facts() -> None:
    replies().check()


@pytest.mark.parametrize(
    "missing",
    ["helpline_adults", "helpline_support_centre", "helpline_addiction", "helpline_children", "emergency_phone",
     "support_email", "complaints_email", "complaint_response_time", "chat_hours", "age_min"],
)  # fmt: skip
def test_the_check_finds_each_fact_that_a_reply_would_miss(missing: str) -> None:
    facts = {name: fact for name, fact in FACTS.items() if name != missing}
    with pytest.raises(TemplateProblem, match=missing):
        replies(3, facts=facts).check()
