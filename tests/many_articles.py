"""A knowledge base of eighty articles in made-up words, with labelled questions: enough to keep a fit."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date
from pathlib import Path

from knowledge_base.article import Article, ArticleText, Language, RiskClass
from knowledge_base.labelled import LabelledQuestion, Split
from knowledge_base.writing import article_markdown
from tests.small_base import write_small_base

COUNT = 80  # four of which may change before everything is fitted anew
QUESTIONS = 4  # of each, for both halves together
SYLLABLES = ("ka", "lo", "mi", "ru", "te", "bo", "sza", "wu", "nie", "gra", "po", "dy")
PHRASINGS = {Language.PL: 12, Language.EN: 8}
REVIEWED, REVIEW_BY = date(2026, 11, 1), date(2099, 1, 1)


def write_many(folder: Path) -> Path:
    """Articles a-0 to a-79, each with words of its own and a few labelled questions."""
    write_small_base(folder)
    shutil.rmtree(folder / "articles")
    questions = []
    for number in range(COUNT):
        words = own_words(number)
        article = _article(number, words)
        for language in article.texts:
            path = folder / "articles" / "any" / f"{article.id}.{language.value}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(article_markdown(article, language), "utf-8")
        questions += [_labelled(number, words, i) for i in range(QUESTIONS)]
    lines = [json.dumps({"q": q.q, "topic": q.topic, "also": [], "lang": q.lang}) for q in questions]
    (folder / "labelled" / "all.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def own_words(number: int) -> list[str]:
    """Words that only this article has."""
    draw = random.Random(number)
    return ["".join(draw.choices(SYLLABLES, k=4)) for _ in range(6)]


def asked(number: int) -> str:
    """A question of the test half that this article answers."""
    questions = (_labelled(number, own_words(number), i) for i in range(50))
    return next(q.q for q in questions if q.split is Split.TEST)


def _labelled(number: int, words: list[str], i: int) -> LabelledQuestion:
    draw = random.Random(1_000 * number + i)
    return LabelledQuestion(" ".join(draw.sample(words, 3)) + f" {i}", f"a-{number}", (), "pl", "any")


def _article(number: int, words: list[str]) -> Article:
    draw = random.Random(number)
    texts = {}
    for language, count in PHRASINGS.items():
        if language is Language.EN:
            words = [word[::-1] for word in words]  # or no word would tell the languages apart
        phrasings = tuple(
            " ".join(draw.sample(words, 4)) + f" {language.value} {'abcdefghijklmnop'[i]}" for i in range(count)
        )
        body = " ".join(draw.choices(words, k=70)) + "."
        texts[language] = ArticleText(
            f"{words[0]} {words[1]} {language.value}", body, phrasings, REVIEWED, REVIEW_BY, Path(), 1
        )  # fmt: skip
    return Article(f"a-{number}", "any", RiskClass.AUTO, "support", (), texts)
