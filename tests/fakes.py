"""Stand-ins for the engine: a bot with fixed decisions, so that no test needs a model or an index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from bot.decision import Action, Decision, Proposal, Reason
from bot.masking import mask
from indexer.nearness import Nearness
from knowledge_base.article import Language, RiskClass
from knowledge_base.published import PublishedArticle, PublishedText

if TYPE_CHECKING:
    from api.engine import Engine

REVIEWED = date(2026, 11, 23)
WITHDRAWAL_PL = (
    "Wypłata składa się z dwóch etapów: najpierw sprawdzamy zlecenie, a potem pieniądze idą wybraną metodą.\n\n"
    "- Skrill, Neteller, PayPal: do 24\N{NO-BREAK SPACE}godzin,\n"
    "- przelew bankowy: 1-3 dni robocze,\n- karta: 2-5 dni roboczych.\n\n"
    "Na jakim etapie jest zlecenie, zobaczysz w **Moje konto > Historia**."
)
WITHDRAWAL_EN = "First we check the order, then the money goes by the chosen method. See **My account > History**."


def article(article_id: str, pl: tuple[str, str | None], en: tuple[str, str | None], **more: Any) -> PublishedArticle:
    """A published article from (title, body) in both languages."""
    texts = {
        language: PublishedText(title, body, (), REVIEWED, date(2027, 5, 31))
        for language, (title, body) in ((Language.PL, pl), (Language.EN, en))
    }
    return PublishedArticle(article_id, "withdrawals", more.get("risk", RiskClass.AUTO), more.get("related", ()), texts)


ARTICLES = {
    a.id: a
    for a in (
        article(
            "withdrawal-time",
            ("Ile trwa wypłata", WITHDRAWAL_PL + " Zobacz też [statusy wypłat](article:withdrawal-pending)."),
            ("How long a withdrawal takes", WITHDRAWAL_EN),
            related=("withdrawal-pending", "draft"),
        ),
        article("withdrawal-pending", ("Statusy wypłat", "Co znaczą."), ("Withdrawal statuses", "What they mean.")),
        article("rg-help", ("Gdzie szukać pomocy", "Tutaj."), ("Where to find help", "Here.")),
        article("contact-channels", ("Jak się z nami skontaktować", "Tak."), ("How to contact us", "Like this.")),
        article("draft", ("Szkic", "Tekst."), ("Draft", "Text."), risk=RiskClass.DRAFT),
        article("gap", ("Bez liczby", None), ("Without a figure", None)),
    )
}


def decision(action: Action, reason: Reason, reply: str, **more: Any) -> Decision:
    """A decision with what matters given, the rest empty."""
    empty = Decision(action, reason, 0.0, "pl", (), (), "", (), reply)
    return replace(empty, **more)


ANSWER = decision(
    Action.ANSWER, Reason.CONFIDENT, f"{WITHDRAWAL_PL}\n\n*Źródło: Ile trwa wypłata, sprawdzone 23 listopada 2026.*",
    confidence=0.93, articles=("withdrawal-time",), candidates=(Proposal("withdrawal-time", 0.93),),
)  # fmt: skip
CLARIFY = decision(
    Action.CLARIFY, Reason.AMBIGUOUS,
    "Chcę dobrze trafić. O którą z tych spraw chodzi?\n\n- Ile trwa wypłata\n- Statusy wypłat\n- coś innego",
    confidence=0.41, candidates=(Proposal("withdrawal-time", 0.41), Proposal("withdrawal-pending", 0.32)),
    choices=("withdrawal-time", "withdrawal-pending"),
)  # fmt: skip
ESCALATE = decision(Action.ESCALATE, Reason.LOW_CONFIDENCE, "Nie mam na to pewnej odpowiedzi, więc nie będę zgadywać.")
DECISIONS: Mapping[str, Decision] = {
    "kiedy przyjdą pieniądze": ANSWER,
    "Ile trwa wypłata": ANSWER,
    "wypłata": CLARIFY,
    "jesteś tam": decision(Action.SMALLTALK, Reason.SMALLTALK, "Dzień dobry, jestem asystentem.", confidence=0.97),
    "": decision(Action.CLARIFY, Reason.EMPTY, "Napisz, proszę, w czym mogę pomóc.", language="und"),
}


class FakeReplies:
    """Says the reason and the language."""

    def escalate(self, reason: Reason, language: Language) -> str:
        """Words of a hand-over."""
        return f"A person takes over ({reason.value}, {language.value})."


class FakeLines:
    """The retriever's other duty: the line of an article that explains the choice."""

    def best_line(self, question: str, article_id: str, language: Language) -> str | None:
        """Always the same line."""
        return f"line of {article_id}"

    nearness = Nearness(0.9, 0.95)

    def nearest_phrasings(self, text: str, count: int) -> list[tuple[str, str, float]]:
        """One phrasing of another article, which only its own words are near to."""
        return [("status mojej wypłaty", "withdrawal-pending", 0.97 if "status" in text else 0.2)]


class FakeLanguages:
    """English by some of its words, Polish otherwise."""

    def detect(self, text: str) -> str:
        """'en' or 'pl'."""
        return "en" if {"the", "my", "hello", "where", "first", "is", "when"} & set(text.lower().split()) else "pl"


@dataclass
class FakeBot:
    """Answers from a table, anything else with ESCALATE; remembers what it was asked."""

    decisions: Mapping[str, Decision] = field(default_factory=lambda: DECISIONS)
    articles: Mapping[str, PublishedArticle] = field(default_factory=lambda: ARTICLES)
    before_reply: Callable[[], object] = lambda: None
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    protected: list[bool | None] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=lambda: list(ANSWER.candidates))
    replies: FakeReplies = field(default_factory=FakeReplies)
    retriever: FakeLines = field(default_factory=FakeLines)
    languages: FakeLanguages = field(default_factory=FakeLanguages)

    def reply(self, text: str, history: Sequence[str] = (), is_protected: bool | None = None) -> Decision:
        """The decision of the table, about the masked text."""
        self.before_reply()
        self.asked.append((text, tuple(history)))
        self.protected.append(is_protected)
        masked = mask(text)
        found = self.decisions.get(masked.text, ESCALATE)
        is_harm = bool(is_protected) or found.reason is Reason.CRISIS
        return replace(found, text=masked.text, masked=masked.items, is_protected=is_harm)

    def suggest(self, text: str, history: Sequence[str] = (), is_protected: bool | None = None) -> list[Proposal]:
        """The same few proposals, whatever the text."""
        return self.proposals


def fake_engine(bot: FakeBot | None = None) -> Engine:
    """An engine around a fake bot."""
    manifest = SimpleNamespace(version="test", model="none", counts={"articles": len(ARTICLES)})
    return cast("Engine", SimpleNamespace(bot=bot or FakeBot(), manifest=manifest))
