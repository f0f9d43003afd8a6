"""From a message to a decision. A Bot is built once for an index, keeps no state, and is swapped whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.confidence import Confidence, confidence_features
from bot.decision import Action, Decision, Proposal, Reason
from bot.language import UNDETERMINED, LanguageDetector
from bot.masking import MaskedText, mask
from bot.ranking import Ranked, Ranking
from bot.rendering import Replies
from bot.retrieval import Retriever, Screen
from bot.screening import Screening, smalltalk_kind
from bot.text import words
from knowledge_base.article import Language, RiskClass
from knowledge_base.published import PublishedArticle

CHARACTERS_MAX = 4_000  # a longer message is no question any more; people read it, the bot does not
PROPOSALS = 5
CHOICES = 3
FOLLOW_UP_WORDS = 6  # longer messages stand alone
FOLLOW_UP_GAIN = 0.1  # reading it with the message before must be this much surer, lest a new subject be dragged back


@dataclass(frozen=True)
class Limits:
    """How sure the bot must be: to answer, and to ask which of a few is meant. Fitted for one index, stored with it."""

    answer: Mapping[str, float]  # by language
    clarify: float


@dataclass(frozen=True)
class Question:
    """A message on its way: masked, with its language and what was asked before."""

    masked: MaskedText
    language: str
    history: tuple[str, ...]
    screened: Mapping[str, float]  # the screen's probabilities; empty where there is nothing to screen

    @property
    def text(self) -> str:
        return self.masked.text

    @property
    def reply_language(self) -> Language:
        return Language(self.language) if self.language in set(Language) else Language.PL


@dataclass(frozen=True)
class Bot:
    """Everything a decision needs, for one published index."""

    articles: Mapping[str, PublishedArticle]
    retriever: Retriever
    screen: Screen
    screening: Screening
    ranking: Ranking
    confidence: Confidence
    limits: Limits
    languages: LanguageDetector
    replies: Replies
    today: Callable[[], date]

    def reply(self, message: str, history: Sequence[str] = ()) -> Decision:
        """What a player's message gets: an answer, a question back, a person, or a kind word."""
        question = self._understand(message, history)
        early = self._decide_without_articles(question)
        if early is not None:
            return early
        return self._decide(question, self._propose(question))

    def suggest(self, message: str, history: Sequence[str] = ()) -> list[Proposal]:
        """Which articles a consultant might answer with, best first, whatever kind of message it is."""
        question = self._understand(message, history)
        return self._propose(question)[0] if question.screened else []

    def _understand(self, message: str, history: Sequence[str]) -> Question:
        masked = mask(message)
        language = self.languages.detect(masked.text[:CHARACTERS_MAX])
        earlier = tuple(mask(m[:CHARACTERS_MAX]).text for m in history if m.strip())
        is_screened = bool(words(masked.text)) and len(masked.text) <= CHARACTERS_MAX
        return Question(masked, language, earlier, self.screen.screen(masked.text) if is_screened else {})

    def _decide_without_articles(self, question: Question) -> Decision | None:
        if not question.text:
            reply = self.replies.escalate(Reason.EMPTY, question.reply_language)
            return self._decision(question, Action.CLARIFY, Reason.EMPTY, reply)
        if len(question.text) > CHARACTERS_MAX:
            return self._escalate(question, self._verdict_of_long(question.text))
        if not words(question.text):
            return self._escalate(question, Reason.LOW_CONFIDENCE)
        reason = self.screening.verdict(question.screened)
        if reason is Reason.SMALLTALK:
            reply = self.replies.small_talk(smalltalk_kind(question.screened), question.reply_language)
            sure = question.screened["smalltalk"]
            return self._decision(question, Action.SMALLTALK, reason, reply, confidence=sure)
        if reason is Reason.CRISIS:
            return self._escalate(question, reason)
        if reason is None and question.language not in {*Language, UNDETERMINED}:
            reason = Reason.UNSUPPORTED_LANGUAGE
        return self._escalate(question, reason, self._propose(question)[0]) if reason else None

    def _verdict_of_long(self, text: str) -> Reason:
        """Nothing in a long message is answered, but crisis is heard anywhere in it."""
        pieces = (text[i : i + CHARACTERS_MAX] for i in range(0, len(text), CHARACTERS_MAX))
        is_crisis = any(self.screening.verdict(self.screen.screen(piece)) is Reason.CRISIS for piece in pieces)
        return Reason.CRISIS if is_crisis else Reason.TOO_LONG

    def _propose(self, question: Question) -> tuple[list[Proposal], float]:
        """Proposals, best first, and the chance that one of the first three is right."""
        alone = self._weigh(question.text, question.screened)
        if question.history and len(words(question.text)) <= FOLLOW_UP_WORDS:
            together = self._weigh(f"{question.history[-1]} {question.text}", question.screened)
            if together[0] and (not alone[0] or together[0][0].confidence > alone[0][0].confidence + FOLLOW_UP_GAIN):
                return together
        return alone

    def _weigh(self, text: str, screened: Mapping[str, float]) -> tuple[list[Proposal], float]:
        evidence = self.retriever.retrieve(text)
        ranked = self.ranking.rank(evidence.candidates)
        if not ranked:
            return [], 0.0
        features = confidence_features(ranked, evidence, len(words(text)), screened)
        first = self.confidence.first.probability(features)
        return _proposals(ranked, first), max(first, self.confidence.three.probability(features))

    def _decide(self, question: Question, proposed: tuple[list[Proposal], float]) -> Decision:
        proposals, three = proposed
        if not proposals:
            return self._escalate(question, Reason.LOW_CONFIDENCE)
        best = proposals[0]
        language = question.reply_language
        if best.confidence >= self.limits.answer[language]:
            obstacle = self._obstacle(self.articles[best.id], language)
            if obstacle:
                return self._escalate(question, obstacle, proposals)
            reply = self.replies.answer([self.articles[best.id].texts[language]], language)
            return self._decision(
                question, Action.ANSWER, Reason.CONFIDENT, reply, proposals, best.confidence, (best.id,)
            )
        texts = [self.articles[p.id].texts.get(language) for p in proposals[:CHOICES]]
        titles = [text.title for text in texts if text]
        if three >= self.limits.clarify and len(titles) > 1:
            reply = self.replies.clarify(titles, language)
            return self._decision(question, Action.CLARIFY, Reason.AMBIGUOUS, reply, proposals, best.confidence)
        return self._escalate(question, Reason.LOW_CONFIDENCE, proposals)

    def _obstacle(self, article: PublishedArticle, language: Language) -> Reason | None:
        """Why the bot may not answer with this article by itself."""
        text = article.texts.get(language)
        if article.risk is RiskClass.HUMAN:
            return Reason.NEEDS_PERSON
        if article.risk is RiskClass.DRAFT:
            return Reason.DRAFT_ONLY
        if text is None or not text.body:
            return Reason.INCOMPLETE
        return Reason.OUTDATED if text.review_by < self.today() else None

    def _escalate(self, question: Question, reason: Reason, proposals: Sequence[Proposal] = ()) -> Decision:
        reply = self.replies.escalate(reason, question.reply_language)
        confidence = proposals[0].confidence if proposals else 0.0
        return self._decision(question, Action.ESCALATE, reason, reply, proposals, confidence)

    def _decision(
        self,
        question: Question,
        action: Action,
        reason: Reason,
        reply: str,
        proposals: Sequence[Proposal] = (),
        confidence: float = 0.0,
        articles: tuple[str, ...] = (),
    ) -> Decision:
        return Decision(
            action, reason, confidence, question.language, articles, tuple(proposals[:PROPOSALS]),
            question.text, question.masked.items, reply,
        )  # fmt: skip


def _proposals(ranked: Sequence[Ranked], first: float) -> list[Proposal]:
    """The first gets the calibrated confidence, the others theirs in proportion to their shares."""
    top = ranked[0].share or 1.0
    left = 1 - first
    return [
        Proposal(r.candidate.article_id, first if i == 0 else min(first, left, first * r.share / top))
        for i, r in enumerate(ranked[:PROPOSALS])
    ]
