"""What a player hears of the hours, at every moment of a year and with any hours: one state, and the true one."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from api.conversations.availability import FIGURES_MIN, State, situation, usual_wait_minutes
from api.conversations.handing_over import OFFERS, handed_over
from api.conversations.values import Author, Kind, NewEvent
from api.opening.hours import Hours
from api.opening.schedule import is_open, next_opening
from api.opening.wall_clock import WARSAW
from api.opening.wording import until, when
from bot.decision import Reason
from knowledge_base.article import Language
from tests.api.opening.test_schedule import DAILY, OFFICE, any_hours, any_moment
from tests.fakes import FakeBot

REASONS = [Reason.LOW_CONFIDENCE, Reason.HUMAN_REQUESTED, Reason.COMPLAINT, Reason.FRAUD, Reason.CRISIS, Reason.MINOR]
MARKS = {  # what only the words of one state have, in Polish
    State.STAFFED: ("Przekazuję rozmowę konsultantowi", "jest teraz na miejscu"),
    State.UNSTAFFED: ("nikogo nie ma przy czacie", "nikogo z nas nie ma przy czacie"),
    State.CLOSED: ("Konsultantów teraz nie ma", "Naszego zespołu teraz nie ma"),
}


def said(reason: Reason) -> NewEvent:
    payload = {"text": "Słowa bota.", "reason": reason.value, "language": "pl"}
    return NewEvent(Kind.MESSAGE, Author.BOT, payload)


@settings(max_examples=200, deadline=None)
@given(any_hours, any_moment, st.booleans(), st.sampled_from(REASONS))
def test_exactly_one_state_is_told_it_is_the_true_one_and_nobody_is_left_without_a_way(
    hours: Hours, at: datetime, is_staffed: bool, reason: Reason
) -> None:
    here = situation(hours, at, is_staffed=is_staffed)
    told = handed_over(said(reason), FakeBot(), here).payload  # type: ignore[arg-type]
    text = told["text"]
    assert text.startswith("Słowa bota.")
    assert [state for state in State if any(mark in text for mark in MARKS[state])] == [here.state]
    assert (here.state is State.CLOSED) == (not is_open(hours, at))
    opens = next_opening(hours, at)
    if here.state is State.CLOSED and opens is not None:
        assert when(opens, at, Language.PL) in text
    if here.state is State.UNSTAFFED and here.until is not None:
        assert until(here.until, at, Language.PL) in text
    is_in_care = reason in {Reason.CRISIS, Reason.MINOR}
    assert told["offers"] == ([] if here.is_staffed or is_in_care else list(OFFERS))


def test_the_usual_wait_counts_only_waits_within_the_hours_and_is_silent_on_few() -> None:
    noon = datetime(2026, 11, 26, 12, tzinfo=WARSAW)
    short = [(noon + timedelta(minutes=n), timedelta(seconds=100 + n)) for n in range(FIGURES_MIN)]
    overnight = [(noon.replace(hour=9), timedelta(hours=11))] * 20
    assert usual_wait_minutes(OFFICE, short) == 2
    assert usual_wait_minutes(OFFICE, short + overnight) == 2
    assert usual_wait_minutes(DAILY, short[1:]) is None
