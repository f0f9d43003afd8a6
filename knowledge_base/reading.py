"""Markdown files with YAML front matter -> articles. A broken file is reported and leaves the others alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.article import Article, ArticleText, Language, Problem, RiskClass, line_of
from knowledge_base.facts import Fact, read_facts

SHIPPED = Path(__file__).parent
FRONT_MATTER_KEYS = (
    "id", "lang", "title", "category", "risk", "owner", "reviewed", "review_by", "related", "phrasings",
)  # fmt: skip
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where libyaml is there: nine times as fast
_FILE = re.compile(r"\A---\n(?P<front>.*?\n)---\n(?P<body>.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class KnowledgeBase:
    """Everything read from a folder; `problems` tells what could not be."""

    folder: Path
    articles: Mapping[str, Article]
    facts: Mapping[str, Fact]
    problems: Sequence[Problem]
    facts_source: str = ""  # the whole facts file, in which problems are located


@dataclass(frozen=True)
class _File:
    """One article file: what both languages must agree on, and its own text."""

    id: str
    language: Language
    shared: tuple[str, RiskClass, str, tuple[str, ...]]
    text: ArticleText


class _BrokenFileError(ValueError):
    def __init__(self, line: int, what: str, todo: str, code: str = "file", value: str = "") -> None:
        super().__init__(what)
        self.line, self.what, self.todo, self.code, self.value = line, what, todo, code, value


def read_knowledge_base(folder: Path = SHIPPED) -> KnowledgeBase:
    """The articles and facts of a folder laid out like the shipped one; FileNotFoundError if it has none."""
    if not (folder / "articles").is_dir():
        raise FileNotFoundError(f"{folder} has no folder 'articles'; point to a knowledge base folder")
    facts, problems = ({}, []) if not (folder / "facts.yaml").exists() else read_facts(folder / "facts.yaml")
    facts_source = (folder / "facts.yaml").read_text("utf-8", "replace") if (folder / "facts.yaml").exists() else ""
    files: dict[str, list[_File]] = {}
    for path in sorted((folder / "articles").rglob("*.md")):
        try:
            file = _parsed(path, _decoded(path.read_bytes()))
        except _BrokenFileError as error:
            problems.append(_problem(path, error))
            continue
        same = [f for f in files.get(file.id, []) if f.language is file.language]
        if same:
            problems.append(
                Problem(
                    path, 2, f"the id '{file.id}' stands in {same[0].text.path} too", "Give each article its own id"
                )
            )
            continue
        files.setdefault(file.id, []).append(file)
    articles = {}
    for article_id, found in sorted(files.items()):
        problems.extend(_disagreements(found))
        category, risk, owner, related = found[0].shared
        texts = {file.language: file.text for file in found}
        articles[article_id] = Article(article_id, category, risk, owner, related, texts)
    return KnowledgeBase(folder, articles, facts, problems, facts_source)


def problem_of_document(path: Path, text: str) -> Problem | None:
    """What a file of this name and text could not be read for; None if it can be."""
    try:
        _parsed(path, text)
    except _BrokenFileError as error:
        return _problem(path, error)
    return None


def _problem(path: Path, error: _BrokenFileError) -> Problem:
    return Problem(path, error.line, error.what, error.todo, error.code, error.value)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _BrokenFileError(line, "not UTF-8", "Save the file as UTF-8") from error


def _parsed(path: Path, text: str) -> _File:
    match = _FILE.match(text)
    if not match:
        raise _BrokenFileError(1, "no front matter between two lines of ---", "Begin the file with it")
    try:
        front = yaml.load(match["front"], Loader=LOADER)  # noqa: S506 - either loader is a safe one
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that no calendar has
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        what = f"front matter is not readable as YAML: {getattr(error, 'problem', error)}"
        raise _BrokenFileError(line, what, "Quote texts that contain ': ' or begin with a sign") from error
    return _checked(path, text, front, match["body"])


def _checked(path: Path, text: str, front: Any, body: str) -> _File:
    if not isinstance(front, dict) or tuple(front) != FRONT_MATTER_KEYS:
        keys = ", ".join(FRONT_MATTER_KEYS)
        raise _BrokenFileError(2, "front matter has other keys, or in another order", f"Write exactly: {keys}")

    def fail(key: str, what: str, todo: str) -> _BrokenFileError:
        return _BrokenFileError(line_of(text, f"\n{key}:") + 1, what, todo, "field", key)

    for key in ("id", "title", "category", "owner"):
        if not isinstance(front[key], str) or not front[key].strip():
            raise fail(key, f"'{key}' is not a text", "Give a text, in quotes if need be")
    if front["lang"] not in list(Language):
        raise fail("lang", f"unknown language '{front['lang']}'", "Write pl or en")
    if front["risk"] not in list(RiskClass):
        raise fail("risk", f"unknown risk class '{front['risk']}'", "Write auto, draft, human or protect")
    for key in ("reviewed", "review_by"):
        if type(front[key]) is not date:
            raise fail(key, f"'{key}' is not a date", "Write it as 2026-11-23")
    for key in ("related", "phrasings"):
        value = front[key]
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise fail(key, f"'{key}' is not a list of texts", "One text a line, '  - ...', in quotes if need be")
    language = Language(front["lang"])
    if path.name != f"{front['id']}.{language}.md":
        raise fail("id", f"the file is not named {front['id']}.{language}.md", "Rename the file or mend the id")
    body_line = text.count("\n", 0, len(text) - len(body.lstrip())) + 1
    article_text = ArticleText(
        front["title"].strip(), body.strip(), tuple(front["phrasings"]), front["reviewed"], front["review_by"],
        path, body_line, text,
    )  # fmt: skip
    shared = (front["category"], RiskClass(front["risk"]), front["owner"], tuple(front["related"]))
    return _File(front["id"], language, shared, article_text)


def _disagreements(files: list[_File]) -> list[Problem]:
    """A problem where the languages of an article differ in what they share."""
    names = ("category", "risk", "owner", "related")
    first, problems = files[0], []
    for other in files[1:]:
        for name, ours, theirs in zip(names, first.shared, other.shared, strict=True):
            if ours != theirs:
                what = f"'{name}' differs from {first.text.path.name}"
                problems.append(Problem(other.text.path, 1, what, "Make both languages agree"))
    return problems
