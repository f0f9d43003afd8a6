"""What search engines read: FAQPage and BreadcrumbList of schema.org as JSON-LD, a data block that no browser runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from knowledge_base.article import Language

QUESTIONS_MAX = 50  # on one page; a longer list is read by nobody


def json_ld(
    origin: str, language: Language, crumbs: Sequence[tuple[str, str]], answers: Iterable[tuple[str, str]] = ()
) -> Markup:
    """The page's path as (name, path), and its questions with their answers as HTML."""
    graph: list[dict[str, Any]] = [
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": name, "item": f"{origin}{path}"}
                for place, (name, path) in enumerate(crumbs, 1)
            ],
        }
    ]
    questions = [
        {"@type": "Question", "name": name, "acceptedAnswer": {"@type": "Answer", "text": html}}
        for name, html in answers
    ][:QUESTIONS_MAX]
    if questions:
        graph.insert(0, {"@type": "FAQPage", "inLanguage": language.value, "mainEntity": questions})
    return _in_html({"@context": "https://schema.org", "@graph": graph})


def _in_html(value: object) -> Markup:
    """JSON that can end no script element early."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - what HTML could read as markup is escaped above
