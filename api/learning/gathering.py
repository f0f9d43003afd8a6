"""From the events of a conversation to the questions in it that found no good answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.conversations.values import Author, Event, Kind
from api.learning.values import NewQuestion, Source
from bot.decision import Action, Reason

TELLING = (Kind.ESCALATED, Kind.FEEDBACK, Kind.SUGGESTION_ACCEPTED, Kind.SUGGESTION_EDITED)
# What an article could have answered. Who wants a person, complains, is about one account or in need is no gap of ours.
GAPS = frozenset(
    {
        Reason.LOW_CONFIDENCE, Reason.AMBIGUOUS, Reason.PARTLY, Reason.DRAFT_ONLY, Reason.OUTDATED, Reason.INCOMPLETE,
        Reason.TOO_LONG,
    }
)  # fmt: skip
TEXT_MAX = 1_000  # characters


@dataclass(frozen=True)
class Sent:
    """A draft that a consultant sent: which message it answers, and from which article."""

    answers: int
    article_id: str


def found_in(lang: str, events: Sequence[Event], sent: Mapping[int, Sent]) -> Iterator[NewQuestion]:
    """The questions of one conversation, its events in order; `sent` are its drafts by their id."""
    by_number = {event.number: event for event in events}
    for event in events:
        match event.kind:
            case Kind.ESCALATED if event.payload.get("reason") in GAPS:
                yield from _escalated(lang, event, events)
            case Kind.FEEDBACK if not event.payload.get("is_helpful", True):
                yield from _unhelpful(lang, event, by_number, events)
            case Kind.SUGGESTION_ACCEPTED | Kind.SUGGESTION_EDITED if event.payload["suggestion_id"] in sent:
                yield from _sent(lang, event, sent[event.payload["suggestion_id"]], events)
            case _:
                pass


def _escalated(lang: str, event: Event, events: Sequence[Event]) -> Iterator[NewQuestion]:
    said = _last_of_bot(events, event.number)
    upto = said.payload["answers"] if said else event.number
    text = _asked(events, upto)
    if text:
        near = [each["id"] for each in (said.payload.get("decision") or {}).get("candidates", [])[:1]] if said else []
        yield _question(Source.ESCALATED, text, lang, event, said, articles=near)


def _unhelpful(
    lang: str, event: Event, by_number: Mapping[int, Event], events: Sequence[Event]
) -> Iterator[NewQuestion]:
    about = by_number.get(event.payload["about"])
    if about is None or about.payload.get("action") != Action.ANSWER:
        return
    text = _asked(events, about.payload["answers"])
    if text:
        yield _question(Source.UNHELPFUL, text, lang, event, about, articles=_sources(about))


def _sent(lang: str, event: Event, sent: Sent, events: Sequence[Event]) -> Iterator[NewQuestion]:
    """A draft that was sent may be a new phrasing; and where the bot had answered otherwise, it was wrong."""
    text = _asked(events, sent.answers)
    if not text:
        return
    said = _last_of_bot(events, event.number)
    yield _question(Source.ACCEPTED, text, lang, event, said, answered_with=sent.article_id)
    answered = _last_of_bot(events, event.number, Action.ANSWER)
    if answered is not None and sent.article_id not in _sources(answered):
        wrong = _asked(events, answered.payload["answers"]) or text
        yield _question(
            Source.ANSWERED_OTHERWISE, wrong, lang, event, answered, articles=_sources(answered),
            answered_with=sent.article_id,
        )  # fmt: skip


def _question(
    source: Source, text: str, lang: str, event: Event, said: Event | None, *, articles: Sequence[str] = (),
    answered_with: str | None = None,
) -> NewQuestion:  # fmt: skip
    spoken = said.payload.get("language") if said else None
    reason = str(event.payload.get("reason") or "") or None
    return NewQuestion(
        source, text, spoken or lang, event.at, event.conversation, event.number, reason, articles, answered_with
    )


def _asked(events: Sequence[Event], upto: int) -> str:
    """What the player said in the turn that ends with message `upto`."""
    turn: list[str] = []
    for event in reversed([event for event in events if event.number <= upto and event.kind is Kind.MESSAGE]):
        if event.author is not Author.PLAYER:
            break
        turn.append(event.payload["text"])
    return "\n".join(reversed(turn))[:TEXT_MAX].strip()


def _last_of_bot(events: Sequence[Event], before: int, action: Action | None = None) -> Event | None:
    """The bot's last message before a number, of an action if one is asked for."""
    said = [
        event
        for event in events
        if event.number < before
        and event.kind is Kind.MESSAGE
        and event.author is Author.BOT
        and (action is None or event.payload.get("action") == action)
    ]
    return said[-1] if said else None


def _sources(said: Event) -> list[str]:
    return [source["id"] for source in said.payload.get("sources", ())]
