"""The hours in force: what a manager has set, else what the facts say; read anew each time, so changes hold at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.connection import Database
from api.opening import queries
from api.opening.hours import Channel, Hours, Spans
from api.opening.queries import OpeningChange
from api.opening.typed import BadHoursError, read_spans
from api.problems import ProblemError
from knowledge_base.article import Language
from knowledge_base.facts import Fact

WORKING_DAYS = 5


class HoursChangedError(ProblemError):
    """Somebody else has changed these hours meanwhile."""

    status = 409
    code = "hours_changed"


@dataclass(frozen=True)
class Kept:
    """Hours, and the version that a change of them must name."""

    hours: Hours
    version: int


class Opening:
    """The use cases."""

    def __init__(self, database: Database, now: Callable[[], datetime], facts: Mapping[str, Fact]) -> None:
        self._database = database
        self._now = now
        self.defaults = default_hours(facts)

    async def hours(self, connection: AsyncConnection, channel: Channel, language: Language) -> Hours:
        """Those in force, within somebody's transaction."""
        found = await queries.of_channel(connection, channel, language)
        return found[0] if found else self.defaults[channel]

    async def read(self, channel: Channel, language: Language) -> Hours:
        """Those in force."""
        async with self._database.reading() as connection:
            return await self.hours(connection, channel, language)

    async def everything(self) -> dict[tuple[Channel, Language], Kept]:
        """All hours, for the manager's page."""
        async with self._database.reading() as connection:
            stored = await queries.stored(connection)
        return {
            (channel, language): Kept(*stored.get((channel, language), (self.defaults[channel], 0)))
            for channel in Channel
            for language in Language
        }

    async def changes(self) -> list[OpeningChange]:
        """Who has changed what, newest first."""
        async with self._database.reading() as connection:
            return await queries.changes(connection)

    async def change(
        self, staff_id: int, channel: Channel, language: Language, version: int | None, change: Callable[[Hours], Hours]
    ) -> None:
        """What follows from the hours in force; HoursChangedError unless `version`, if given, is still theirs."""
        at = self._now()
        try:
            async with self._database.writing() as connection:
                before, current = await queries.of_channel(connection, channel, language) or (
                    self.defaults[channel],
                    0,
                )
                after = change(before)
                if after == before:
                    return
                if version not in {None, current} or not await queries.put(
                    connection, channel, language, after, current, at
                ):
                    raise HoursChangedError("These hours were changed meanwhile; look at them again.")
                await queries.record(connection, channel, language, staff_id, at, before, after)
        except IntegrityError as error:  # two at once set them for the first time
            raise HoursChangedError("These hours were changed meanwhile; look at them again.") from error


def default_hours(facts: Mapping[str, Fact]) -> dict[Channel, Hours]:
    """What the articles say: chat every day, the phone on working days. Without the fact, nobody is promised."""
    chat, phone = _spans(facts.get("chat_hours")), _spans(facts.get("phone_hours"))
    weekend: Spans = ()
    return {
        Channel.CHAT: Hours((chat,) * 7, on_holidays=None),
        Channel.PHONE: Hours((phone,) * WORKING_DAYS + (weekend,) * (7 - WORKING_DAYS), on_holidays=()),
    }


def _spans(fact: Fact | None) -> Spans:
    if fact is None or not isinstance(fact.value, list):
        return ()
    try:
        return read_spans("-".join(map(str, fact.value)))
    except BadHoursError:
        return ()
