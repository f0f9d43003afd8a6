"""What a message asks for: by itself, in the light of the message before, or as two questions at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.confidence import Confidence, confidence_features
from bot.decision import Proposal
from bot.double import Cut, cuts
from bot.follow_up import SURE_ALONE, in_context, joined, may_follow_up, spoken_of
from bot.question import Question
from bot.ranking import Ranked, Ranking
from bot.retrieval import Retriever
from bot.text import words
from knowledge_base.published import PublishedArticle

PROPOSALS = 5
# How surely each half must find an article of its own, by how clearly the message asks two things. Of 750 single
# questions these limits took 20 for two, and of 85 double ones they recognised 66 with both articles right.
PLAIN_HALF_CONFIDENCE = 0.35  # at a sentence's end or a turn, and both halves ask
ASKING_HALF_CONFIDENCE = 0.6  # both halves ask
HALF_CONFIDENCE = 0.85
# Halves are looked up only if their words lead to two articles among the whole message's best: half as many single
# questions with a joint in them are, and of 139 double ones that were recognised 135 still are.
NEAR_THE_WHOLE = 10


@dataclass(frozen=True)
class Half:
    """One of two questions, with what it finds; nothing where that may not be shown."""

    text: str
    best: Proposal | None


@dataclass(frozen=True)
class Reading:
    """Proposals, best first, the chance that one of the first three is right, and the halves of a double question."""

    proposals: tuple[Proposal, ...] = ()
    three: float = 0.0
    halves: tuple[Half, ...] = ()
    is_plainly_double: bool = False

    @property
    def first(self) -> float:
        """The confidence of the best proposal; 0 without any."""
        return self.proposals[0].confidence if self.proposals else 0.0

    def without(self, is_unwanted: Callable[[str], bool]) -> Reading:
        """The same without some articles; a half that found one stays, to be named to a person."""
        halves = tuple(Half(h.text, None if h.best and is_unwanted(h.best.id) else h.best) for h in self.halves)
        return Reading(
            tuple(p for p in self.proposals if not is_unwanted(p.id)),
            self.three,
            halves if any(half.best for half in halves) else (),
            self.is_plainly_double,
        )


@dataclass(frozen=True)
class Reader:
    """Reads messages over one index."""

    retriever: Retriever
    ranking: Ranking
    confidence: Confidence
    articles: Mapping[str, PublishedArticle]

    def read(self, question: Question) -> Reading:
        """Alone, in the light of the messages before, or as two questions."""
        ranked, alone = self._look_up(question.asked, question.screened)
        two = self._as_two(question, ranked, alone)
        if two is not None and two.is_plainly_double:
            return two
        if question.history and alone.first < SURE_ALONE and may_follow_up(question.asked):
            return self._in_context(question, ranked, alone)
        return two or alone

    def weigh(self, text: str, screened: Mapping[str, float]) -> Reading:
        """A text by itself."""
        return self._look_up(text, screened)[1]

    def _look_up(self, text: str, screened: Mapping[str, float]) -> tuple[list[Ranked], Reading]:
        evidence = self.retriever.retrieve(text)
        ranked = self.ranking.rank(evidence.candidates)
        if not ranked:
            return [], Reading()
        features = confidence_features(ranked, evidence, len(words(text)), screened)
        first = self.confidence.first.probability(features)
        return ranked, Reading(_proposals(ranked, first), max(first, self.confidence.three.probability(features)))

    def _in_context(self, question: Question, alone_ranked: Sequence[Ranked], alone: Reading) -> Reading:
        """Added up with what was spoken of; no surer than the surer of both readings."""
        before, _reading = self._look_up(spoken_of(question.history), {})
        together_ranked, together = self._look_up(joined(question.history, question.asked), question.screened)
        if not before or not alone_ranked:
            return together if not alone_ranked else alone
        shares = in_context(alone_ranked, together_ranked, before[0].candidate.article_id, self.articles)
        sure = max(alone.first, together.first)
        proposals = tuple(Proposal(article_id, sure * share) for article_id, share in shares[:PROPOSALS])
        three = max(alone.three, together.three) * sum(share for _id, share in shares[:3])
        return Reading(proposals, max(three, proposals[0].confidence))

    def _as_two(self, question: Question, ranked: Sequence[Ranked], alone: Reading) -> Reading | None:
        """The message as two questions, if each half surely finds an article of its own."""
        best: tuple[float, Cut, Reading, Reading] | None = None
        near = tuple(r.candidate.article_id for r in ranked[:NEAR_THE_WHOLE])
        for cut in cuts(question.asked, question.reply_language):
            if not self.retriever.lead_apart(cut.first, cut.second, near):
                continue
            first, second = (self.weigh(half, question.screened) for half in (cut.first, cut.second))
            if not first.proposals or not second.proposals or first.proposals[0].id == second.proposals[0].id:
                continue
            sure = min(first.first, second.first)
            if sure >= _needed(cut) and (best is None or sure > best[0]):
                best = sure, cut, first, second
        if best is None:
            return None
        _sure, cut, first, second = best
        found = first.proposals[0], second.proposals[0]
        halves = tuple(Half(text, best) for text, best in zip((cut.first, cut.second), found, strict=True))
        ordered: dict[str, Proposal] = {}
        for proposal in (*found, *alone.proposals, *first.proposals[1:], *second.proposals[1:]):
            ordered.setdefault(proposal.id, proposal)
        return Reading(tuple(ordered.values())[:PROPOSALS], alone.three, halves, is_plainly_double=cut.is_plain)


def _needed(cut: Cut) -> float:
    if cut.is_plain:
        return PLAIN_HALF_CONFIDENCE
    return ASKING_HALF_CONFIDENCE if cut.both_ask else HALF_CONFIDENCE


def _proposals(ranked: Sequence[Ranked], first: float) -> tuple[Proposal, ...]:
    """The first gets the calibrated confidence, the others theirs in proportion to their shares."""
    top = ranked[0].share or 1.0
    left = 1 - first
    return tuple(
        Proposal(r.candidate.article_id, first if i == 0 else min(first, left, first * r.share / top))
        for i, r in enumerate(ranked[:PROPOSALS])
    )
