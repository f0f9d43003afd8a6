"""Publishing: a candidate is built and checked beside what players get, and then put in its place in one step.

One publishing at a time; the next waits. Another process may publish as well: the release that is recorded first wins,
and the other is built again on top of it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace

import structlog
from starlette.datastructures import State

from api.asking import look_at
from api.content.problems import ReleaseOvertakenError
from api.content.service import Content
from api.content.values import Candidate, Release
from api.jobs import Jobs
from api.publishing.builder import Builder, BuilderDiedError, BuildFailedError
from api.publishing.building import built_by, name_of, named
from api.publishing.following import Follower
from api.publishing.problems import IndexGoneError, OverrideNotAllowedError, TryingFailedError
from api.publishing.refitting import refit_later
from api.publishing.sights import look
from api.publishing.values import Job, JobState, Report, Tried
from api.publishing.worker import Built, Order
from api.settings import Settings
from api.staff.values import Staff

JOBS_KEPT = 50
TIDY_AFTER_SECONDS = 20
OVERTAKEN_MAX = 3  # times that another process was quicker
MEASURING = "Asking labelled questions"

logger = structlog.get_logger()


class Publishing:
    """The use cases; `state` is the app's, which holds the engine in use."""

    def __init__(self, content: Content, settings: Settings, state: State) -> None:
        self._content = content
        self._settings = settings
        self._state = state
        self._order = Order(
            settings.index_home, settings.model, settings.build_threads, settings.wrong_answers_max
        )  # fmt: skip
        self.builder = Builder(self._order)
        self.follower = Follower(content, settings, state, self._build_here)
        self._one_at_a_time = asyncio.Lock()
        self._jobs = Jobs[Job](JOBS_KEPT)
        self._refit: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to follow what other processes publish."""
        self.follower.open()

    async def close(self) -> None:
        """Stop; what was being built is not published."""
        await self.follower.close()
        if self._refit is not None:
            self._refit.cancel()
            await asyncio.gather(self._refit, return_exceptions=True)
        await self._jobs.close()
        await self.builder.close()

    async def start(self, candidate: Candidate, by: Staff | None, reason: str | None = None) -> Job:
        """Begin to publish; OverrideNotAllowedError for a reason by somebody who may not go on against the gate."""
        reason = (reason or "").strip() or None
        if reason and by is not None and not by.may_override_gate:
            raise OverrideNotAllowedError("Only a manager may publish against the gate.")
        job = Job(secrets.token_hex(8), candidate, by, reason)
        self._jobs.put(job)
        self._jobs.run(self._publish(job.id))
        return job

    def job(self, job_id: str) -> Job | None:
        """How it stands."""
        return self._jobs.get(job_id)

    def latest(self) -> Job | None:
        """The publishing under way, or else the last one since this process began."""
        under_way = [job for job in self._jobs if not job.state.is_over]
        return under_way[0] if under_way else next(reversed(list(self._jobs)), None)

    async def watch(self, job_id: str) -> AsyncIterator[Job]:
        """Its states from now on, ending with the last; states that follow each other quickly may be left out."""
        async for job in self._jobs.watch(job_id):
            yield job

    async def finished(self, job_id: str) -> Job:
        """Its last state, once it is over."""
        last = None
        async for job in self.watch(job_id):
            last = job
        if last is None:
            raise KeyError(job_id)
        return last

    async def go_back(self, release_id: int, by: Staff | None) -> Job:
        """What players got by a former release, with the index of that time; IndexGoneError if it is not kept."""
        candidate = await self._content.candidate_of(release_id)
        version = await self._index_of(release_id)
        if not version or not (self._settings.index_home / version).is_dir():
            raise IndexGoneError("The index of that time is not kept any more; publish the versions again instead.")
        job = Job(secrets.token_hex(8), candidate, by, None)
        self._jobs.put(job)
        self._jobs.run(self._put_back(job.id, version, release_id))
        return job

    async def try_out(self, candidate: Candidate, text: str) -> Tried:
        """The question asked of what players get and of the candidate; TryingFailedError if that cannot be built."""
        name = name_of(candidate)
        is_unsaved = not candidate.changes
        if is_unsaved:
            name = secrets.token_hex(8)  # contents that are no versions yet have no name of their own
        before = await look_at(self._state, self._state.engine, look, text)
        try:
            after = None if is_unsaved else await self.builder.do("look", name, None, text)
            if after is None:
                after = await self.builder.do("look", name, candidate.knowledge_base, text)
        except (BuildFailedError, BuilderDiedError) as error:
            raise TryingFailedError(f"The draft cannot be tried: {error}") from error
        return Tried(before, after)

    async def refit(self, quiet_seconds: float) -> None:
        """After a quiet while, fit everything anew, unless something else is published until then."""
        release_id = await self._content.current_id()
        if release_id is not None:
            await refit_later(self._order, self._content, quiet_seconds, release_id, self._refitted)

    def warm(self) -> None:
        """Somebody may publish soon: let the builder make itself ready; returns at once."""
        if self.builder.process_id is None and not self.builder.is_busy:
            self._jobs.run(self._warm())

    async def _warm(self) -> None:
        try:
            live = await self._content.published()
            await self.builder.do("warm", named(live))
        except (BuildFailedError, BuilderDiedError) as error:
            logger.warning("warming_failed", why=str(error))

    async def _publish(self, job_id: str) -> None:
        async with self._one_at_a_time:
            self._forget_refit()
            try:
                for _ in range(OVERTAKEN_MAX):
                    try:
                        return await self._publish_once(job_id)
                    except ReleaseOvertakenError:
                        fresh = await self._content.rebased(self._jobs[job_id].candidate)
                        self._jobs.change(job_id, candidate=fresh, stage="", done=0, of=0)
                self._jobs.change(job_id, state=JobState.FAILED, error="Others published again and again meanwhile.")
            except asyncio.CancelledError:
                self._jobs.change(job_id, state=JobState.FAILED, error="The service was stopped.")
                raise
            except (BuildFailedError, BuilderDiedError) as error:
                logger.error("publishing_failed", job=job_id, why=str(error))
                self._jobs.change(job_id, state=JobState.FAILED, error=str(error))
            except Exception as error:  # the old index stays in use, whatever went wrong
                logger.error("publishing_failed", job=job_id, kind=type(error).__name__, exc_info=error)
                self._jobs.change(job_id, state=JobState.FAILED, error=str(error) or type(error).__name__)

    async def _publish_once(self, job_id: str) -> None:
        job = self._jobs[job_id]
        if await self._content.current_id() != job.candidate.former_release:
            raise ReleaseOvertakenError("Something else was published meanwhile.")
        self._jobs.change(job_id, state=JobState.BUILDING)
        live = await self._content.published()
        built = await self._built(job_id, live, job.candidate)
        self._jobs.change(job_id, report=built.report)
        if built.report.is_stopped and not job.reason:
            await self.builder.do("drop", built.version)
            self._jobs.change(job_id, state=JobState.STOPPED)
            return
        release = await self._put_in_force(job, built.version, built.report)
        self._jobs.change(job_id, state=JobState.LIVE, release_id=release.id)
        if built.report.fitted.get("mode") == "incremental" and self._settings.refit_after_seconds:
            self._refit = asyncio.get_running_loop().create_task(self.refit(self._settings.refit_after_seconds))
        self._jobs.run(self._tidy(release.id))

    async def _built(self, job_id: str, live: Candidate, candidate: Candidate) -> Built:
        def progress(what: str, done: int, of: int) -> None:
            state = JobState.CHECKING if what == MEASURING else JobState.BUILDING
            self._jobs.change(job_id, state=state, stage=what, done=done, of=of)

        return await built_by(self.builder, live, candidate, progress)

    async def _put_in_force(self, job: Job, version: str, report: Report) -> Release:
        """Opened first, then recorded, then used: at no moment is there nothing to answer with."""
        engine = await self.follower.opened(version)
        try:
            release = await self._content.record(job.candidate, job.by, version, report.to_json(), job.reason)
        except BaseException:
            await self.builder.do("drop", version)
            raise
        self.follower.use(engine, release.id)
        await self.builder.do("keep", version)
        return release

    async def _put_back(self, job_id: str, version: str, release_id: int) -> None:
        async with self._one_at_a_time:
            self._forget_refit()
            try:
                job = self._jobs[job_id]
                if await self._content.current_id() != job.candidate.former_release:
                    job = self._jobs.change(job_id, candidate=await self._content.candidate_of(release_id))
                self._jobs.change(job_id, state=JobState.BUILDING, stage="Opening the former index")
                engine = await self.follower.opened(version)
                report = Report(former_index=self._state.engine.manifest.version)
                recorded = await self._content.record(job.candidate, job.by, version, report.to_json(), None)
                self.follower.use(engine, recorded.id)
                self.follower.point_to(version)
                self._jobs.change(job_id, state=JobState.LIVE, release_id=recorded.id, report=report)
            except Exception as error:
                logger.error("going_back_failed", job=job_id, exc_info=error)
                self._jobs.change(job_id, state=JobState.FAILED, error=str(error) or type(error).__name__)

    async def _index_of(self, release_id: int) -> str:
        """The index version of a release; of the first one, which names none, the one that the next one replaced."""
        release = await self._content.release(release_id)
        if release.index_version:
            return release.index_version
        following = [r for r in await self._content.releases() if r.former_id == release_id]
        return str(following[0].report.get("former_index", "")) if following else self._state.engine.manifest.version

    async def _build_here(self, live: Candidate) -> str:
        """An index of what another machine has published, for this one; its version."""
        built = await built_by(self.builder, live, live)
        await self.builder.do("keep", built.version)
        return built.version

    async def _refitted(self, live: Candidate, built: Built) -> None:
        """What was fitted anew is used, unless something else was published meanwhile."""
        job = Job(secrets.token_hex(8), live, None, None)
        async with self._one_at_a_time:
            engine = await self.follower.opened(built.version)
            release = await self._content.record(live, None, built.version, built.report.to_json(), None)
            self.follower.use(engine, release.id)
            self.follower.point_to(built.version)
        self._jobs.put(replace(job, state=JobState.LIVE, report=built.report, release_id=release.id))

    async def _tidy(self, release_id: int) -> None:
        """Once nobody publishes any more: what is kept for the next start takes a second to write."""
        await asyncio.sleep(TIDY_AFTER_SECONDS)
        if await self._content.current_id() != release_id or self.builder.is_busy:
            return
        try:
            await self.builder.do("tidy")
        except (BuildFailedError, BuilderDiedError) as error:
            logger.warning("tidying_failed", why=str(error))

    def _forget_refit(self) -> None:
        """Something else is published: what was to be fitted anew is out of date."""
        if self._refit is not None and self._refit is not asyncio.current_task():
            self._refit.cancel()
        self._refit = None
