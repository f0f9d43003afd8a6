"""A decision as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from api.reply_parts import Articles, readable, reply_choices, reply_language, reply_words
from api.text import to_html
from bot.decision import Decision, Reason
from knowledge_base.article import Language

CONTACT_ARTICLE = "contact-channels"
PERCENT_MAX = 99  # a calibrated chance is never a certainty


@dataclass(frozen=True)
class Link:
    """A way to an article."""

    id: str
    language: str
    title: str
    reviewed: date


@dataclass(frozen=True)
class ShownDecision:
    """What the answer's template needs; `language` is that of the reply, which may differ from the page's."""

    question: str
    action: str
    reason: str
    language: str
    html: Markup
    sources: tuple[Link, ...]
    choices: tuple[str, ...]
    percent: int | None
    masked: tuple[str, ...]


def shown(decision: Decision, articles: Articles) -> ShownDecision:
    """The decision, its sources and choices looked up in the articles it was made from."""
    language = reply_language(decision)
    return ShownDecision(
        question=decision.text,
        action=decision.action.value,
        reason=decision.reason.value,
        language=language.value,
        html=Markup(to_html(reply_words(decision))),  # noqa: S704 - to_html shows raw HTML as text
        sources=links(decision.articles, articles, language),
        choices=reply_choices(decision, articles),
        percent=_percent(decision),
        masked=tuple(dict.fromkeys(item.type.value for item in decision.masked)),
    )


def links(ids: Iterable[str], articles: Articles, language: Language) -> tuple[Link, ...]:
    """Ways to those of the articles that can be read in the language."""
    found = ((article_id, readable(articles, article_id, language)) for article_id in ids)
    return tuple(Link(article_id, language.value, text.title, text.reviewed) for article_id, text in found if text)


def _percent(decision: Decision) -> int | None:
    """How sure, where that says something: not beside small talk, nor beside a safety message."""
    if decision.reason not in {Reason.CONFIDENT, Reason.AMBIGUOUS, Reason.LOW_CONFIDENCE} or not decision.confidence:
        return None
    return min(PERCENT_MAX, round(decision.confidence * 100))
