"""A decision's reply taken apart for a screen: the words, the choices as buttons, the sources as links."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.decision import Action, Decision
from bot.language import language_of_reply
from knowledge_base.article import Language, RiskClass
from knowledge_base.published import PublishedArticle, PublishedText

Articles = Mapping[str, PublishedArticle]
_SOURCE = re.compile(r"\*(?:Źródło|Source): .*\*")  # not just any italics: a note on privacy is in italics too


def reply_language(decision: Decision) -> Language:
    """The language the reply is written in."""
    return language_of_reply(decision.language)


def reply_words(decision: Decision) -> str:
    """The reply without what is shown as buttons (the choices) or as a link (the one source)."""
    paragraphs = decision.reply.split("\n\n")
    if decision.choices:
        paragraphs = [each for each in paragraphs if not each.startswith("- ")]
    elif decision.action is Action.ANSWER and len(decision.articles) == 1:
        sources = [i for i, each in enumerate(paragraphs) if i and _SOURCE.fullmatch(each)]
        paragraphs = [each for i, each in enumerate(paragraphs) if i not in sources[-1:]]
    return "\n\n".join(paragraphs)


def reply_choices(decision: Decision, articles: Articles) -> tuple[str, ...]:
    """The titles a question back offers."""
    language = reply_language(decision)
    known = (articles[each].texts.get(language) for each in decision.choices if each in articles)
    return tuple(text.title for text in known if text)


def readable(articles: Articles, article_id: str, language: Language) -> PublishedText | None:
    """The article's text, if players may read it: written, whole and no draft."""
    article = articles.get(article_id)
    if article is None or article.risk is RiskClass.DRAFT:
        return None
    text = article.texts.get(language)
    return text if text is not None and text.body is not None else None


EXCERPT_MAX = 160  # characters
_MARKS = re.compile(r"\*\*|\[([^\]]+)\]\([^)]*\)")


def excerpt(body: str) -> str:
    """The first words of an article, without Markdown, ending at a word."""
    plain = " ".join(_MARKS.sub(lambda match: match[1] or "", body.partition("\n\n")[0]).split())
    return plain if len(plain) <= EXCERPT_MAX else plain[:EXCERPT_MAX].rsplit(" ", 1)[0] + "…"
