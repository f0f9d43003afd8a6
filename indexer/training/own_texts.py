"""What the models are trained on that was written for this project; the labelled questions are not among it."""

from __future__ import annotations

import json
from pathlib import Path

from bot.screening import Label
from indexer.corpus import passages
from indexer.screen import read_messages
from knowledge_base.published import PublishedText, publish
from knowledge_base.reading import SHIPPED, read_knowledge_base

DATA = Path(__file__).parent / "data"


def everyday_pairs() -> list[tuple[str, str]]:
    """Everyday sentences and words, English and Polish."""
    lines = (DATA / "everyday.tsv").read_text("utf-8").splitlines()
    return [(english, polish) for english, polish in (line.split("\t") for line in lines)]


def articles() -> list[list[str]]:
    """For each article its titles, phrasings and sentences in both languages; they ask for and answer one another."""
    return [
        [line for text in article.texts.values() for line in _lines(text)]
        for article in publish(read_knowledge_base()).values()
    ]


def support_groups() -> list[list[str]]:
    """Wordings of one need each, from shops, banks, travel and more."""
    groups = map(json.loads, (DATA / "support_groups.jsonl").read_text("utf-8").splitlines())
    return [[*group["pl"], *group["en"]] for group in groups]


def faq() -> list[dict[str, str]]:
    """Questions and answers as help pages have them, each in both languages: q_en, q_pl, a_en, a_pl."""
    return [json.loads(line) for line in (DATA / "faq.jsonl").read_text("utf-8").splitlines()]


def screening_messages() -> list[tuple[str, str]]:
    """The screen's examples with their labels; those that judge it lie apart and are not among them."""
    messages = read_messages(sorted((SHIPPED / "screening").glob("*.jsonl")))
    return [(m.q, Label.ORDINARY.value if m.label == Label.LOOKALIKE else m.label) for m in messages]


def polish_lines() -> list[str]:
    """All Polish texts above, for choosing a vocabulary."""
    groups = map(json.loads, (DATA / "support_groups.jsonl").read_text("utf-8").splitlines())
    lines = [line for group in groups for line in group["pl"]] + [polish for _, polish in everyday_pairs()]
    for article in publish(read_knowledge_base()).values():
        lines += [line for language, text in article.texts.items() if language == "pl" for line in _lines(text)]
    return lines


def _lines(text: PublishedText) -> list[str]:
    """The title and phrasings count twice: questions are asked more often than sentences are quoted."""
    return [*[text.title, *text.phrasings] * 2, *passages(text.body or "")]
