"""The knowledge base as files that come and go: export a copy, see what an import would change, take it over."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge_base.checks import check
from knowledge_base.reading import read_knowledge_base

CONTENT = (
    "articles/**/*.md", "facts.yaml", "labelled/*.jsonl", "screening/**/*.jsonl", "screening/*.yaml", "test/**/*.jsonl",
)  # fmt: skip


class ExchangeError(ValueError):
    """A folder that cannot be exported to or imported from, and why."""


class Kind(StrEnum):
    """What an import does to a file."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True)
class Change:
    """One file of an import's plan."""

    kind: Kind
    file: Path

    def __str__(self) -> str:
        return f"{self.kind.value:7} {self.file}"


def content_files(folder: Path) -> set[Path]:
    """Paths, relative to the folder, of everything that is content."""
    return {path.relative_to(folder) for pattern in CONTENT for path in folder.glob(pattern) if path.is_file()}


def export_files(source: Path, target: Path) -> int:
    """Copy all content to an empty or new folder; returns the number of files."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ExchangeError(f"{target} is not an empty folder; name a new one, so that nothing is overwritten")
    files = content_files(source)
    for file in files:
        _copy(source / file, target / file)
    return len(files)


def plan_import(source: Path, target: Path) -> list[Change]:
    """What taking over the source would change; ExchangeError if its content has problems."""
    problems = check(read_knowledge_base(source))
    if problems:
        shown = "\n".join(str(p) for p in problems[:10])
        raise ExchangeError(f"{source} has {len(problems)} problems, nothing was imported:\n{shown}")
    return plan_files(source, target)


def plan_files(source: Path, target: Path) -> list[Change]:
    """Which files of the target would differ; whatever is in them."""
    new, old = content_files(source), content_files(target)
    changes = [Change(Kind.ADD, file) for file in new - old] + [Change(Kind.REMOVE, file) for file in old - new]
    changes += [
        Change(Kind.CHANGE, file) for file in new & old if not filecmp.cmp(source / file, target / file, shallow=False)
    ]
    return sorted(changes, key=lambda c: str(c.file))


def import_files(plan: Sequence[Change], source: Path, target: Path) -> None:
    """Carry out a plan."""
    for change in plan:
        if change.kind is Kind.REMOVE:
            (target / change.file).unlink()
        else:
            _copy(source / change.file, target / change.file)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
