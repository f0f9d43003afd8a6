"""Importing: read a file off the event loop, show what it would add, and after a yes add all of it or nothing."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import anyio.to_thread
import structlog
from sqlalchemy.exc import IntegrityError

from api.content.limits import refuse_bad_name, refuse_unsound
from api.content.service import Content
from api.content.values import EntryKind, Key
from api.database.connection import Database
from api.importing import queries
from api.importing.csv_file import UnreadableError, read_csv
from api.importing.drafting import Detect, plan_drafts
from api.importing.markdown_folder import read_markdown
from api.importing.values import Files, ImportJob, ImportState, Planned, Read, Source
from api.importing.web_page import read_pages
from api.jobs import Jobs
from api.problems import ProblemError
from api.staff.values import Staff

PART = 500  # rows a transaction: about a twentieth of a second, so that chats do not wait for an import
JOBS_KEPT = 20
STAGED_FOR = timedelta(days=1)
ERRORS_KEPT = 1_000  # shown one by one; of more, how many there are says enough

logger = structlog.get_logger()


class NotPlannedError(ProblemError):
    """There is no such plan any more."""

    status = 409
    code = "not_planned"


class Importing:
    """The use cases; plans are kept in this process's memory until somebody says yes."""

    def __init__(
        self, content: Content, database: Database, now: Callable[[], datetime], detect: Callable[[], Detect]
    ) -> None:
        self._content = content
        self._database = database
        self._now = now
        self._detect = detect
        self._jobs = Jobs[ImportJob](JOBS_KEPT)

    async def start_csv(self, data: bytes, name: str) -> ImportJob:
        """Begin to read a table."""
        return self._start(Source.CSV, name, lambda progress: read_csv(data, name, progress))

    async def start_markdown(self, files: Files, name: str) -> ImportJob:
        """Begin to read a folder of Markdown."""
        return self._start(Source.MARKDOWN, name, lambda progress: read_markdown(files, progress))

    async def start_html(self, files: Files, name: str) -> ImportJob:
        """Begin to read saved pages."""
        return self._start(Source.HTML, name, lambda progress: read_pages(files, progress))

    def job(self, job_id: str) -> ImportJob | None:
        """How it stands."""
        return self._jobs.get(job_id)

    async def watch(self, job_id: str) -> AsyncIterator[ImportJob]:
        """Its states from now on, until a yes is needed or it is over."""
        async for job in self._jobs.watch(job_id):
            yield job

    async def apply(self, job_id: str, by: Staff | None) -> ImportJob:
        """Add everything of a plan as drafts; NotPlannedError if there is none."""
        job = self._jobs.get(job_id)
        if job is None or job.state is not ImportState.PLANNED:
            raise NotPlannedError("There is no plan to carry out; read the file again.")
        changed = self._jobs.change(job_id, state=ImportState.SAVING, done=0, of=len(job.plan))
        self._jobs.run(self._save(job_id, by))
        return changed

    async def close(self) -> None:
        """Stop; nothing of an unfinished import stays."""
        await self._jobs.close()

    def _start(self, source: Source, name: str, read: Callable[[Callable[[int, int], None]], Read]) -> ImportJob:
        job = ImportJob(secrets.token_hex(8), name[:200], source)
        self._jobs.put(job)
        self._jobs.run(self._read(job.id, read))
        return job

    async def _read(self, job_id: str, read: Callable[[Callable[[int, int], None]], Read]) -> None:
        loop = asyncio.get_running_loop()
        given_up = threading.Event()

        def progress(done: int, of: int) -> None:
            if given_up.is_set():
                raise UnreadableError("The service was stopped.")
            loop.call_soon_threadsafe(lambda: self._jobs.change(job_id, done=done, of=of))

        try:
            found = await anyio.to_thread.run_sync(read, progress, abandon_on_cancel=True)
            taken = [head.key.name for head in await self._content.heads(EntryKind.ARTICLE)]
            today = self._now().date()
            plan = await anyio.to_thread.run_sync(plan_drafts, found.pieces, taken, self._detect(), today)
        except UnreadableError as error:
            self._jobs.change(job_id, state=ImportState.FAILED, error=str(error))
        except asyncio.CancelledError:
            given_up.set()
            raise
        except Exception as error:  # a file nobody has thought of must not hang the page
            logger.error("import_failed", job=job_id, kind=type(error).__name__)
            self._jobs.change(
                job_id, state=ImportState.FAILED, error=f"The file cannot be read ({type(error).__name__})."
            )
        else:
            self._jobs.change(
                job_id, state=ImportState.PLANNED, plan=tuple(plan), errors=found.errors, encoding=found.encoding
            )

    async def _save(self, job_id: str, by: Staff | None) -> None:
        jobs, job = self._jobs, self._jobs[job_id]
        try:
            saved = await self.save_new(job.plan, by, job.name, lambda n: jobs.change(job_id, done=n))
        except IntegrityError:
            jobs.change(job_id, state=ImportState.FAILED, error="A name was taken meanwhile; read the file again.")
        except ProblemError as error:
            jobs.change(job_id, state=ImportState.FAILED, error=error.detail)
        except Exception as error:
            logger.error("import_failed", job=job_id, exc_info=error)
            jobs.change(job_id, state=ImportState.FAILED, error=str(error))
        else:
            jobs.change(job_id, state=ImportState.DONE, saved=saved, plan=())

    async def save_new(
        self, plan: tuple[Planned, ...], by: Staff | None, note: str, progress: Callable[[int], object]
    ) -> tuple[Key, ...]:
        """New entries, all or none: staged in parts, then made entries in one short transaction."""
        for planned in plan:
            refuse_bad_name(planned.key)
            if planned.content is not None:
                refuse_unsound(planned.key, planned.content)
        batch, at = secrets.token_hex(8), self._now()
        async with self._database.writing() as connection:
            await queries.forget_old(connection, at - STAGED_FOR)
        try:
            for start in range(0, len(plan), PART):
                async with self._database.writing() as connection:
                    part = plan[start : start + PART]
                    await queries.stage(connection, batch, start, part, by.id if by else None, note, at)
                progress(min(start + PART, len(plan)))
                await asyncio.sleep(0)  # whoever chats comes in between
            async with self._database.writing() as connection:
                await queries.make_entries(connection, batch)
        finally:
            async with self._database.writing() as connection:
                await queries.forget(connection, batch)
        return tuple(planned.key for planned in plan)
