"""What is said in a conversation by mail goes out as a letter, stored in the same transaction as the message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.queries import player_messages
from api.conversations.values import Author, Conversation, Event
from api.mail.letter import Letter, quoted
from api.mail.threads import marked, reply_subject
from api.mail.values import Thread
from api.mail.wording import said_when, words
from knowledge_base.article import Language

QUOTE_MAX = 3_000  # characters of the player's words below an answer


async def reply_letter(
    connection: AsyncConnection, conversation: Conversation, thread: Thread, said: Event, hours: int
) -> Letter:
    """The letter for a message of a consultant or of the bot."""
    language = Language(conversation.lang)
    asked = await player_messages(connection, conversation.id, upto=said.number, limit=1)
    is_automatic = said.author is Author.BOT
    text = str(said.payload["text"])
    given = said.payload.get("subject") or reply_subject(conversation.subject or words(language)["no_subject"])
    return Letter(
        to=thread.address,
        name=thread.name,
        subject=marked(str(given), thread.token),
        text=_automatic(said, text, language, hours) if is_automatic else with_original(said, text, language),
        in_reply_to=thread.references[-1] if thread.references else None,
        references=thread.references,
        is_automatic=is_automatic,
        purpose="automatic" if is_automatic else "reply",
        conversation=conversation.id,
        number=said.number,
        token=thread.token,
        quote=quotation(asked[0], thread.name, language) if asked else "",
    )


def with_original(said: Event, text: str, language: Language) -> str:
    """A translated message says that it is one and what was written; one that could not be, says that."""
    t = words(language)["translation"]
    if made := said.payload.get("translation"):
        return f"{text}\n\n{t['made']}\n\n{quoted(str(made['original']))}"
    return f"{text}\n\n{t['failed']}" if said.payload.get("untranslated") else text


def receipt_letter(conversation: Conversation, thread: Thread) -> Letter:
    """That a letter has arrived, its number, and until when a person answers."""
    language = Language(conversation.lang)
    t = words(language)
    due = said_when(conversation.due_at, language) if conversation.due_at else "–"
    last = thread.references[-1] if thread.references else None
    return Letter(
        thread.address, marked(reply_subject(conversation.subject or t["no_subject"]), thread.token),
        t["receipt"].format(number=thread.token, due=due), thread.name, in_reply_to=last, references=thread.references,
        purpose="receipt", conversation=conversation.id, token=thread.token,
    )  # fmt: skip


def quotation(asked: Event, name: str, language: Language) -> str:
    """The player's message below the answer, as every mail program does it."""
    t = words(language)
    text = str(asked.payload["text"])
    shown = text if len(text) <= QUOTE_MAX else text[:QUOTE_MAX].rsplit(" ", 1)[0] + " …"
    heading = t["wrote"].format(when=said_when(_written_at(asked), language), name=name or t["someone"])
    return f"{heading}\n\n{quoted(shown)}"


def _automatic(said: Event, text: str, language: Language, hours: int) -> str:
    """It says that it is automatic, and how to reach a person."""
    t = words(language)
    if said.payload.get("action") != "answer":
        return f"{t['help']['before']}\n\n{text}"
    titles = ", ".join(source["title"] for source in said.payload.get("sources", ()))
    source = [t["sources"].format(titles=titles)] if titles else []
    return "\n\n".join([t["automatic"]["before"], text, *source, t["automatic"]["after"].format(hours=hours)])


def _written_at(asked: Event) -> datetime:
    arrived = asked.payload.get("mail", {}).get("arrived_at")
    return datetime.fromisoformat(arrived) if arrived else asked.at
