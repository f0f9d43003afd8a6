"""Small knowledge bases for tests: sound as they are, to be broken one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from knowledge_base.article import Language
from knowledge_base.checks import PHRASINGS_MIN
from knowledge_base.facts import Fact

TODAY = date(2026, 12, 1)
FACTS = "payout_time: {value: 24, unit: hour, source: terms, checked: 2026-11-20}\n"
BODY = {
    "pl": "Wypłata trwa do {{ fact.payout_time | gen }}. " + "Sprawdź stan wypłaty w historii swojego konta. " * 9,
    "en": "A withdrawal takes {{ fact.payout_time }}. " + "See how far it is in the history of your account. " * 6,
}


def fact(value: object, unit: str, name: str = "sample") -> Fact:
    """A fact with only what matters to a test."""
    return Fact(name, value, unit, "test", date(2026, 11, 20))  # type: ignore[arg-type]


def article_source(article_id: str, language: str, changes: Mapping[str, str], body: str | None = None) -> str:
    """The text of an article file; `changes` replaces what follows a key of the front matter."""
    phrasings = "".join(f"\n  - {language} {article_id} {n}" for n in range(PHRASINGS_MIN[Language(language)]))
    front = {
        "id": article_id,
        "lang": language,
        "title": f"Title of {article_id}",
        "category": "payouts",
        "risk": "auto",
        "owner": "payments",
        "reviewed": "2026-11-23",
        "review_by": "2027-06-30",
        "related": "[]",
        "phrasings": phrasings,
    } | changes
    lines = "\n".join(f"{key}: {value}".replace(": \n", ":\n") for key, value in front.items())
    return f"---\n{lines}\n---\n{BODY[language] if body is None else body}\n"


def write_article(
    folder: Path,
    article_id: str,
    language: str = "pl",
    *,
    body: str | None = None,
    name: str | None = None,
    shelf: str = "payouts",
    **changes: str,
) -> Path:
    """One article file in the folder, on the shelf named (a folder of articles)."""
    path = folder / "articles" / shelf / (name or f"{article_id}.{language}.md")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(article_source(article_id, language, changes, body).encode("utf-8"))
    return path


def write_sound_base(folder: Path) -> Path:
    """One fact and one article in both languages, without any problem."""
    (folder / "articles").mkdir(parents=True)
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    for language in Language:
        write_article(folder, "payout-time", language.value)
    return folder


def line_number(path: Path, beginning: str) -> int:
    """The number of the only line that begins so."""
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    (number,) = [n for n, line in enumerate(lines, 1) if line.startswith(beginning)]
    return number
