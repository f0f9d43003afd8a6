"""Pages saved as HTML: questions marked up as schema.org FAQPage, or headings with what stands below each.

beautifulsoup4 reads HTML however broken, and markdownify turns it into Markdown: both well kept, and neither fetches or
runs anything. Saved pages only: nothing is fetched from an address here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from api.content.limits import BODY_MAX, PHRASING_MAX
from api.importing.csv_file import Progress, UnreadableError, decoded
from api.importing.values import Files, Piece, Read, RowError
from knowledge_base.article import Language

HEADINGS = ("h2", "h3", "summary", "dt")
NOT_CONTENT = ("script", "style", "noscript", "nav", "header", "footer", "aside", "form", "svg", "iframe", "template")
WORDS_MIN = 4  # fewer under a heading are a menu's
_ADDRESS = re.compile(r"<loc>\s*(.*?)\s*</loc>")


class _Plain(MarkdownConverter):
    """Words, lists and emphasis; links lead into the old site, and pictures are not kept."""

    def convert_a(self, _el: Any, text: str, *_: Any, **__: Any) -> str:
        """A link's words."""
        return text

    def convert_img(self, *_: Any, **__: Any) -> str:
        """Nothing."""
        return ""


def read_pages(files: Files, progress: Progress) -> Read:
    """Every question of the pages, or what is wrong with a page; UnreadableError if there is no page."""
    chosen = sorted(path for path in files if path.lower().endswith((".html", ".htm", ".xhtml")))
    if not chosen:
        raise UnreadableError(_no_page(files))
    pieces: list[Piece] = []
    errors: list[RowError] = []
    for done, path in enumerate(chosen, 1):
        found = list(_pieces(path, BeautifulSoup(decoded(files[path])[0], "html.parser")))
        kept = [piece for piece in found if isinstance(piece, Piece)]
        pieces += kept
        errors += [piece for piece in found if isinstance(piece, RowError)]
        if not kept:
            errors.append(
                RowError(0, path, "no_question", "no question with an answer", "Check that the page is whole")
            )
        progress(done, len(chosen))
    return Read(tuple(pieces), tuple(errors))


def _no_page(files: Files) -> str:
    """What to do; a sitemap names pages but holds none of them."""
    for path, data in files.items():
        addresses = _ADDRESS.findall(data.decode("utf-8", "replace")) if path.lower().endswith(".xml") else []
        if addresses:
            first = ", ".join(addresses[:3])
            return f"{path} is a sitemap of {len(addresses)} pages ({first} ...). Save those as HTML beside it."
    return "There is no saved page (.html) among these."


def _pieces(path: str, page: BeautifulSoup) -> Iterator[Piece | RowError]:
    html = page.find("html")
    declared = str(html.get("lang", ""))[:2].lower() if isinstance(html, Tag) else ""
    language = Language(declared) if declared in set(Language) else None
    category = page.title.get_text(" ", strip=True)[:60] if page.title else ""
    marked = [pair for script in page.find_all("script", type="application/ld+json") for pair in _marked_up(script)]
    for number, (question, answer) in enumerate(marked or _headed(page), 1):
        if len(question) > PHRASING_MAX or len(answer) > BODY_MAX:
            yield RowError(number, path, "long_answer", f"'{question[:60]}' is too long", f"At most {BODY_MAX:,}")
        else:
            yield Piece(question, answer, category, language, number, path)


def _marked_up(script: Tag) -> Iterator[tuple[str, str]]:
    try:
        data = json.loads(script.get_text())
    except ValueError:
        return
    for node in _nodes(data):
        if node.get("@type") == "Question" and isinstance(node.get("name"), str):
            answer = node.get("acceptedAnswer")
            text = answer.get("text") if isinstance(answer, dict) else None
            if isinstance(text, str) and text.strip():
                yield node["name"].strip(), _markdown(BeautifulSoup(text, "html.parser"))


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _nodes(value)
    elif isinstance(data, list):
        for value in data:
            yield from _nodes(value)


def _headed(page: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for tag in page.find_all(NOT_CONTENT):
        tag.decompose()
    for heading in page.find_all(HEADINGS):
        question = heading.get_text(" ", strip=True)
        following = []
        for sibling in heading.next_siblings:
            if isinstance(sibling, Tag) and (sibling.name in HEADINGS or sibling.find(HEADINGS)):
                break
            following.append(str(sibling))
        answer = _markdown(BeautifulSoup("".join(following), "html.parser"))
        if question and len(answer.split()) >= WORDS_MIN:
            yield question, answer


def _markdown(soup: BeautifulSoup) -> str:
    text = _Plain(heading_style="ATX", bullets="-", strip=["script", "style"]).convert_soup(soup)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()
