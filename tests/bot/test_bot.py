"""From a message to a decision, with a retriever, a screen and a detector that say what a test needs."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from bot.bot import CHARACTERS_MAX
from bot.decision import Action, Decision, Reason
from bot.screening import REASON_OF, Label
from knowledge_base.article import Language, RiskClass
from tests.bot.fakes import (
    TODAY,
    FakeGeneralDetector,
    FakeRetriever,
    FakeScreen,
    article,
    candidate,
    make_bot,
    shipped_facts,
)

QUESTION = "ile trwa wypłata"
CONTRACT = {
    "action", "reason", "confidence", "language", "articles", "candidates", "text", "masked", "reply",
    "choices", "level", "protected",
}  # fmt: skip
SURE, LIKELY, EVEN, WEAK = 1.0, 0.7, 0.5, 0.2  # calibrated by the fakes: 0.993, 0.881, 0.5, 0.047
CRISIS = {Label.CRISIS.value: 0.9}


def outcome(decision: Decision) -> tuple[Action, Reason]:
    return decision.action, decision.reason


def sure_of(article_id: str, question: str = QUESTION) -> FakeRetriever:
    return FakeRetriever({question: [candidate("bonus", WEAK), candidate(article_id, SURE)]})


def test_a_sure_match_is_answered_with_its_article() -> None:
    decision = make_bot(sure_of("payout")).reply(QUESTION)
    assert outcome(decision) == (Action.ANSWER, Reason.CONFIDENT)
    assert decision.articles == ("payout",)
    assert decision.language == "pl"
    assert decision.confidence == pytest.approx(0.9933, abs=1e-4)
    assert decision.reply.startswith("Treść.")
    assert "payout (pl)" in decision.reply


def test_an_english_question_is_answered_in_english() -> None:
    question = "how long does the withdrawal take"
    decision = make_bot(sure_of("payout", question)).reply(question)
    assert (decision.language, decision.action) == ("en", Action.ANSWER)
    assert "*Source: payout (en)" in decision.reply


def test_candidates_come_best_first_and_at_most_five() -> None:
    articles = [article(f"a{n}") for n in range(7)]
    found = [candidate(f"a{n}", 1.0 - n / 10) for n in reversed(range(7))]
    decision = make_bot(FakeRetriever({QUESTION: found}), *articles).reply(QUESTION)
    assert [c.id for c in decision.candidates] == ["a0", "a1", "a2", "a3", "a4"]
    confidences = [c.confidence for c in decision.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[0] == decision.confidence
    assert all(0 <= c <= 1 for c in confidences)


def test_an_even_match_is_asked_back_by_the_titles_of_the_first_three() -> None:
    found = [candidate(name, EVEN - n / 100, centroid=LIKELY) for n, name in enumerate(["payout", "bonus", "x", "y"])]
    articles = [article(name) for name in ("payout", "bonus", "x", "y")]
    decision = make_bot(FakeRetriever({QUESTION: found}), *articles).reply(QUESTION)
    assert outcome(decision) == (Action.CLARIFY, Reason.AMBIGUOUS)
    assert decision.articles == ()
    choices = [line for line in decision.reply.splitlines() if line.startswith("- ")]
    assert choices == ["- payout (pl)", "- bonus (pl)", "- x (pl)", "- coś innego"]


def test_an_even_match_with_one_candidate_only_goes_to_a_person() -> None:
    retriever = FakeRetriever({QUESTION: [candidate("payout", EVEN, centroid=LIKELY)]})
    assert outcome(make_bot(retriever).reply(QUESTION)) == (Action.ESCALATE, Reason.LOW_CONFIDENCE)


def test_choices_without_a_title_in_the_players_language_are_left_out() -> None:
    found = [candidate(name, EVEN, centroid=LIKELY) for name in ("bonus", "english", "payout")]
    articles = [article("bonus"), article("english", languages=[Language.EN]), article("payout")]
    decision = make_bot(FakeRetriever({QUESTION: found}), *articles).reply(QUESTION)
    assert decision.action is Action.CLARIFY
    assert "english" not in decision.reply


def test_a_weak_match_goes_to_a_person_with_its_candidates() -> None:
    retriever = FakeRetriever({QUESTION: [candidate("payout", WEAK), candidate("bonus", WEAK / 2)]})
    decision = make_bot(retriever).reply(QUESTION)
    assert outcome(decision) == (Action.ESCALATE, Reason.LOW_CONFIDENCE)
    assert [c.id for c in decision.candidates] == ["payout", "bonus"]
    assert decision.articles == ()
    assert decision.confidence == pytest.approx(0.0474, abs=1e-4)


def test_nothing_found_goes_to_a_person() -> None:
    decision = make_bot(FakeRetriever()).reply(QUESTION)
    assert outcome(decision) == (Action.ESCALATE, Reason.LOW_CONFIDENCE)
    assert (decision.candidates, decision.confidence) == ((), 0.0)


@pytest.mark.parametrize(
    ("risk", "expected"),
    [
        (RiskClass.AUTO, (Action.ANSWER, Reason.CONFIDENT)),
        (RiskClass.PROTECT, (Action.ANSWER, Reason.CONFIDENT)),
        (RiskClass.DRAFT, (Action.ESCALATE, Reason.DRAFT_ONLY)),
        (RiskClass.HUMAN, (Action.ESCALATE, Reason.NEEDS_PERSON)),
    ],
)
def test_the_risk_class_decides_who_may_answer(risk: RiskClass, expected: tuple[Action, Reason]) -> None:
    decision = make_bot(sure_of("payout"), article("payout", risk=risk), article("bonus")).reply(QUESTION)
    assert outcome(decision) == expected
    assert decision.candidates[0].id == "payout"
    assert ("Treść." in decision.reply) is (expected[0] is Action.ANSWER)


@pytest.mark.parametrize(("days_left", "expected"), [(1, Action.ANSWER), (0, Action.ANSWER), (-1, Action.ESCALATE)])
def test_an_article_is_quoted_until_its_review_is_due(days_left: int, expected: Action) -> None:
    due = article("payout", review_by=TODAY + timedelta(days=days_left))
    decision = make_bot(sure_of("payout"), due, article("bonus")).reply(QUESTION)
    assert decision.action is expected
    assert decision.reason is (Reason.CONFIDENT if expected is Action.ANSWER else Reason.OUTDATED)


def test_today_is_asked_for_with_each_question() -> None:
    bot = make_bot(sure_of("payout"), today=date(2030, 1, 1))
    assert outcome(bot.reply(QUESTION)) == (Action.ESCALATE, Reason.OUTDATED)


@pytest.mark.parametrize("body", [None, ""])
def test_an_article_with_a_missing_fact_is_never_shown(body: str | None) -> None:
    decision = make_bot(sure_of("payout"), article("payout", body=body), article("bonus")).reply(QUESTION)
    assert outcome(decision) == (Action.ESCALATE, Reason.INCOMPLETE)
    assert decision.articles == ()


def test_an_article_that_the_players_language_lacks_is_never_shown() -> None:
    english = article("payout", languages=[Language.EN])
    decision = make_bot(sure_of("payout"), english, article("bonus")).reply(QUESTION)
    assert outcome(decision) == (Action.ESCALATE, Reason.INCOMPLETE)


@pytest.mark.parametrize("message", ["", " ", "\n\t \u3000", "\u200b\ufeff", "\x00\ud800"])
def test_an_empty_message_is_asked_for_words_and_looks_nothing_up(message: str) -> None:
    retriever, screen = FakeRetriever(), FakeScreen()
    decision = make_bot(retriever, screen=screen).reply(message)
    assert outcome(decision) == (Action.CLARIFY, Reason.EMPTY)
    assert (decision.text, decision.language) == ("", "und")
    assert (retriever.asked, screen.shown) == ([], [])


@pytest.mark.parametrize("message", ["?!", "...", "\U0001f600"])
def test_a_message_without_words_goes_to_a_person(message: str) -> None:
    retriever = FakeRetriever()
    assert outcome(make_bot(retriever).reply(message)) == (Action.ESCALATE, Reason.LOW_CONFIDENCE)
    assert retriever.asked == []


def test_a_message_is_read_up_to_its_greatest_length_and_no_further() -> None:
    longest = "wypłata " * (CHARACTERS_MAX // 8 - 1) + "wypłaty!"
    assert len(longest) == CHARACTERS_MAX
    retriever = FakeRetriever()
    bot = make_bot(retriever)
    assert bot.reply(longest).reason is Reason.LOW_CONFIDENCE
    assert retriever.asked == [longest]
    assert outcome(bot.reply(longest + "!")) == (Action.ESCALATE, Reason.TOO_LONG)
    assert retriever.asked == [longest]


@pytest.mark.parametrize("message", ["nie chcę już żyć", "nie chcę już żyć, " + QUESTION, "Nie CHCĘ żyć"])
def test_crisis_is_heard_before_anything_is_looked_up(message: str) -> None:
    retriever = FakeRetriever({message: [candidate("payout", SURE)]})
    decision = make_bot(retriever, screen=FakeScreen({"żyć": CRISIS})).reply(message)
    assert outcome(decision) == (Action.ESCALATE, Reason.CRISIS)
    assert (retriever.asked, decision.candidates) == ([], ())
    assert str(shipped_facts()["helpline_adults"].value) in decision.reply


@pytest.mark.parametrize("before", [0, CHARACTERS_MAX, 3 * CHARACTERS_MAX])
def test_crisis_is_heard_anywhere_in_a_message_that_is_too_long(before: int) -> None:
    message = "bla " * (before // 4) + "nie chcę już żyć " + "bla " * (CHARACTERS_MAX // 4)
    retriever = FakeRetriever()
    decision = make_bot(retriever, screen=FakeScreen({"żyć": CRISIS})).reply(message)
    assert outcome(decision) == (Action.ESCALATE, Reason.CRISIS)
    assert retriever.asked == []


def test_crisis_wins_over_a_language_that_is_not_supported() -> None:
    message = "ich will nicht mehr leben"
    bot = make_bot(FakeRetriever(), screen=FakeScreen({"leben": CRISIS}), general=FakeGeneralDetector([("de", 0.9)]))
    decision = bot.reply(message)
    assert (decision.reason, decision.language) == (Reason.CRISIS, "de")


@pytest.mark.parametrize("label", [label for label in REASON_OF if label not in {Label.CRISIS, Label.SMALLTALK}])
def test_a_special_message_goes_to_a_person_with_candidates_for_the_consultant(label: Label) -> None:
    bot = make_bot(sure_of("payout"), screen=FakeScreen({"wypłata": {label.value: 0.9}}))
    decision = bot.reply(QUESTION)
    assert outcome(decision) == (Action.ESCALATE, REASON_OF[label])
    assert decision.candidates[0].id == "payout"
    assert decision.articles == ()


def test_small_talk_gets_a_kind_line_and_looks_nothing_up() -> None:
    retriever = FakeRetriever()
    screen = FakeScreen({"dzięki": {"smalltalk": 0.9, "smalltalk_thanks": 0.8, "smalltalk_ack": 0.1}})
    decision = make_bot(retriever, screen=screen).reply("dzięki wielkie")
    assert outcome(decision) == (Action.SMALLTALK, Reason.SMALLTALK)
    assert decision.reply.startswith("Cieszę się, że mogłem pomóc.")
    assert decision.confidence == 0.9
    assert retriever.asked == []


def test_a_language_that_is_not_supported_goes_to_a_person() -> None:
    bot = make_bot(sure_of("payout", "wo ist mein Geld"), general=FakeGeneralDetector([("de", 0.9)]))
    decision = bot.reply("wo ist mein Geld")
    assert outcome(decision) == (Action.ESCALATE, Reason.UNSUPPORTED_LANGUAGE)
    assert decision.language == "de"
    assert "I do not know this language" in decision.reply


def test_digits_alone_have_no_language_and_are_looked_up_all_the_same() -> None:
    retriever = FakeRetriever()
    decision = make_bot(retriever).reply("2026")
    assert (decision.language, decision.reason) == ("und", Reason.LOW_CONFIDENCE)
    assert retriever.asked == ["2026"]


def test_a_follow_up_is_read_in_the_light_of_the_messages_before() -> None:
    # alone bonus 0.622 : payout 0.378, together payout only, which was spoken of: 0.981 * 0.993
    before, message = "jak zmienić hasło", "a na kartę?"
    retriever = FakeRetriever(
        {
            QUESTION: [candidate("payout", SURE)],
            message: [candidate("bonus", EVEN), candidate("payout", 0.45)],
            f"{before} {QUESTION} {message}": [candidate("payout", SURE)],
        }
    )
    bot = make_bot(retriever)
    assert bot.reply(message).articles == ()
    decision = bot.reply(message, history=[before, QUESTION])
    assert outcome(decision) == (Action.ANSWER, Reason.CONFIDENT)
    assert decision.articles == ("payout",)
    assert decision.confidence == pytest.approx(0.9744, abs=1e-4)
    assert decision.text == message


def test_a_change_of_subject_that_is_sure_by_itself_is_not_dragged_back() -> None:
    message = "jak zmienić hasło"
    found = {message: [candidate("password", 0.8)], f"{QUESTION} {message}": [candidate("payout", SURE)]}
    retriever = FakeRetriever({**found, QUESTION: [candidate("payout", SURE)]})
    decision = make_bot(retriever).reply(message, history=[QUESTION])
    assert (decision.articles, retriever.asked) == (("password",), [message])


def test_a_change_of_subject_that_is_likely_by_itself_is_answered_where_it_is_found_together_too() -> None:
    # alone 0.881; password alone and half of together against half of together and the same article: 0.990 * 0.993
    message = "jak zmienić hasło"
    retriever = FakeRetriever(
        {
            QUESTION: [candidate("payout", SURE)],
            message: [candidate("password", LIKELY)],
            f"{QUESTION} {message}": [candidate("payout", SURE), candidate("password", SURE)],
        }
    )
    decision = make_bot(retriever).reply(message, history=[QUESTION])
    assert decision.articles == ("password",)
    assert decision.confidence == pytest.approx(0.983, abs=1e-3)


def test_a_message_of_more_than_twelve_words_stands_alone() -> None:
    twelve = "a na kartę to ile dokładnie trwa ta wypłata wszystkich moich pieniędzy"
    retriever = FakeRetriever({f"{QUESTION} {twelve}": [candidate("payout", SURE)]})
    assert make_bot(retriever).reply(twelve, history=[QUESTION]).articles == ("payout",)
    longer = f"{twelve} teraz"
    retriever = FakeRetriever({f"{QUESTION} {longer}": [candidate("payout", SURE)]})
    assert make_bot(retriever).reply(longer, history=[QUESTION]).reason is Reason.LOW_CONFIDENCE
    assert retriever.asked == [longer]


def test_blank_messages_in_the_history_are_passed_over() -> None:
    together = f"{QUESTION} a na kartę?"
    retriever = FakeRetriever({together: [candidate("payout", SURE)]})
    assert make_bot(retriever).reply("a na kartę?", history=[QUESTION, " \n"]).articles == ("payout",)


def test_personal_data_reaches_neither_the_screen_nor_the_retriever() -> None:
    retriever, screen = FakeRetriever(), FakeScreen()
    message = "  mój mail to jan@example.pl"
    decision = make_bot(retriever, screen=screen).reply(message, history=["pesel 44051401359"])
    assert decision.text == "mój mail to [email]"
    assert [(m.type.value, message[m.start : m.end]) for m in decision.masked] == [("email", "jan@example.pl")]
    assert retriever.asked == ["mój mail to [email]", "pesel [pesel]", "pesel [pesel] mój mail to [email]"]
    assert set(screen.shown) == {"mój mail to [email]", "pesel [pesel]"}


@pytest.mark.parametrize("label", [label for label in REASON_OF if label is not Label.CRISIS])
def test_suggestions_for_a_consultant_come_whatever_kind_of_message_it_is_but_a_crisis(label: Label) -> None:
    bot = make_bot(sure_of("payout"), screen=FakeScreen({"wypłata": {label.value: 0.9}}))
    assert [p.id for p in bot.suggest(QUESTION)] == ["payout", "bonus"]
    assert bot.suggest("?!") == []


def test_where_harm_was_just_heard_nothing_is_suggested_and_nothing_looked_up() -> None:
    retriever = sure_of("payout")
    assert make_bot(retriever, screen=FakeScreen({"wypłata": CRISIS})).suggest(QUESTION) == []
    assert retriever.asked == []


@pytest.mark.parametrize("message", ["", " \u200b", "?!", "\U0001f600", "wypłata " * 501])
def test_there_is_nothing_to_suggest_for_what_cannot_be_read(message: str) -> None:
    retriever = FakeRetriever()
    assert make_bot(retriever).suggest(message) == []
    assert retriever.asked == []


def test_a_bot_keeps_nothing_of_a_conversation() -> None:
    bot = make_bot(sure_of("payout"))
    first = bot.reply(QUESTION)
    bot.reply("jak zmienić hasło", history=[QUESTION])
    assert bot.reply(QUESTION) == first


@pytest.mark.parametrize("message", [QUESTION, "", "nie chcę już żyć", "dzięki", "wo ist mein Geld", "mail a@b.pl"])
def test_every_decision_has_exactly_the_contracts_keys(message: str) -> None:
    screen = FakeScreen({"żyć": CRISIS, "dzięki": {"smalltalk": 0.9, "smalltalk_thanks": 0.9}})
    general = FakeGeneralDetector([("de", 0.9)] if "Geld" in message else [("pl", 0.9)])
    told = make_bot(sure_of("payout"), screen=screen, general=general).reply(message).to_json()
    assert set(told) == CONTRACT
    assert json.loads(json.dumps(told)) == told
    assert 0 <= told["confidence"] <= 1
    assert bool(told["articles"]) is (told["action"] == "answer")
    assert told["reply"].strip()
    assert all(set(c) == {"id", "confidence"} for c in told["candidates"])
    assert all(set(m) == {"type", "start", "end"} for m in told["masked"])
