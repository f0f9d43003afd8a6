"""From a decision to drafts: which articles, what of them, and the words around it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from rapidfuzz import fuzz

from api.conversations.protection import without_promotion
from api.suggestions.values import Draft
from bot.bot import Bot
from bot.decision import Proposal
from bot.text import fold
from knowledge_base.article import Language

TEMPLATES = Path(__file__).parent / "templates"
DRAFTS = 3
NEAREST = 5
CONFIDENCE_MIN = 0.15  # below it a draft costs more reading than it saves typing; the title is enough
WHOLE_MAX = 900  # characters; a longer article is cut to the paragraphs nearest to the question
LETTER_MAX = 3_000  # in a letter, which is read in peace and answers what would be asked next
_ARTICLE_LINK = re.compile(r"\[([^\]]+)\]\(article:[\w-]+\)")


def drafts(
    bot: Bot,
    question: str,
    language: Language,
    proposals: Sequence[Proposal],
    *,
    is_protected: bool,
    most: int = WHOLE_MAX,
) -> list[Draft]:
    """Up to three, best first; never a promotion for a protected player, never a text with a missing fact."""
    fit = without_promotion(proposals, bot.articles) if is_protected else tuple(proposals)
    made = []
    for proposal in fit:
        article = bot.articles.get(proposal.id)
        text = article.texts.get(language) if article else None
        if text is None or text.body is None or proposal.confidence < CONFIDENCE_MIN:
            continue
        why = bot.retriever.best_line(question, proposal.id, language)
        body = fitted(plain(text.body), question, most)
        made.append(Draft(proposal.id, language.value, proposal.confidence, why, body))
    return made[:DRAFTS]


def fitted(body: str, question: str, most: int = WHOLE_MAX) -> str:
    """The body, or of a long one its beginning and the paragraphs that share most with the question, in order."""
    if len(body) <= most:
        return body
    blocks = _blocks(body)
    asked = fold(question)
    by_nearness = sorted(range(1, len(blocks)), key=lambda i: -fuzz.token_set_ratio(asked, fold(blocks[i])))
    kept, length = {0}, len(blocks[0])
    for i in by_nearness:
        if length + len(blocks[i]) <= most:
            kept.add(i)
            length += len(blocks[i])
    return "\n\n".join(blocks[i] for i in sorted(kept))


def plain(body: str) -> str:
    """An article's body without links to other articles: their words stay."""
    return _ARTICLE_LINK.sub(r"\1", body)


def counterpart(draft: str, body: str, other_body: str) -> str:
    """What a draft cut out of `body` says in the other language: the same paragraphs, or all where they do not pair."""
    blocks, others = _blocks(plain(body)), _blocks(plain(other_body))
    kept = _blocks(draft)
    if len(blocks) != len(others) or any(each not in blocks for each in kept):
        return plain(other_body)
    return "\n\n".join(other for block, other in zip(blocks, others, strict=True) if block in kept)


def render(channel: str, language: Language, **values: str | bool) -> str:
    """A draft's words around the answer."""
    return _environment().get_template(f"{language.value}/{channel}.md").render(**values).strip()


def _blocks(body: str) -> list[str]:
    """Paragraphs; one that ends in a colon stays with what it introduces."""
    blocks: list[str] = []
    for paragraph in body.split("\n\n"):
        if blocks and blocks[-1].rstrip().endswith(":"):
            blocks[-1] += "\n\n" + paragraph
        else:
            blocks.append(paragraph)
    return blocks


@functools.cache
def _environment() -> ImmutableSandboxedEnvironment:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    return ImmutableSandboxedEnvironment(loader=loader, undefined=jinja2.StrictUndefined, autoescape=False)
