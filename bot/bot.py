"""From a message to a decision. A Bot is built once for an index, keeps no state, and is swapped whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.confidence import Confidence
from bot.decision import Action, Decision, Proposal, Reason
from bot.follow_up import may_follow_up
from bot.greeting import without_greeting
from bot.language import UNDETERMINED, LanguageDetector
from bot.masking import SECRETS, mask, mentions_masked
from bot.question import CHARACTERS_MAX, Question, pieces
from bot.ranking import Ranking
from bot.reading import Reader, Reading
from bot.rendering import Replies
from bot.retrieval import Retriever, Screen
from bot.screening import ANSWERED_SURELY, Screening, Verdict, crisis_level, smalltalk_kind
from bot.text import words
from knowledge_base.article import Language, RiskClass
from knowledge_base.promotion import is_promotional
from knowledge_base.published import PublishedArticle

PROPOSALS = 5
CHOICES = 3
CHOICE_SHARE = 0.15  # of the first choice's confidence: what is less probable only confuses
EARLIER_SCREENED = 200  # earlier messages looked at for harm, newest first; a caller with a memory says so instead
FOREIGN_CRISIS_MIN = 0.9  # German 'where is my money' reached 0.7; what is called Slovak may be Polish in distress
HELPED_MEANWHILE = frozenset({Reason.ACCOUNT_SPECIFIC, Reason.COMPLAINT, Reason.FRAUD, Reason.HUMAN_REQUESTED})


@dataclass(frozen=True)
class Limits:
    """How sure the bot must be: to answer, and to ask which of a few is meant. Fitted for one index, stored with it."""

    answer: Mapping[Language, Mapping[RiskClass, float]]
    clarify: float


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

    def reply(self, message: str, history: Sequence[str] = (), is_protected: bool | None = None) -> Decision:
        """What a player's message gets: an answer, a question back, a person, or a kind word.

        `history` are the player's earlier messages, oldest first. A caller with a memory says by `is_protected` whether
        harm was shown earlier; without it the earlier messages are screened again.
        """
        question = self._understand(message, history, is_protected)
        decision = self._decide_without_articles(question) or self._decide(question, self._read(question))
        return self._with_privacy_note(decision, question)

    def suggest(self, message: str, history: Sequence[str] = (), is_protected: bool | None = None) -> list[Proposal]:
        """Which articles a consultant might answer with, best first; none where harm was just heard."""
        question = self._understand(message, history, is_protected)
        if not question.screened or question.verdict.reason is Reason.CRISIS:
            return []
        return list(self._read(question).proposals[:PROPOSALS])

    @property
    def _reader(self) -> Reader:
        return Reader(self.retriever, self.ranking, self.confidence, self.articles)

    def _understand(self, message: str, history: Sequence[str], is_protected: bool | None) -> Question:
        masked = mask(message)
        earlier = tuple(m for m in map(mask, history) if m.text)
        asked = without_greeting(masked.text)
        is_screened = bool(words(masked.text)) and len(masked.text) <= CHARACTERS_MAX
        screened = self.screen.screen(asked) if is_screened else {}
        language = self.languages.detect(masked.text[:CHARACTERS_MAX])
        texts = tuple(without_greeting(m.text) for m in earlier)
        goes_on = bool(texts) and may_follow_up(asked)
        verdict = self._judged(asked, screened, language, goes_on=goes_on) if is_screened else Verdict()
        return Question(
            masked=masked,
            asked=asked,
            language=language,
            history=texts,
            screened=screened,
            verdict=verdict,
            was_harm_shown=self._shown_before(texts) if is_protected is None else is_protected,
            was_told_to_hide=any(
                (m.items or mentions_masked(m.text)) and not self._shows_harm(m.text) for m in earlier
            ),
        )

    def _judged(self, text: str, screened: Mapping[str, float], language: str, *, goes_on: bool = False) -> Verdict:
        """The screen's verdict; of a language that it does not know, only what it is very sure of.

        Where it is in doubt about harm, it hears it unless an article surely answers the message. What goes on from an
        earlier message (`goes_on`) is no such case: half a sentence is hardly ever answered surely.
        """
        verdict = self.screening.verdict(text, screened)
        if language not in {*Language, UNDETERMINED} and not self.screening.signs.found(text):
            is_sure = verdict.reason is Reason.CRISIS and screened.get("crisis", 0.0) >= FOREIGN_CRISIS_MIN
            return verdict if is_sure else Verdict()
        if verdict.reason is None and not goes_on and self.screening.is_in_doubt(screened):
            is_answered = self._reader.weigh(text, screened).first >= ANSWERED_SURELY
            return verdict if is_answered else Verdict(Reason.CRISIS, crisis_level(screened))
        return verdict

    def _shown_before(self, texts: Sequence[str]) -> bool:
        latest = list(enumerate(texts))[-EARLIER_SCREENED:]
        return any(self._shows_harm(text, is_first=position == 0) for position, text in reversed(latest))

    def _shows_harm(self, text: str, *, is_first: bool = False) -> bool:
        if not words(text):
            return False
        language = self.languages.detect(text[:CHARACTERS_MAX])
        asked = without_greeting(text)
        goes_on = not is_first and may_follow_up(asked)
        judged = (self._judged(piece, self.screen.screen(piece), language, goes_on=goes_on) for piece in pieces(asked))
        return any(verdict.reason is Reason.CRISIS for verdict in judged)

    def _decide_without_articles(self, question: Question) -> Decision | None:
        if not question.text:
            reply = self.replies.escalate(Reason.EMPTY, question.reply_language)
            return self._decision(question, Action.CLARIFY, Reason.EMPTY, reply)
        if len(question.text) > CHARACTERS_MAX:
            return self._hand_over_long(question)
        if not words(question.text):
            return self._escalate(question, Reason.LOW_CONFIDENCE)
        reason = question.verdict.reason
        if reason is Reason.SMALLTALK:
            reply = self.replies.small_talk(smalltalk_kind(question.screened), question.reply_language)
            sure = question.screened["smalltalk"]
            return self._decision(question, Action.SMALLTALK, reason, reply, confidence=sure)
        if reason is Reason.CRISIS:
            return self._hear(question)
        if reason is None and question.language not in {*Language, UNDETERMINED}:
            reason = Reason.UNSUPPORTED_LANGUAGE
        return self._escalate(question, reason, self._read(question).proposals) if reason else None

    def _hand_over_long(self, question: Question) -> Decision:
        """Nothing in a long message is answered, but crisis is heard anywhere in it."""
        text = question.text
        for piece in pieces(text):
            verdict = self._judged(piece, self.screen.screen(piece), question.language)
            if verdict.reason is Reason.CRISIS:
                return self._hear(replace(question, verdict=verdict))
        return self._escalate(question, Reason.TOO_LONG)

    def _hear(self, question: Question) -> Decision:
        """No article, no offer: help lines, a person, and the way out of play."""
        reply = self.replies.crisis(question.verdict.level, question.reply_language, is_again=question.was_harm_shown)
        return self._decision(question, Action.ESCALATE, Reason.CRISIS, reply)

    def _read(self, question: Question) -> Reading:
        """What the message asks for; nothing that speaks of offers after harm was shown."""
        reading = self._reader.read(question)
        if question.was_harm_shown:
            reading = reading.without(lambda article_id: is_promotional(self.articles[article_id]))
        return reading

    def _decide(self, question: Question, reading: Reading) -> Decision:
        if not reading.proposals:
            return self._escalate(question, Reason.LOW_CONFIDENCE)
        if reading.halves:
            decision = self._decide_both(question, reading)
            if decision is not None:
                return decision
        best, language = reading.proposals[0], question.reply_language
        if self._is_sure(best, language):
            obstacle = self._obstacle(self.articles[best.id], language)
            if obstacle:
                return self._escalate(question, obstacle, reading.proposals)
            reply = self.replies.answer([self.articles[best.id].texts[language]], language)
            return self._decision(
                question, Action.ANSWER, Reason.CONFIDENT, reply, reading.proposals, best.confidence, (best.id,)
            )
        choices = self._choices(reading, language)
        if not choices:
            return self._escalate(question, Reason.LOW_CONFIDENCE, reading.proposals)
        if question.history and self._was_in_doubt(question):
            return self._escalate(question, Reason.AMBIGUOUS, reading.proposals)
        reply = self.replies.clarify([self.articles[c].texts[language].title for c in choices], language)
        asking = self._decision(question, Action.CLARIFY, Reason.AMBIGUOUS, reply, reading.proposals, best.confidence)
        return replace(asking, choices=choices)

    def _decide_both(self, question: Question, reading: Reading) -> Decision | None:
        """Two questions: both answered in order, or the sure one, with the other handed over by name.

        So is one about an offer, once harm was shown: no offer is shown, but nor is a question passed over in silence.
        """
        language = question.reply_language
        answered = [h.best for h in reading.halves if h.best and self._can_answer(h.best, language)]
        left = [half for half in reading.halves if half.best not in answered]
        is_sure = reading.is_plainly_double or any(half.best is None for half in left)
        if not answered or (left and not is_sure):
            return None
        reply = self.replies.answer([self.articles[p.id].texts[language] for p in answered], language)
        for half in left:
            reply += "\n\n" + self.replies.handed_over(half.text, language)
        return self._decision(
            question, Action.ANSWER, Reason.PARTLY if left else Reason.CONFIDENT, reply, reading.proposals,
            min(p.confidence for p in answered), tuple(p.id for p in answered),
        )  # fmt: skip

    def _is_sure(self, proposal: Proposal, language: Language) -> bool:
        limits = self.limits.answer[language]
        return proposal.confidence >= limits.get(self.articles[proposal.id].risk, max(limits.values()))

    def _can_answer(self, proposal: Proposal, language: Language) -> bool:
        return self._is_sure(proposal, language) and not self._obstacle(self.articles[proposal.id], language)

    def _choices(self, reading: Reading, language: Language) -> tuple[str, ...]:
        """Two or three articles of which one is probably meant; () if that cannot be said."""
        if reading.three < self.limits.clarify:
            return ()
        first = reading.proposals[0].confidence
        likely = [p.id for p in reading.proposals[:CHOICES] if p.confidence >= CHOICE_SHARE * first]
        shown = tuple(article_id for article_id in likely if language in self.articles[article_id].texts)
        return shown if len(shown) > 1 else ()

    def _was_in_doubt(self, question: Question) -> bool:
        """Whether the message before was in doubt too: asking back twice in a row helps nobody."""
        before = self._understand(question.history[-1], (), question.was_harm_shown)
        if before.verdict.reason is not None or not before.screened:
            return False
        reading = self._read(before)
        language = before.reply_language
        is_answered = bool(reading.proposals) and self._is_sure(reading.proposals[0], language)
        return not is_answered and bool(reading.proposals) and bool(self._choices(reading, language))

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
        language = question.reply_language
        if reason is Reason.UNSUPPORTED_LANGUAGE:
            reply = self.replies.courtesy(question.language)
        else:
            reply = self.replies.escalate(reason, language)
        if reason in HELPED_MEANWHILE and proposals and self._is_sure(proposals[0], language):
            article = self.articles[proposals[0].id]
            if self._obstacle(article, language) is None:
                reply += "\n\n" + self.replies.meanwhile(article.texts[language], language)
        confidence = proposals[0].confidence if proposals else 0.0
        return self._decision(question, Action.ESCALATE, reason, reply, proposals, confidence)

    def _with_privacy_note(self, decision: Decision, question: Question) -> Decision:
        """Told once, kindly, not to send personal data; a password or security code is named each time."""
        kinds = {item.type for item in decision.masked}
        is_secret = bool(kinds & SECRETS)
        if not kinds or decision.reason is Reason.CRISIS or (question.was_told_to_hide and not is_secret):
            return decision
        note = self.replies.privacy_note(question.reply_language, is_secret=is_secret)
        return replace(decision, reply=f"{decision.reply}\n\n{note}")

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
            level=question.verdict.level,
            is_protected=question.was_harm_shown or reason is Reason.CRISIS,
        )  # fmt: skip
