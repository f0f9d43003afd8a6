"""What the templates need beside the values: titles, options, and a group's trend as a small drawing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.text import fold
from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle

OPTIONS_MAX = 2_000  # a browser's list of suggestions stays usable; an id can be typed all the same
WIDTH, HEIGHT, GAP = 96, 24, 2
SLUG_WORDS = 5


def article_options(articles: Mapping[str, PublishedArticle], language: Language) -> list[tuple[str, str]]:
    """(id, title) of the articles, for a list of suggestions."""
    known = titles(articles, language)
    return sorted(known.items(), key=lambda each: fold(each[1]))[:OPTIONS_MAX]


def titles(articles: Mapping[str, PublishedArticle], language: Language) -> dict[str, str]:
    """Each article's title, in another language where this one lacks it."""
    found = {}
    for article in articles.values():
        text = article.texts.get(language) or next(iter(article.texts.values()), None)
        found[article.id] = text.title if text else article.id
    return found


def spark(weeks: Sequence[int]) -> Markup:
    """Bars, one a week, the oldest first; what they say stands beside them in words."""
    most = max(1, *weeks)
    width = WIDTH / len(weeks) - GAP
    bars = "".join(
        f'<rect x="{i * (width + GAP):.1f}" y="{HEIGHT - _height(count, most):.1f}" width="{width:.1f}" '
        f'height="{_height(count, most):.1f}" rx="1"/>'
        for i, count in enumerate(weeks)
    )
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f"{bars}</svg>"
    )


def slug(text: str) -> str:
    """A name for a new article, out of its question; an editor will mend it."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return "-".join(words[:SLUG_WORDS])[:80]


def _height(count: int, most: int) -> float:
    return max(1.0, HEIGHT * count / most)
