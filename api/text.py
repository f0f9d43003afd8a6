"""Our Markdown as HTML: raw HTML is shown as text, links lead only to articles and to the web."""

from __future__ import annotations

import functools

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False})
_MARKDOWN.validateLink = lambda url: url.startswith(("https://", "article:"))  # type: ignore[method-assign]


@functools.lru_cache(maxsize=2_000)  # the same event is shown to everybody who looks at the conversation
def to_html(markdown: str) -> str:
    """Safe HTML; a link to an article becomes '#article/<id>'."""
    return str(_MARKDOWN.render(markdown)).replace('href="article:', 'href="#article/')


def tidy(text: str) -> str:
    """What a person typed, without characters that no database takes or no eye sees; lines stay lines."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("".join(c if c.isprintable() else _unseen(c) for c in line).rstrip() for line in lines).strip()


def _unseen(character: str) -> str:
    return " " if character.isspace() else ""


def whole_characters(value: object) -> object:
    """JSON may hold half a surrogate pair, which is no character: it becomes the replacement character."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value
