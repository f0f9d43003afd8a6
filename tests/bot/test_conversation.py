"""What a message gets in the light of the conversation: harm shown before, doubt before, data sent before."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bot import CHARACTERS_MAX, EARLIER_SCREENED, HELPED_MEANWHILE, Bot
from bot.decision import Action, Decision, Level, Reason
from bot.screening import REASON_OF, Label
from knowledge_base.article import Language, RiskClass
from knowledge_base.signs import Sign
from tests.bot.fakes import FakeGeneralDetector, FakeRetriever, FakeScreen, article, candidate, make_bot, shipped_facts

QUESTION = "ile trwa wypłata"
PASSWORD, MONEY = "jak zmienić hasło?", "kiedy będzie wypłata?"
BOTH = f"{PASSWORD} {MONEY}"
SURE, LIKELY, EVEN, WEAK = 1.0, 0.7, 0.5, 0.2  # calibrated by the fakes: 0.993, 0.881, 0.5, 0.047
HARM = "przegrałem wszystko"
CRISIS = {"crisis": 0.9, "crisis_harm": 0.9}
HEARS = FakeScreen({"przegrałem": CRISIS})
LIFE = Sign(("nie", "chc*", "zyc"), "pl", "life", "Says so outright.")
PRIVACY = "ukryłem w Twojej wiadomości dane osobowe"
SECRET = "Nikt z nas nigdy o nie nie poprosi"
REASONS = {label: reason for label, reason in REASON_OF.items() if reason not in {Reason.CRISIS, Reason.SMALLTALK}}


def outcome(decision: Decision) -> tuple[Action, Reason]:
    return decision.action, decision.reason


def unsure_between(*ids: str, question: str = QUESTION) -> FakeRetriever:
    """Finds all of these evenly, so that the bot asks back."""
    return FakeRetriever({question: [candidate(name, EVEN - n / 100, centroid=LIKELY) for n, name in enumerate(ids)]})


def risky_bot(risk: RiskClass, strength: float) -> Bot:
    limits = {
        Language.PL: {RiskClass.AUTO: 0.8, RiskClass.PROTECT: 0.9},
        Language.EN: {RiskClass.AUTO: 0.6, RiskClass.PROTECT: 0.6},
    }
    found = [candidate("payout", strength)]
    retriever = FakeRetriever({QUESTION: found, "how long does the withdrawal take": found})
    return make_bot(retriever, article("payout", risk=risk), answer_from=limits)


# The crisis itself


@pytest.mark.parametrize("level", list(Level))
def test_a_crisis_is_answered_by_what_it_is_about_and_otherwise_the_second_time(level: Level) -> None:
    bot = make_bot(FakeRetriever(), screen=FakeScreen({"pomóż": {"crisis": 0.9, f"crisis_{level}": 0.9}}))
    first = bot.reply("pomóż mi")
    again = bot.reply("pomóż mi", history=["pomóż mi"])
    assert (outcome(first), first.level, first.is_protected) == ((Action.ESCALATE, Reason.CRISIS), level, True)
    assert (outcome(again), again.level, again.is_protected) == ((Action.ESCALATE, Reason.CRISIS), level, True)
    assert first.reply == bot.replies.crisis(level, Language.PL, is_again=False)
    assert again.reply == bot.replies.crisis(level, Language.PL, is_again=True)
    assert first.needs_person


def test_harm_known_from_elsewhere_makes_a_crisis_a_second_one() -> None:
    bot = make_bot(FakeRetriever(), screen=HEARS)
    assert bot.reply(HARM, is_protected=True).reply == bot.reply(HARM, history=[HARM]).reply


@pytest.mark.parametrize(
    "message", ["nie chcę już żyć", "ILE TRWA WYPŁATA BO NIE CHCE ZYC", "\U0001f62d nie chcę… żyć"]
)
def test_a_reviewed_phrase_alone_is_heard_before_anything_is_looked_up(message: str) -> None:
    retriever = FakeRetriever({message: [candidate("payout", SURE)]})
    decision = make_bot(retriever, signs=[LIFE]).reply(message)
    assert (outcome(decision), decision.level) == ((Action.ESCALATE, Reason.CRISIS), Level.LIFE)
    assert (retriever.asked, decision.candidates, decision.articles) == ([], (), ())


def test_a_reviewed_phrase_is_heard_in_a_foreign_message_and_in_one_that_is_too_long() -> None:
    foreign = make_bot(FakeRetriever(), signs=[LIFE], general=FakeGeneralDetector([("de", 0.9)]))
    assert foreign.reply("ich kann nicht mehr, nie chce zyc").reason is Reason.CRISIS
    long = make_bot(FakeRetriever(), signs=[LIFE]).reply("bla " * CHARACTERS_MAX + "nie chcę żyć")
    assert (long.reason, long.level) == (Reason.CRISIS, Level.LIFE)


@pytest.mark.parametrize("before", [3_960, 3_976, 3_984, 3_992, 4_000, 7_592])
def test_a_phrase_at_the_border_of_what_is_screened_at_once_is_heard(before: int) -> None:
    message = "bla " * (before // 4) + "nie chcę już żyć " + "bla " * 1_500
    assert make_bot(FakeRetriever(), signs=[LIFE]).reply(message).reason is Reason.CRISIS


def test_the_level_is_of_a_crisis_only() -> None:
    bot = make_bot(FakeRetriever({QUESTION: [candidate("payout", SURE)]}))
    assert [bot.reply(message).level for message in (QUESTION, "", "?!", "bla")] == [None] * 4


# In doubt

HALF_HEARD = {"crisis": 0.3, "crisis_third": 0.3}
LONG = "ile trwa wypłata na konto w moim banku w soboty niedziele święta i inne dni"  # goes on from nothing


def doubting(strength: float, screened: Mapping[str, float] = HALF_HEARD, message: str = QUESTION) -> Bot:
    """Hears harm from 0.5 on, in a message that no article surely answers from 0.2 on."""
    retriever = FakeRetriever({message: [candidate("payout", strength)]})
    return make_bot(retriever, screen=FakeScreen({message: screened}), unanswered=0.2)


def test_where_harm_is_in_doubt_a_message_that_no_article_surely_answers_shows_it() -> None:
    decision = doubting(EVEN).reply(QUESTION)
    assert (outcome(decision), decision.level) == ((Action.ESCALATE, Reason.CRISIS), Level.THIRD)
    assert (decision.candidates, decision.is_protected) == ((), True)
    assert doubting(EVEN).suggest(QUESTION) == []


@pytest.mark.parametrize(("strength", "is_answered"), [(0.63, False), (0.64, True), (SURE, True)])
def test_one_that_an_article_surely_answers_does_not(strength: float, is_answered: bool) -> None:
    # 0.63 -> 0.786, 0.64 -> 0.802
    decision = doubting(strength).reply(QUESTION)
    assert (decision.reason is Reason.CRISIS) is not is_answered
    assert (decision.articles == ("payout",)) is is_answered


def test_where_nothing_is_in_doubt_nothing_is_looked_up_for_it() -> None:
    bot = doubting(EVEN, {"crisis": 0.19})
    assert bot.reply(QUESTION).reason is not Reason.CRISIS
    sure = doubting(SURE, {"crisis": 0.5})
    assert sure.reply(QUESTION).reason is Reason.CRISIS
    assert sure.retriever.asked == []  # type: ignore[attr-defined]


def test_another_reason_settles_the_doubt_since_a_person_sees_the_message_anyway() -> None:
    assert doubting(EVEN, {**HALF_HEARD, "complaint": 0.6}).reply(QUESTION).reason is Reason.COMPLAINT
    assert doubting(EVEN, {**HALF_HEARD, "smalltalk": 0.6}).reply(QUESTION).reason is Reason.SMALLTALK


def test_half_a_sentence_that_goes_on_is_in_no_doubt_but_a_long_message_is() -> None:
    history = ["jak wpłacić kartą"]
    assert doubting(EVEN).reply(QUESTION, history=history).reason is not Reason.CRISIS
    assert doubting(EVEN, {"crisis": 0.5}).reply(QUESTION, history=history).reason is Reason.CRISIS
    assert doubting(EVEN, message=LONG).reply(LONG, history=history).reason is Reason.CRISIS


def test_a_doubt_of_before_is_settled_as_it_was_then() -> None:
    assert doubting(EVEN).reply("ok", history=[QUESTION]).is_protected
    assert not doubting(SURE).reply("ok", history=[QUESTION]).is_protected
    assert not doubting(EVEN).reply("ok", history=["jak wpłacić kartą", QUESTION]).is_protected
    assert doubting(EVEN, message=LONG).reply("ok", history=["jak wpłacić kartą", LONG]).is_protected


def test_in_a_language_that_the_screen_does_not_know_nothing_is_in_doubt() -> None:
    message = "wie lange dauert das"
    bot = make_bot(
        FakeRetriever(), screen=FakeScreen({message: HALF_HEARD}), general=FakeGeneralDetector([("de", 0.9)]),
        unanswered=0.2,
    )  # fmt: skip
    assert bot.reply(message).reason is Reason.UNSUPPORTED_LANGUAGE


# After harm was shown


@pytest.mark.parametrize("history", [[HARM], [HARM, "dzięki"], ["dzień dobry", HARM, "dzięki", QUESTION]])
def test_once_harm_was_shown_the_conversation_stays_protected(history: list[str]) -> None:
    bot = make_bot(FakeRetriever({QUESTION: [candidate("payout", SURE)]}), screen=HEARS)
    decision = bot.reply(QUESTION, history=history)
    assert (decision.action, decision.is_protected) == (Action.ANSWER, True)
    assert not bot.reply(QUESTION, history=["dzięki"]).is_protected
    assert bot.reply(QUESTION, is_protected=True).is_protected


def test_a_phrase_said_earlier_protects_too() -> None:
    bot = make_bot(FakeRetriever({QUESTION: [candidate("payout", SURE)]}), signs=[LIFE])
    assert bot.reply(QUESTION, history=["nie chcę żyć"]).is_protected


def test_harm_said_late_in_a_very_long_message_protects_what_follows() -> None:
    bot = make_bot(FakeRetriever(), signs=[LIFE])
    long = "bla " * 1_500 + "nie chcę żyć"
    assert bot.reply(long).reason is Reason.CRISIS
    assert bot.reply("ok", history=[long]).is_protected


def test_protection_is_told_with_every_kind_of_decision() -> None:
    screen = FakeScreen({"dzięki": {"smalltalk": 0.9, "smalltalk_thanks": 0.9}})
    bot = make_bot(FakeRetriever(), screen=screen)
    messages = ["", "?!", "dzięki", "bla bla", "bla " * CHARACTERS_MAX]
    assert [bot.reply(message, is_protected=True).is_protected for message in messages] == [True] * len(messages)


def test_a_caller_with_a_memory_is_believed_and_nothing_is_screened_again() -> None:
    screen = FakeScreen({"przegrałem": CRISIS})
    bot = make_bot(FakeRetriever(), screen=screen)
    assert not bot.reply("ok", history=[HARM], is_protected=False).is_protected
    assert bot.reply("ok", history=["dzień dobry"], is_protected=True).is_protected
    assert screen.shown == ["ok", "ok"]


def test_harm_is_looked_for_in_the_latest_messages_only_when_there_are_very_many() -> None:
    bot = make_bot(FakeRetriever(), screen=HEARS)
    assert bot.reply("ok", history=[HARM, *["ok"] * (EARLIER_SCREENED - 1)]).is_protected
    assert not bot.reply("ok", history=[HARM, *["ok"] * EARLIER_SCREENED]).is_protected


OFFERS = [
    article("bonus-claim", category="bonuses"),
    article("vip", category="loyalty"),
    article("plain", body="Odbierz darmowe spiny w zakładce gier."),
    article("english", body="Play now and claim your prize."),
]


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.id)
def test_no_offer_is_answered_proposed_or_suggested_after_harm(offer: object) -> None:
    retriever = FakeRetriever({QUESTION: [candidate(offer.id, SURE), candidate("payout", LIKELY)]})  # type: ignore[attr-defined]
    bot = make_bot(retriever, offer, article("payout"))  # type: ignore[arg-type]
    assert bot.reply(QUESTION).articles == (offer.id,)  # type: ignore[attr-defined]
    for protected in (bot.reply(QUESTION, is_protected=True), bot.reply(QUESTION, ["dzień dobry"], is_protected=True)):
        assert [c.id for c in protected.candidates] == ["payout"]
        assert protected.articles != (offer.id,)  # type: ignore[attr-defined]
    assert [p.id for p in bot.suggest(QUESTION)] == [offer.id, "payout"]  # type: ignore[attr-defined]
    assert [p.id for p in bot.suggest(QUESTION, is_protected=True)] == ["payout"]


def test_no_offer_is_among_what_is_asked_back_after_harm() -> None:
    bot = make_bot(
        unsure_between("payout", "vip", "password"),
        article("payout"), article("vip", category="loyalty"), article("password"),
    )  # fmt: skip
    assert bot.reply(QUESTION).choices == ("payout", "vip", "password")
    decision = bot.reply(QUESTION, is_protected=True)
    assert decision.choices == ("payout", "password")
    assert "vip" not in decision.reply


def test_where_only_offers_are_found_after_harm_a_person_takes_over() -> None:
    bot = make_bot(FakeRetriever({QUESTION: [candidate("vip", SURE)]}), article("vip", category="loyalty"))
    decision = bot.reply(QUESTION, is_protected=True)
    assert outcome(decision) == (Action.ESCALATE, Reason.LOW_CONFIDENCE)
    assert decision.candidates == ()
    assert bot.suggest(QUESTION, history=[], is_protected=True) == []


@pytest.mark.parametrize("text", [BOTH, BOTH.rstrip("?").replace("? ", " i ")])
def test_after_harm_the_half_about_an_offer_is_handed_over_by_name(text: str) -> None:
    first, second = (part.strip() for part in re.split(r"(?<=\?) | i ", text))
    retriever = FakeRetriever({first: [candidate("password", SURE)], second: [candidate("vip", SURE)]})
    bot = make_bot(retriever, article("password"), article("vip", category="loyalty"))
    assert bot.reply(text).articles == ("password", "vip")
    protected = bot.reply(text, is_protected=True)
    assert (outcome(protected), protected.articles) == ((Action.ANSWER, Reason.PARTLY), ("password",))
    assert f"„{second}”" in protected.reply
    assert "vip" not in protected.reply
    assert [c.id for c in protected.candidates] == ["password"]


def test_after_harm_two_halves_about_offers_go_to_a_person() -> None:
    retriever = FakeRetriever({PASSWORD: [candidate("bonus", SURE)], MONEY: [candidate("vip", SURE)]})
    offers = article("bonus", category="bonuses"), article("vip", category="loyalty")
    decision = make_bot(retriever, *offers).reply(BOTH, is_protected=True)
    assert (outcome(decision), decision.candidates) == ((Action.ESCALATE, Reason.LOW_CONFIDENCE), ())


def test_no_offer_helps_meanwhile_after_harm() -> None:
    screen = FakeScreen({"wypłata": {"complaint": 0.9}})
    bot = make_bot(
        FakeRetriever({QUESTION: [candidate("vip", SURE)]}), article("vip", category="loyalty"), screen=screen
    )
    assert "vip (pl)" in bot.reply(QUESTION).reply
    assert "vip (pl)" not in bot.reply(QUESTION, is_protected=True).reply


# Asking back


def test_the_choices_are_named_by_their_articles_in_the_order_shown() -> None:
    bot = make_bot(unsure_between("payout", "bonus", "password"))
    decision = bot.reply(QUESTION)
    assert (outcome(decision), decision.choices) == (
        (Action.CLARIFY, Reason.AMBIGUOUS),
        ("payout", "bonus", "password"),
    )
    lines = [line for line in decision.reply.splitlines() if line.startswith("- ")]
    assert lines == ["- payout (pl)", "- bonus (pl)", "- password (pl)", "- coś innego"]
    assert not decision.needs_person


def test_an_article_much_less_probable_than_the_first_is_no_choice() -> None:
    # the shares stand as e^0 : e^-1.8 : e^-2, so 1, 0.165 and 0.135 of the first; 0.15 is needed
    found = [candidate(name, s, centroid=LIKELY) for name, s in (("payout", 0.5), ("bonus", 0.32), ("password", 0.3))]
    assert make_bot(FakeRetriever({QUESTION: found})).reply(QUESTION).choices == ("payout", "bonus")


def test_choices_are_told_only_when_asking_back() -> None:
    bot = make_bot(FakeRetriever({QUESTION: [candidate("payout", SURE), candidate("bonus", LIKELY)]}))
    assert [bot.reply(message).choices for message in (QUESTION, "", "bla bla")] == [(), (), ()]


def test_the_bot_never_asks_back_twice_in_a_row() -> None:
    bot = make_bot(unsure_between("payout", "bonus"))
    assert outcome(bot.reply(QUESTION)) == (Action.CLARIFY, Reason.AMBIGUOUS)
    second = bot.reply(QUESTION, history=[QUESTION])
    assert outcome(second) == (Action.ESCALATE, Reason.AMBIGUOUS)
    assert [c.id for c in second.candidates] == ["payout", "bonus"]
    assert second.choices == ()
    assert second.reply.startswith("Nadal nie jestem pewien")


@pytest.mark.parametrize("between", ["payout-sure", "dzięki", "?!", "nic o tym", HARM])
def test_after_any_other_message_it_may_ask_back_again(between: str) -> None:
    retriever = unsure_between("payout", "password")
    found = {**retriever.found, "payout-sure": [candidate("payout", SURE)]}
    screen = FakeScreen({"dzięki": {"smalltalk": 0.9}, "przegrałem": CRISIS})
    bot = make_bot(FakeRetriever(found), article("payout"), article("password"), screen=screen)
    assert outcome(bot.reply(QUESTION, history=[QUESTION, between])) == (Action.CLARIFY, Reason.AMBIGUOUS)


@pytest.mark.parametrize("unseen", ["", " ", "\n\t", "\u200b", "\ufeff\u200d", "\x00"])
def test_a_message_in_which_nothing_can_be_seen_does_not_come_between(unseen: str) -> None:
    doubtful = make_bot(unsure_between("payout", "bonus"))
    assert outcome(doubtful.reply(QUESTION, history=[QUESTION, unseen])) == (Action.ESCALATE, Reason.AMBIGUOUS)
    following = make_bot(FakeRetriever({f"{QUESTION} a na kartę": [candidate("payout", SURE)]}))
    assert following.reply("a na kartę", history=[QUESTION, unseen]).articles == ("payout",)


def test_a_sure_answer_is_given_after_a_question_back() -> None:
    found = {**unsure_between("payout", "bonus").found, PASSWORD: [candidate("password", SURE)]}
    decision = make_bot(FakeRetriever(found)).reply(PASSWORD, history=[QUESTION])
    assert (decision.action, decision.articles) == (Action.ANSWER, ("password",))


# Two questions in one message


def both(first: float, second: float, whole: float = WEAK) -> FakeRetriever:
    return FakeRetriever(
        {
            BOTH: [candidate("bonus", whole)],
            PASSWORD: [candidate("password", first)],
            MONEY: [candidate("payout", second)],
        }
    )


def test_two_sure_questions_are_answered_in_the_order_asked() -> None:
    decision = make_bot(both(LIKELY, SURE)).reply(BOTH)
    assert outcome(decision) == (Action.ANSWER, Reason.CONFIDENT)
    assert decision.articles == ("password", "payout")
    assert decision.confidence == pytest.approx(0.8808, abs=1e-4)  # of the less sure one
    assert decision.reply.index("password (pl)") < decision.reply.index("payout (pl)")
    assert [c.id for c in decision.candidates] == ["password", "payout", "bonus"]
    assert not decision.needs_person


@pytest.mark.parametrize(("first", "second", "open_half"), [(SURE, EVEN, MONEY), (EVEN, SURE, PASSWORD)])
def test_of_two_plain_questions_the_sure_one_is_answered_and_the_other_handed_over_by_name(
    first: float, second: float, open_half: str
) -> None:
    decision = make_bot(both(first, second)).reply(BOTH)
    answered = "password" if first == SURE else "payout"
    assert outcome(decision) == (Action.ANSWER, Reason.PARTLY)
    assert decision.articles == (answered,)
    assert decision.confidence == pytest.approx(0.9933, abs=1e-4)
    assert decision.reply.startswith("Treść.")
    assert f"„{open_half}”" in decision.reply
    assert decision.needs_person


@pytest.mark.parametrize("risk", [RiskClass.HUMAN, RiskClass.DRAFT])
def test_a_half_whose_article_a_person_must_answer_is_handed_over(risk: RiskClass) -> None:
    bot = make_bot(both(SURE, SURE), article("password", risk=risk), article("payout"), article("bonus"))
    decision = bot.reply(BOTH)
    assert (outcome(decision), decision.articles) == ((Action.ANSWER, Reason.PARTLY), ("payout",))
    assert "password (pl)" not in decision.reply
    assert f"„{PASSWORD}”" in decision.reply


@pytest.mark.parametrize("body", [None, ""])
def test_a_half_whose_article_lacks_a_fact_is_handed_over(body: str | None) -> None:
    bot = make_bot(both(SURE, SURE), article("password"), article("payout", body=body), article("bonus"))
    assert bot.reply(BOTH).articles == ("password",)


def test_two_unsure_halves_are_no_answer() -> None:
    decision = make_bot(both(EVEN, EVEN)).reply(BOTH)
    assert decision.action is not Action.ANSWER
    assert decision.articles == ()


def test_in_a_handed_over_half_personal_data_stay_hidden() -> None:
    second = "kiedy wypłata na jan@example.pl?"
    retriever = FakeRetriever(
        {PASSWORD: [candidate("password", SURE)], "kiedy wypłata na [email]?": [candidate("payout", EVEN)]}
    )
    decision = make_bot(retriever).reply(f"{PASSWORD} {second}")
    assert decision.reason is Reason.PARTLY
    assert "jan@example.pl" not in decision.reply
    assert "kiedy wypłata na [email]?" in decision.reply


# How sure the bot must be


@pytest.mark.parametrize(
    ("message", "risk", "strength", "is_answered"),
    [
        (QUESTION, RiskClass.AUTO, LIKELY, True),  # 0.881 against 0.8
        (QUESTION, RiskClass.PROTECT, LIKELY, False),  # against 0.9
        (QUESTION, RiskClass.PROTECT, 0.8, True),  # 0.953
        (QUESTION, RiskClass.AUTO, 0.6, False),  # 0.731 against 0.8
        ("how long does the withdrawal take", RiskClass.PROTECT, 0.6, True),  # against 0.6
    ],
)
def test_each_language_and_risk_class_has_its_own_limit(
    message: str, risk: RiskClass, strength: float, is_answered: bool
) -> None:
    assert (risky_bot(risk, strength).reply(message).action is Action.ANSWER) is is_answered


def test_a_class_without_a_limit_of_its_own_needs_the_strictest() -> None:
    # human and draft articles are never answered; whether 0.881 counts as sure is told by the reason
    assert risky_bot(RiskClass.HUMAN, LIKELY).reply(QUESTION).reason is Reason.LOW_CONFIDENCE
    assert risky_bot(RiskClass.HUMAN, 0.8).reply(QUESTION).reason is Reason.NEEDS_PERSON


def test_an_index_that_promises_nothing_answers_nothing() -> None:
    limits = {language: {RiskClass.AUTO: 1.01, RiskClass.PROTECT: 1.01} for language in Language}
    bot = make_bot(FakeRetriever({QUESTION: [candidate("payout", 50.0)]}), answer_from=limits)
    assert outcome(bot.reply(QUESTION)) == (Action.ESCALATE, Reason.LOW_CONFIDENCE)


# Help below a hand-over


@pytest.mark.parametrize("label", list(REASONS))
def test_help_meanwhile_stands_below_those_hand_overs_where_it_may_help(label: Label) -> None:
    bot = make_bot(
        FakeRetriever({QUESTION: [candidate("payout", SURE)]}), screen=FakeScreen({"wypłata": {label.value: 0.9}})
    )
    decision = bot.reply(QUESTION)
    assert outcome(decision) == (Action.ESCALATE, REASONS[label])
    assert decision.articles == ()
    assert ("Treść." in decision.reply) is (REASONS[label] in HELPED_MEANWHILE)
    if REASONS[label] in HELPED_MEANWHILE:
        handed_over, help_meanwhile = decision.reply.split("\n\n---\n\n")
        assert handed_over == bot.replies.escalate(REASONS[label], Language.PL)
        assert help_meanwhile.startswith("*Ogólnie, nie o Twoim koncie")


@pytest.mark.parametrize(
    ("strength", "risk", "body"),
    [(EVEN, RiskClass.AUTO, "Treść."), (SURE, RiskClass.HUMAN, "Treść."), (SURE, RiskClass.DRAFT, "Treść."),
     (SURE, RiskClass.AUTO, None)],
)  # fmt: skip
def test_no_help_meanwhile_that_would_be_no_answer_either(strength: float, risk: RiskClass, body: str | None) -> None:
    bot = make_bot(
        FakeRetriever({QUESTION: [candidate("payout", strength)]}),
        article("payout", risk=risk, body=body),
        screen=FakeScreen({"wypłata": {"account_specific": 0.9}}),
    )
    assert bot.reply(QUESTION).reply == bot.replies.escalate(Reason.ACCOUNT_SPECIFIC, Language.PL)


# Personal data


def test_personal_data_are_mentioned_once_in_a_conversation() -> None:
    bot = make_bot(FakeRetriever({"mój mail [email]": [candidate("payout", SURE)]}))
    first = bot.reply("mój mail a@b.pl")
    assert first.action is Action.ANSWER
    assert first.reply.startswith("Treść.")
    assert first.reply.endswith(bot.replies.privacy_note(Language.PL, is_secret=False))
    assert PRIVACY not in bot.reply("mój mail a@b.pl", history=["mój mail a@b.pl"]).reply
    assert PRIVACY not in bot.reply("mój mail a@b.pl", history=["dzień dobry", "mój mail [email]", "ok"]).reply
    assert PRIVACY in bot.reply("mój mail a@b.pl", history=["dzień dobry"]).reply
    assert PRIVACY not in bot.reply("dzień dobry").reply


@pytest.mark.parametrize("message", ["moje hasło to Kot!2024x", "kod cvv 123"])
def test_a_password_or_security_code_is_named_each_time(message: str) -> None:
    bot = make_bot(FakeRetriever())
    assert SECRET in bot.reply(message).reply
    assert SECRET in bot.reply(message, history=[message, "mail a@b.pl"]).reply


def test_where_a_secret_and_other_data_stand_together_only_the_secret_is_named() -> None:
    reply = make_bot(FakeRetriever()).reply("mail a@b.pl, moje hasło to Kot!2024x").reply
    assert SECRET in reply
    assert PRIVACY not in reply


def test_in_a_crisis_nobody_is_told_about_data_protection() -> None:
    for message in (f"{HARM}, mój mail a@b.pl", f"{HARM}, moje hasło to Kot!2024x"):
        decision = make_bot(FakeRetriever(), screen=HEARS).reply(message)
        assert decision.reason is Reason.CRISIS
        assert decision.masked
        assert PRIVACY not in decision.reply
        assert SECRET not in decision.reply


def test_data_that_stood_in_a_crisis_message_are_not_taken_for_a_note_that_was_given() -> None:
    bot = make_bot(FakeRetriever(), screen=HEARS)
    assert PRIVACY in bot.reply("mail a@b.pl", history=[f"{HARM}, mój mail a@b.pl"]).reply
    assert PRIVACY not in bot.reply("mail a@b.pl", history=[f"{HARM}, mail a@b.pl", "mail a@b.pl"]).reply


def test_the_note_comes_in_the_players_language_and_below_any_reply() -> None:
    bot = make_bot(FakeRetriever(), general=FakeGeneralDetector([("en", 0.9)]))
    english = bot.reply("how long does the withdrawal take, mail a@b.com")
    assert english.reply.endswith("a consultant will tell you a safe way.*")
    foreign = make_bot(FakeRetriever(), general=FakeGeneralDetector([("de", 0.9)])).reply("wo ist mein Geld, a@b.de")
    assert foreign.reason is Reason.UNSUPPORTED_LANGUAGE
    assert foreign.reply.startswith(bot.replies.courtesy("de") + "\n\n*")


# Foreign languages


def test_a_foreign_player_reads_their_own_language_first() -> None:
    bot = make_bot(FakeRetriever(), general=FakeGeneralDetector([("uk", 0.9)]))
    decision = bot.reply("коли прийдуть мої гроші")
    assert (outcome(decision), decision.language) == ((Action.ESCALATE, Reason.UNSUPPORTED_LANGUAGE), "uk")
    assert decision.reply == bot.replies.courtesy("uk")
    assert decision.reply.startswith("Дякуємо")


def test_a_crisis_in_a_foreign_language_names_the_help_lines() -> None:
    bot = make_bot(FakeRetriever(), screen=FakeScreen({"leben": CRISIS}), general=FakeGeneralDetector([("de", 0.9)]))
    decision = bot.reply("ich will nicht mehr leben")
    assert decision.reason is Reason.CRISIS
    assert str(shipped_facts()["helpline_adults"].value) in decision.reply


# Hostile and odd conversations


@pytest.mark.parametrize(
    "message",
    [
        "\U0001f600" * 3_000,
        "a" * 4_000,
        "a b " * 1_000,
        "?" * 4_001,
        "\u202e\u0645\u0631\u062d\u0628\u0627 abc",
        "'; DROP TABLE --",
        "{{ fact.support_email }}",
        "[card] [pesel]",
        "\x00\ud800a",
        "<script>alert(1)</script>",
        "ile trwa wypłata\n" * 200,
    ],
)
@pytest.mark.parametrize("is_protected", [False, True])
def test_whatever_is_sent_gets_a_reply_in_words(message: str, is_protected: bool) -> None:
    bot = make_bot(FakeRetriever())
    decision = bot.reply(message, history=[message, "", "\ud800", message], is_protected=is_protected)
    assert decision.reply.strip()
    assert decision.action is not Action.ANSWER
    assert set(decision.to_json()) >= {"choices", "level", "protected"}
    assert bot.suggest(message, history=[message]) == []


def test_a_very_long_history_is_read_as_a_short_one() -> None:
    bot = make_bot(FakeRetriever({QUESTION: [candidate("payout", SURE)]}))
    assert bot.reply(QUESTION, history=["ok"] * 5_000) == bot.reply(QUESTION, history=["ok"])


@settings(max_examples=60, deadline=None)
@given(
    message=st.text(max_size=80),
    history=st.lists(st.sampled_from(["ile trwa wypłata", HARM, "a@b.pl", "\u200b", "I want it", "?"]), max_size=4),
    is_protected=st.sampled_from([None, False, True]),
)
def test_any_message_after_any_history_gets_a_decision_that_fits_together(
    message: str, history: list[str], is_protected: bool | None
) -> None:
    decision = make_bot(FakeRetriever(), screen=HEARS, signs=[LIFE]).reply(message, history, is_protected)
    assert decision.reply.strip()
    was_harm_shown = HARM in history if is_protected is None else is_protected
    assert decision.is_protected is (was_harm_shown or decision.reason is Reason.CRISIS)
    assert (decision.level is not None) is (decision.reason is Reason.CRISIS)
    assert bool(decision.choices) is (decision.reason is Reason.AMBIGUOUS and decision.action is Action.CLARIFY)
    assert json.loads(json.dumps(decision.to_json()))["protected"] is decision.is_protected


GERMAN = FakeGeneralDetector([("de", 0.9), ("en", 0.06), ("pl", 0.04)])


@pytest.mark.parametrize(("sure", "reason"), [(0.7, Reason.UNSUPPORTED_LANGUAGE), (0.95, Reason.CRISIS)])
def test_in_a_language_that_the_screen_does_not_know_only_what_it_is_very_sure_of_counts(
    sure: float, reason: Reason
) -> None:
    screen = FakeScreen({"Geld": {"crisis": sure, "crisis_harm": sure}})
    decision = make_bot(FakeRetriever(), screen=screen, general=GERMAN).reply("wo ist mein Geld geblieben")
    assert (decision.language, decision.reason) == ("de", reason)


def test_an_earlier_message_in_such_a_language_is_judged_by_the_same_measure() -> None:
    for sure, is_protected in ((0.7, False), (0.95, True)):
        screen = FakeScreen({"Geld": {"crisis": sure, "crisis_harm": sure}})
        bot = make_bot(FakeRetriever(), screen=screen, general=GERMAN)
        assert bot.reply("kiedy wyplata", ["wo ist mein Geld geblieben"]).is_protected is is_protected


def test_of_two_questions_each_article_keeps_the_confidence_that_its_own_half_gave_it() -> None:
    found = {
        BOTH: [candidate("password", EVEN), candidate("payout", WEAK)],
        PASSWORD: [candidate("password", SURE), candidate("x", WEAK)],
        MONEY: [candidate("payout", SURE), candidate("x", WEAK)],
    }
    articles = [article(name) for name in ("password", "payout", "x")]
    decision = make_bot(FakeRetriever(found), *articles).reply(BOTH)
    assert decision.articles == ("password", "payout")
    assert [c.confidence for c in decision.candidates[:2]] == pytest.approx([0.9933, 0.9933], abs=1e-3)
