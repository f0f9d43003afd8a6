"""How a bot answers a question and why, in words that need no explaining."""

from __future__ import annotations

from api.publishing.values import EvidenceLine, Sight
from bot.bot import Bot
from bot.decision import Proposal
from bot.language import language_of_reply
from bot.text import folded_words, stems, words
from knowledge_base.article import Language

EVIDENCE_MAX = 5


def look(bot: Bot, text: str) -> Sight:
    """The decision, and for each article that came near what speaks for it."""
    decision = bot.reply(text)
    language = language_of_reply(decision.language)
    proposals = decision.candidates or tuple(bot.suggest(text))
    lines = tuple(_line(bot, decision.text, proposal, language) for proposal in proposals[:EVIDENCE_MAX])
    return Sight(decision, lines)


def _line(bot: Bot, text: str, proposal: Proposal, language: Language) -> EvidenceLine:
    known = bot.articles[proposal.id].texts.get(language)
    title = known.title if known else proposal.id
    phrasing = bot.retriever.best_line(text, proposal.id, language)
    return EvidenceLine(proposal.id, title, proposal.confidence, phrasing, shared_words(text, f"{title} {phrasing}"))


def shared_words(text: str, line: str) -> tuple[str, ...]:
    """The words of a text, as typed, that a line has too, in whatever form."""
    known = {stem for word in words(line) for language in Language for stem in stems(word, language)}
    found = (w for w in words(text) if any(stems(w, la) & known for la in Language) and len(folded_words(w)[0]) > 2)
    return tuple(dict.fromkeys(found))
