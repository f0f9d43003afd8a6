"""Our Markdown as HTML: raw HTML is shown as text, links lead only to articles and to the web."""

from __future__ import annotations

import functools

from markdown_it import MarkdownIt

NO_BREAK_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


def _markdown(**options: bool) -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False} | options)
    made.disable("image")  # a page loads nothing from elsewhere: what would be an image is a link
    made.validateLink = lambda url: url.startswith(("https://", "article:"))  # type: ignore[method-assign]
    return made


_MARKDOWN = _markdown()
_TYPED = _markdown(breaks=True)


@functools.lru_cache(maxsize=2_000)  # the same event is shown to everybody who looks at the conversation
def to_html(markdown: str, *, breaks: bool = False) -> str:
    """Safe HTML; a link to an article becomes '#article/<id>'. With `breaks`, lines stay lines, as typed in a chat."""
    return str((_TYPED if breaks else _MARKDOWN).render(markdown)).replace('href="article:', 'href="#article/')


def tidy(text: str) -> str:
    """What a person typed, without characters that no database takes or no eye sees; lines stay lines."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("".join(c if c.isprintable() else _unseen(c) for c in line).rstrip() for line in lines).strip()


def _unseen(character: str) -> str:
    if character in NO_BREAK_SPACES:
        return character  # they keep a figure and its unit together
    return " " if character.isspace() else ""


def whole_characters(value: object) -> object:
    """JSON may hold half a surrogate pair, which is no character: it becomes the replacement character."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value
