"""The content as it is shipped."""

from __future__ import annotations

import re

from knowledge_base.article import Language
from knowledge_base.checks import check
from knowledge_base.published import publish
from knowledge_base.reading import read_knowledge_base
from tests.knowledge_base.samples import TODAY

BASE = read_knowledge_base()


def test_the_shipped_content_has_no_problems() -> None:
    assert [str(problem) for problem in check(BASE, TODAY)] == []


def test_every_shipped_article_renders_in_both_languages_without_a_hole() -> None:
    published = publish(BASE)
    assert len(published) > 100
    texts = {
        f"{article.id}.{language}": article.texts[language].body or ""
        for article in published.values()
        for language in Language
    }
    assert [name for name, body in texts.items() if len(body.split()) < 50] == []
    holes = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|\bnan\b|<knowledge_base|  +\S|\(\s*\)|\s[,.;](?:\s|$)|\*\*\s*\*\*")
    assert {name: found[0] for name, body in texts.items() if (found := holes.search(body))} == {}
