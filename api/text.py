"""Our Markdown as HTML: raw HTML is shown as text, links lead only to articles and to the web."""

from __future__ import annotations

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False})
_MARKDOWN.validateLink = lambda url: url.startswith(("https://", "article:"))  # type: ignore[method-assign]


def to_html(markdown: str) -> str:
    """Safe HTML; a link to an article becomes '#article/<id>'."""
    return str(_MARKDOWN.render(markdown)).replace('href="article:', 'href="#article/')
