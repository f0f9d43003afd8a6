"""Hours are kept, valid at once, and it is known who changed them; on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from api.database.connection import Database
from api.opening.hours import Channel, DayOut, Hours, Span
from api.opening.service import HoursChangedError, Opening
from api.staff.service import StaffAccounts
from api.staff.values import Role
from knowledge_base.article import Language
from knowledge_base.facts import read_facts
from knowledge_base.reading import SHIPPED

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
NIGHT = ((Span(1200, 1440),),) * 7


@pytest.fixture
async def opening(database: Database) -> Opening:
    await StaffAccounts(database, lambda: NOW).add("jan@example.com", "Jan", Role.MANAGER, "a long pass phrase")
    return Opening(database, lambda: NOW, read_facts(SHIPPED / "facts.yaml")[0])


async def test_before_anybody_sets_them_the_hours_are_those_that_the_articles_say(opening: Opening) -> None:
    chat = await opening.read(Channel.CHAT, Language.PL)
    phone = await opening.read(Channel.PHONE, Language.EN)
    assert (chat.week, chat.on_holidays) == (((Span(480, 1440),),) * 7, None)
    assert (phone.week[0], phone.week[6], phone.on_holidays) == ((Span(540, 1200),), (), ())


async def test_a_change_holds_at_once_and_for_its_language_alone_and_says_who_made_it(opening: Opening) -> None:
    await opening.change(1, Channel.CHAT, Language.EN, 0, lambda hours: replace(hours, week=NIGHT))
    assert (await opening.read(Channel.CHAT, Language.EN)).week == NIGHT
    assert (await opening.read(Channel.CHAT, Language.PL)).week != NIGHT
    [change] = await opening.changes()
    assert (change.name, change.language, change.at) == ("Jan", Language.EN, NOW)
    assert (change.before.week[0], change.after.week[0]) == ((Span(480, 1440),), NIGHT[0])


async def test_a_day_of_its_own_comes_and_goes(opening: Opening) -> None:
    eve = date(2026, 12, 24)

    def out(day_out: DayOut | None) -> object:
        return opening.change(1, Channel.CHAT, Language.PL, None, lambda hours: hours.with_exception(eve, day_out))

    await out(DayOut((Span(600, 840),), "Wigilia"))
    assert (await opening.read(Channel.CHAT, Language.PL)).exceptions == {eve: DayOut((Span(600, 840),), "Wigilia")}
    await out(None)
    assert (await opening.read(Channel.CHAT, Language.PL)).exceptions == {}
    await out(None)  # nothing is different, so nothing is recorded
    assert len(await opening.changes()) == 2


async def test_of_two_managers_who_change_the_same_hours_the_second_is_told(opening: Opening) -> None:
    def to(minute: int) -> object:
        def changed(hours: Hours) -> Hours:
            return replace(hours, week=((Span(minute, 1440),),) * 7)

        return opening.change(1, Channel.CHAT, Language.PL, 0, changed)

    results = await asyncio.gather(to(60), to(120), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["HoursChangedError", "NoneType"]
    with pytest.raises(HoursChangedError):
        await to(180)
    kept = (await opening.everything())[Channel.CHAT, Language.PL]
    assert kept.version == 1
    assert kept.hours.week[0][0].opens in {60, 120}
