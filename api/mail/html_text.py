"""HTML mail as text: no markup is kept, so nothing of it can run or load; quoted history is taken out first."""

from __future__ import annotations

import re

import html_text
import lxml.html
from lxml import etree

HTML_MAX = 1_000_000  # characters; more is no letter
# How mail programs mark what they quote: Gmail, Yahoo, Thunderbird, Outlook on the web and on phones, Proton, Apple.
_HISTORY = (
    "//blockquote | //*[contains(concat(' ', @class, ' '), ' gmail_quote ')] | //*[contains(@class, 'yahoo_quoted')]"
    " | //*[contains(@class, 'moz-cite-prefix')] | //*[contains(@class, 'protonmail_quote')]"
    " | //*[contains(@class, 'gmail_signature')] | //*[contains(@class, 'moz-signature')] | //*[@id='Signature']"
)
_FROM_HERE = "//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='mail-editor-reference-message-container']"
_UNSEEN = "//script | //style | //head | //title | //*[contains(translate(@style, ' ', ''), 'display:none')]"
_TAG = re.compile(r"<[^>]{0,2000}>")


def text_of_html(html: str) -> tuple[str, str]:
    """(what was written, what was quoted). HTML that cannot be read at all loses its tags."""
    cleaned = re.sub(r"<\?xml[^>]{0,200}\?>", "", html[:HTML_MAX])
    try:
        tree = lxml.html.document_fromstring(cleaned)
        for element in tree.xpath(_UNSEEN):
            _drop(element)
        _show_links(tree)
        quoted = [_text(element) for element in _history(tree)]
        written = _text(tree)
        return (written, "\n\n".join(quoted)) if written else ("\n\n".join(quoted), "")
    except (etree.LxmlError, ValueError, RecursionError):
        return _TAG.sub(" ", cleaned), ""


def _history(tree: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """The outermost elements of quoted history, taken out of the tree."""
    taken = []
    for element in tree.xpath(_FROM_HERE):
        for part in (element, *element.itersiblings()):
            taken.append(part)
            _drop(part)
    for element in tree.xpath(_HISTORY):
        if any(element is part or part in element.iterancestors() for part in taken):
            continue
        taken.append(element)
        _drop(element)
    return taken


def _show_links(tree: lxml.html.HtmlElement) -> None:
    """Where a link leads is part of what was written, and of whether to trust it."""
    for link in tree.xpath("//a[@href]"):
        target = str(link.get("href"))
        label = link.text_content().strip()
        if target.startswith(("http://", "https://")) and label and label not in target and len(target) <= 300:
            link.tail = f" ({target}){link.tail or ''}"


def _text(element: lxml.html.HtmlElement) -> str:
    return str(html_text.etree_to_text(element, guess_punct_space=True))


def _drop(element: lxml.html.HtmlElement) -> None:
    """Out of the tree; the text after it stays."""
    if element.getparent() is not None:
        element.drop_tree()
