"""Jobs: watched to their end, and not kept for ever."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from api.jobs import Jobs


class State(StrEnum):
    GOING = "going"
    DONE = "done"

    @property
    def is_over(self) -> bool:
        return self is State.DONE


@dataclass(frozen=True)
class Job:
    id: str
    state: State = State.GOING
    number: int = 0


def test_who_watches_sees_the_last_state_and_then_the_end():
    async def watched():
        jobs = Jobs(5)
        jobs.put(Job("a"))
        seen = []

        async def watch():
            seen.extend([job.state async for job in jobs.watch("a")])

        watching = asyncio.create_task(watch())
        while not watching.done() and jobs["a"].state is not State.DONE:
            await asyncio.sleep(0)
            jobs.change("a", state=State.DONE)
        await asyncio.wait_for(watching, 30)
        return seen

    assert asyncio.run(watched())[-1] is State.DONE


def test_nobody_waits_for_a_job_that_is_not_known():
    async def watched():
        return [job async for job in Jobs(5).watch("unknown")]

    assert asyncio.run(watched()) == []


def test_of_those_that_are_over_only_the_last_are_kept_and_none_that_goes_on_is_lost():
    async def kept():
        jobs = Jobs(2)
        jobs.put(Job("going"))
        for name in "abcd":
            jobs.put(Job(name, State.DONE))
        return [job.id for job in jobs]

    assert asyncio.run(kept()) == ["going", "c", "d"]


def test_closing_ends_what_is_under_way():
    async def closed():
        jobs, ended = Jobs(2), []

        async def work():
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        jobs.run(work())
        await asyncio.sleep(0)
        await jobs.close()
        return ended

    assert asyncio.run(closed()) == [True]
