"""A knowledge base of many articles: the shipped ones, and as many more in made-up words of their own."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from knowledge_base.article import Article, ArticleText, Language
from knowledge_base.reading import SHIPPED, read_knowledge_base
from knowledge_base.writing import article_markdown

PHRASINGS = {Language.PL: 24, Language.EN: 16}  # twice what the checks ask for
SYLLABLES = ("ba", "ro", "mi", "ken", "tal", "zu", "wer", "pio", "gan", "le", "sto", "kru", "fi", "dor", "na", "hy")
_WORD = re.compile(r"[^\W\d_]{4,}")
_KEPT = re.compile(r"\{\{.*?\}\}|\[[^\]]*\]\([^)]*\)")


def write_many(folder: Path, count: int) -> Path:
    """A folder with so many articles, the shipped ones among them unchanged; written once."""
    if (folder / "articles").is_dir():
        return folder
    shipped = read_knowledge_base(SHIPPED)
    for name in ("labelled", "screening"):
        shutil.copytree(SHIPPED / name, folder / name)
    shutil.copy(SHIPPED / "facts.yaml", folder)
    for number, article in enumerate(islice(cycle(shipped.articles.values()), count)):
        copy = number // len(shipped.articles)
        shown = _in_made_up_words(article, copy) if copy else article
        for language in shown.texts:
            path = folder / "articles" / shown.category / f"{shown.id}.{language}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(article_markdown(shown, language), "utf-8")
    return folder


def _in_made_up_words(article: Article, copy: int) -> Article:
    """Of the same lengths and shape; its words are those of its own article and copy."""

    def other(word: re.Match[str]) -> str:
        digest = hashlib.sha256(f"{article.id} {copy} {word[0].lower()}".encode()).digest()
        return "".join(SYLLABLES[byte % len(SYLLABLES)] for byte in digest[: 2 + digest[8] % 3])

    return replace(
        article,
        id=f"{article.id}-{copy}",
        related=(),
        texts={language: _text(text, other, PHRASINGS[language]) for language, text in article.texts.items()},
    )


def _text(text: ArticleText, other: Callable[[re.Match[str]], str], phrasings: int) -> ArticleText:
    kept = _KEPT.findall(text.body)
    body = _WORD.sub(other, _KEPT.sub("\0", text.body))
    for mark in kept:
        body = body.replace("\0", mark if mark.startswith("{{") else "", 1)
    asked = tuple(dict.fromkeys(_WORD.sub(other, phrasing) for phrasing in text.phrasings[:phrasings]))
    return replace(text, title=_WORD.sub(other, text.title), body=body, phrasings=asked)
