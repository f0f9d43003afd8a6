"""A chat as a letter, for its player to keep."""

from __future__ import annotations

from collections.abc import Sequence

from api.conversations.values import Author, Conversation, Event, Kind
from api.mail.letter import Letter
from api.mail.problems import NothingSaidError
from api.mail.wording import said_day, said_time, words
from knowledge_base.article import Language

PURPOSE = "transcript"
EVENTS_MAX = 2_000
TEXT_MAX = 200_000  # characters
TRANSCRIPTS_A_DAY = 5  # to one address: nobody shall be flooded by way of us


def transcript(
    conversation: Conversation, events: Sequence[Event], address: str, brand: str, language: Language
) -> Letter:
    """All that was said, as it was said; NothingSaidError where nothing was."""
    t = words(language)["transcript"]
    said = [event for event in events if event.kind is Kind.MESSAGE]
    if not any(event.author is not Author.PLAYER for event in said):
        raise NothingSaidError("Nothing has been answered in this chat yet.")
    day = said_day(conversation.created_at, language)
    lines = [_line(event, t["authors"], language) for event in said]
    text = "\n\n".join([t["intro"].format(brand=brand, date=day), *lines])[:TEXT_MAX]
    return Letter(address, t["subject"].format(date=day), f"{text}\n\n---\n\n{t['outro']}", purpose=PURPOSE)


def _line(event: Event, authors: dict[str, str], language: Language) -> str:
    who = str(event.payload.get("name") or authors[event.author.value])
    # What a player typed shall not become a link in a letter that we sign.
    text = str(event.payload["text"]).replace("](", "] (")
    return f"**{said_time(event.at, language)} {who}**\n\n{text}"
