"""Fakes for what a bot is given: a retriever, a screen, a language detector; and a bot made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bot.bot import Bot, Limits
from bot.confidence import RAW_VIEWS, Confidence, Logistic
from bot.language import LanguageDetector
from bot.ranking import Ranking
from bot.rendering import Replies
from bot.retrieval import Candidate, Evidence
from bot.screening import Label, Screening
from bot.signs import Signs
from knowledge_base.article import Language, RiskClass
from knowledge_base.facts import Fact, read_facts
from knowledge_base.published import PublishedArticle, PublishedText
from knowledge_base.reading import SHIPPED
from knowledge_base.signs import Sign

TODAY = date(2026, 12, 1)
SPECIAL_LIMIT = 0.5


def shipped_facts() -> dict[str, Fact]:
    """The facts that the shipped replies quote."""
    return read_facts(SHIPPED / "facts.yaml")[0]


def candidate(article_id: str, strength: float = 1.0, **views: float) -> Candidate:
    """A candidate with this strength in every view but those given."""
    scores = dict.fromkeys(RAW_VIEWS, strength) | views
    return Candidate(article_id, scores, scores)


@dataclass
class FakeRetriever:
    """Finds what it was told to; remembers what it was asked."""

    found: Mapping[str, Sequence[Candidate]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    together: Sequence[str] = ()  # texts whose words lead nowhere of their own

    def lead_apart(self, first: str, second: str, among: Sequence[str]) -> bool:
        return first not in self.together and second not in self.together

    def retrieve(self, question: str) -> Evidence:
        self.asked.append(question)
        return Evidence(self.found.get(question, ()), 1.0)

    def best_line(self, question: str, article_id: str, language: Language) -> str | None:
        return f"{language}: {article_id} for {question}"


@dataclass
class FakeScreen:
    """Takes messages for ordinary unless told otherwise by a word in them; remembers what it was shown."""

    signs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)

    def screen(self, message: str) -> Mapping[str, float]:
        self.shown.append(message)
        for sign, probabilities in self.signs.items():
            if sign in message:
                return probabilities
        return {Label.ORDINARY: 1.0}


@dataclass
class FakeGeneralDetector:
    """Always of the same opinion; remembers the texts it was asked about."""

    opinion: Sequence[tuple[str, float]] = ()
    asked: list[str] = field(default_factory=list)

    def __call__(self, text: str) -> list[tuple[str, float]]:
        self.asked.append(text)
        return list(self.opinion)


def article(
    article_id: str,
    *,
    risk: RiskClass = RiskClass.AUTO,
    category: str = "any",
    body: str | None = "Treść.",
    review_by: date = date(2027, 6, 30),
    languages: Sequence[Language] = tuple(Language),
    related: Sequence[str] = (),
) -> PublishedArticle:
    """A published article; its title is its id with the language."""
    phrasings = {
        Language.PL: ("ile trwa wypłata pieniędzy", "kiedy wypłata", "jak zmienić hasło", "jak szybko"),
        Language.EN: ("how long does the withdrawal take", "when is the withdrawal", "how to change the password"),
    }
    texts = {
        language: PublishedText(f"{article_id} ({language})", body, phrasings[language], date(2026, 11, 23), review_by)
        for language in languages
    }
    return PublishedArticle(article_id, category, risk, tuple(related), texts)


def make_bot(
    retriever: FakeRetriever,
    *articles: PublishedArticle,
    screen: FakeScreen | None = None,
    general: FakeGeneralDetector | None = None,
    today: date = TODAY,
    hour: int = 18,
    signs: Sequence[Sign] = (),
    answer_from: Mapping[Language, Mapping[RiskClass, float]] | None = None,
    unanswered: float | None = None,
) -> Bot:
    """A bot that is surer, by hand: strength 1.0 -> 0.993, 0.7 -> 0.881, 0.5 -> 0.5, 0.2 -> 0.047.

    It answers from 0.8 and asks back when the view 'centroid' says by 0.6 or more that one of three is right.
    """
    known = articles or (article("payout"), article("password"), article("bonus"))
    everywhere = {language: {RiskClass.AUTO: 0.8, RiskClass.PROTECT: 0.8} for language in Language}
    return Bot(
        articles={a.id: a for a in known},
        retriever=retriever,
        screen=screen or FakeScreen(),
        screening=Screening(dict.fromkeys(list(Label)[:7], SPECIAL_LIMIT), Signs(signs), unanswered),
        ranking=Ranking({"phrasing": 10.0}),
        confidence=Confidence(
            first=Logistic({"raw_phrasing": 10.0}, -5.0), three=Logistic({"raw_centroid": 10.0}, -5.0)
        ),
        limits=Limits(answer_from or everywhere, clarify=0.6),
        languages=LanguageDetector([article("payout")], general or FakeGeneralDetector([("pl", 0.9)])),
        replies=Replies(shipped_facts(), lambda: datetime(2026, 12, 1, hour, 0, tzinfo=UTC)),
        today=lambda: today,
    )
