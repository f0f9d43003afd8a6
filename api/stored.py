"""The command line's way to what the database has published: read it, export it, take a folder over, build from it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from api.content.service import Content
from api.content.values import Candidate, Key
from api.conversations.service import utc_now
from api.database.connection import Database, database_url
from api.database.migration import migrate
from api.importing.folder import plan_folder, read_folder, take_over, write_folder
from api.importing.values import Planned
from api.publishing.values import report_of
from api.settings import Settings
from indexer.gate import GateReport
from knowledge_base.article import RiskClass
from knowledge_base.exchange import ExchangeError, plan_files
from knowledge_base.reading import KnowledgeBase

Result = TypeVar("Result")


def is_stored(settings: Settings) -> bool:
    """Whether there is a database whose published versions are the truth; else the files are."""
    if not settings.database_url and not (settings.data / settings.database_file).exists():
        return False

    async def has_release(content: Content) -> bool:
        return await content.current_id() is not None

    return with_content(settings, has_release)


def published(settings: Settings) -> Candidate:
    """What the database has published."""
    return with_content(settings, lambda content: content.published())


def stored_base(settings: Settings) -> KnowledgeBase | None:
    """The same as a knowledge base; None where there are only files."""
    return published(settings).knowledge_base if is_stored(settings) else None


def record_index(
    settings: Settings, candidate: Candidate, version: str, gate: GateReport | None, fit: Mapping[str, Any]
) -> None:
    """The same versions with another index: running services open it within seconds."""
    report = report_of(gate, [], {name: value for name, value in fit.items() if name not in {"inputs"}})
    with_content(settings, lambda content: content.record(candidate, None, version, report.to_json()))


def with_content(settings: Settings, work: Callable[[Content], Coroutine[Any, Any, Result]]) -> Result:
    """Do something with the editors' room of the database that is set."""

    async def done() -> Result:
        database = Database(database_url(settings.database_url, settings.data, settings.database_file))
        try:
            await migrate(database)
            review = frozenset(map(RiskClass, settings.reviewed_classes))
            return await work(Content(database, utc_now, settings.knowledge_base, review))
        finally:
            await database.close()

    return asyncio.run(done())


def export_stored(settings: Settings, target: Path) -> int:
    """Everything published, and the files beside it, in a new or empty folder; how many files."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ExchangeError(f"{target} is not an empty folder; name a new one, so that nothing is overwritten")
    count = write_folder(published(settings).knowledge_base, target)
    beside = [change for change in plan_files(settings.knowledge_base, target) if _is_beside(change.file)]
    for change in beside:
        (target / change.file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(settings.knowledge_base / change.file, target / change.file)
    return count + len(beside)


def plan_stored(settings: Settings, folder: Path) -> list[Planned]:
    """What taking a folder over would change in the database."""
    base = read_folder(folder)
    return with_content(settings, lambda content: plan_folder(content, base))


def import_stored(settings: Settings, plan: Sequence[Planned], folder: Path) -> list[tuple[Key, int]]:
    """Carry a plan out: versions to review, all or none; and the files beside the articles."""
    kept = with_content(settings, lambda content: take_over(content, plan, None, f"import of {folder.name}"))
    for change in plan_files(folder, settings.knowledge_base):
        if _is_beside(change.file) and (folder / change.file).exists():
            (settings.knowledge_base / change.file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / change.file, settings.knowledge_base / change.file)
    return kept


def _is_beside(file: Path) -> bool:
    """Labelled questions and screening examples, which are files in both."""
    return file.parts[0] not in {"articles", "facts.yaml"}
