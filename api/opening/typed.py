"""Hours as a manager types them: "8-16", "8:00–12:00, 13:00–16:30", "zamknięte", "całą dobę"."""

from __future__ import annotations

import re

from api.opening.hours import DAY_MINUTES, Span, Spans

SPANS_MAX = 4  # a day with more breaks than that is a mistake
_CLOSED = frozenset({"", "-", "–", "zamknięte", "zamkniete", "nieczynne", "closed"})
_ALWAYS = frozenset({"całą dobę", "cala dobe", "day and night", "24h", "24/24", "always"})
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|do|to)\s*(\d{1,2})(?:[:.](\d{2}))?")


class BadHoursError(ValueError):
    """What was typed is no hours; `code` says what is wrong with it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_spans(typed: str) -> Spans:
    """The spans, in order, touching ones joined; BadHoursError otherwise."""
    text = " ".join(typed.casefold().split())
    if text in _CLOSED:
        return ()
    if text in _ALWAYS:
        return (Span(0, DAY_MINUTES),)
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    if len(parts) > SPANS_MAX:
        raise BadHoursError("too_many")
    return _joined(sorted(_span(part) for part in parts))


def _span(part: str) -> Span:
    match = _SPAN.fullmatch(part)
    if match is None:
        raise BadHoursError("unreadable")
    opens, closes = _minute(match[1], match[2]), _minute(match[3], match[4])
    if closes == opens:
        raise BadHoursError("empty")
    if closes < opens:
        raise BadHoursError("overnight")
    return Span(opens, closes)


def _minute(hour: str, minute: str | None) -> int:
    total = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or total > DAY_MINUTES:
        raise BadHoursError("impossible")
    return total


def _joined(spans: list[Span]) -> Spans:
    joined: list[Span] = []
    for span in spans:
        if joined and span.opens < joined[-1].closes:
            raise BadHoursError("overlapping")
        if joined and span.opens == joined[-1].closes:
            joined[-1] = Span(joined[-1].opens, span.closes)
        else:
            joined.append(span)
    return tuple(joined)
