"""Long work beside the requests: each job a value that is replaced as it gets on, watched until it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import replace
from typing import Any, Generic, Protocol, TypeVar


class JobState(Protocol):
    """Whether the job goes on."""

    @property
    def is_over(self) -> bool: ...


class WatchedJob(Protocol):
    """A frozen dataclass; `number` counts its states, for who waits for the next one."""

    @property
    def id(self) -> str: ...

    @property
    def number(self) -> int: ...

    @property
    def state(self) -> JobState: ...


J = TypeVar("J", bound=WatchedJob)


class Jobs(Generic[J]):
    """The jobs of this process, oldest first; of those that are over, the last `kept`."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._jobs: dict[str, J] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def __iter__(self) -> Iterator[J]:
        return iter(list(self._jobs.values()))

    def __getitem__(self, job_id: str) -> J:
        return self._jobs[job_id]

    def get(self, job_id: str) -> J | None:
        """How it stands; None for one that is not known any more."""
        return self._jobs.get(job_id)

    def put(self, job: J) -> None:
        """Its newest state; who watches is told."""
        self._jobs[job.id] = job
        for old in [each.id for each in self._jobs.values() if each.state.is_over][: -self._kept]:
            del self._jobs[old]
        self._changed.set()
        self._changed = asyncio.Event()

    def change(self, job_id: str, **values: Any) -> J:
        """Its next state, with these values."""
        known: Any = self._jobs[job_id]
        job: J = replace(known, number=known.number + 1, **values)
        self.put(job)
        return job

    async def watch(self, job_id: str) -> AsyncIterator[J]:
        """Its states from now on, ending with the last; states that follow each other quickly may be left out."""
        seen = -1
        while (job := self._jobs.get(job_id)) is not None:
            changed = self._changed
            if job.number > seen:
                seen = job.number
                yield job
                if job.state.is_over:
                    return
                continue
            await changed.wait()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Go on with this in a task of its own."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
