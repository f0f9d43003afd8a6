"""Which times are left: the slots of the phone's hours, less the places that are taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.callbacks import queries
from api.callbacks.problems import NoSuchSlotError, SlotTakenError
from api.callbacks.slots import by_day, rules_of, slots
from api.callbacks.values import Rules
from api.chat import Chat
from api.facts import facts_of
from api.opening.hours import Channel
from knowledge_base.article import Language

SHOWN_FREE = 6  # other times shown where one was taken


class FreePlaces:
    """Looks them up; within somebody's transaction, what it says holds until that ends."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    @property
    def rules(self) -> Rules | None:
        """What is promised; None where a fact is missing, so that no time is offered."""
        return rules_of(facts_of(self._chat.settings.knowledge_base))

    async def free(self, language: Language) -> list[datetime]:
        """All times that can be booked now."""
        async with self._chat.database.reading() as connection:
            return list(await self._places(connection, language))

    async def days(self, language: Language) -> list[dict[str, Any]]:
        """The same by day, in words."""
        if self.rules is None:
            return []
        days = by_day(await self.free(language), self.rules, self._now(), language)
        return [
            {
                "date": each.day.isoformat(),
                "label": each.label,
                "slots": [{"at": as_sent(at), "label": label} for at, label in each.slots],
            }
            for each in days
        ]

    async def check(self, language: Language, slot_at: datetime | None) -> None:
        """NoSuchSlotError or SlotTakenError unless the time can be booked now."""
        async with self._chat.database.reading() as connection:
            await self.place(connection, language, slot_at)

    async def place(self, connection: AsyncConnection, language: Language, slot_at: datetime | None) -> int:
        """The lowest free place of a time; NoSuchSlotError or SlotTakenError where there is none."""
        places = await self._places(connection, language)
        if slot_at in places:
            return places[slot_at]
        free = [as_sent(at) for at in places][:SHOWN_FREE]
        if slot_at is not None and slot_at in set(await self._slots(connection, language)):
            raise taken_error(free)
        raise NoSuchSlotError("Nobody calls at this time; choose one of those that are offered.", free=free)

    async def taken(self, language: Language) -> SlotTakenError:
        """Somebody was quicker; with other times."""
        return taken_error([as_sent(at) for at in await self.free(language)][:SHOWN_FREE])

    async def _places(self, connection: AsyncConnection, language: Language) -> dict[datetime, int]:
        """Every time that is not full, with its lowest free place."""
        hours = await self._chat.opening.hours(connection, Channel.PHONE, language)
        taken = set(await queries.taken(connection, language, self._now()))
        found = {}
        for at in await self._slots(connection, language):
            place = next((each for each in range(hours.capacity) if (at, each) not in taken), None)
            if place is not None:
                found[at] = place
        return found

    async def _slots(self, connection: AsyncConnection, language: Language) -> list[datetime]:
        if self.rules is None:
            return []
        hours = await self._chat.opening.hours(connection, Channel.PHONE, language)
        return list(slots(hours, self.rules, self._now()))

    def _now(self) -> datetime:
        return self._chat.conversations.now()


def taken_error(free: list[str]) -> SlotTakenError:
    """With the next free times."""
    return SlotTakenError("Somebody has just taken this time; choose another one.", free=free)


def as_sent(at: datetime) -> str:
    """A time as it goes over the wire and comes back."""
    return at.isoformat().replace("+00:00", "Z")
