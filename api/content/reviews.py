"""A second pair of eyes: handing in, approving, returning. Each method is one short transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.content import queries
from api.content.drafts import found
from api.content.limits import NOTE_MAX
from api.content.problems import BadStepError, ConflictError, OwnVersionError
from api.content.values import Key, Status, Step
from api.database.connection import Database
from api.staff.values import Staff


class Reviews:
    """What becomes of a draft before it is published."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def submit(self, key: Key, number: int, by: Staff, note: str = "") -> None:
        """Hand the newest version in for review."""
        await self._step(key, number, by, Step.SUBMITTED, note, frozenset({Status.DRAFT}), Status.REVIEW)

    async def approve(self, key: Key, number: int, by: Staff, note: str = "") -> None:
        """A second editor agrees; OwnVersionError for whoever wrote anything of it."""
        authors = await self.authors(key)
        if by.id in authors:
            raise OwnVersionError("Somebody else has to review what you have written.")
        await self._step(key, number, by, Step.APPROVED, note, frozenset({Status.REVIEW}), Status.APPROVED)

    async def give_back(self, key: Key, number: int, by: Staff, note: str) -> None:
        """Back to its author with what should be different."""
        await self._step(
            key, number, by, Step.RETURNED, note, frozenset({Status.REVIEW, Status.APPROVED}), Status.DRAFT
        )

    async def authors(self, key: Key) -> frozenset[int]:
        """Who wrote the versions that players do not get yet."""
        async with self._database.reading() as connection:
            head = found(await queries.head(connection, key), key)
            written = await queries.versions(connection, key)
        new = [each for each in written if each.number > (head.published or 0)]
        return frozenset(each.author_id for each in new if each.author_id is not None)

    async def _step(
        self, key: Key, number: int, by: Staff, step: Step, note: str, allowed: frozenset[Status], then: Status
    ) -> None:
        async with self._database.writing() as connection:
            head = found(await queries.head(connection, key, to_write=True), key)
            if head.head != number:
                raise ConflictError(f"There is a newer version, {head.head}; look at that one.", head=head.head)
            if head.status not in allowed:
                raise BadStepError(f"Version {number} is '{head.status.value}'; it cannot be '{step.value}' now.")
            await queries.set_head(connection, key, status=then)
            await queries.add_step(connection, key, number, step, by.id, note[:NOTE_MAX], self._now())
