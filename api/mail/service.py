"""Mail, joined: the mailbox, the outbox, and what of a conversation goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import anyio.to_thread
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.changing import Change, changing
from api.conversations.hub import Hub
from api.conversations.queries import events_after, player_messages
from api.conversations.values import Author, Conversation, Event, Kind, NewEvent, Written
from api.database.connection import Database
from api.limits import RateLimitedError
from api.mail import outbox_queries, queries
from api.mail.addresses import checked_address
from api.mail.forms import FormMessage, take_form
from api.mail.letter import Letter, Sender, compose
from api.mail.mailbox import Desk, Mailbox, Reading
from api.mail.outbox import PATIENCE, Outbox, Patience
from api.mail.outbox_queries import WAITING
from api.mail.problems import BadAddressError, MailNotSetUpError
from api.mail.receiving import Receiving, not_delivered
from api.mail.replies import quotation, receipt_letter, reply_letter
from api.mail.threads import reply_subject
from api.mail.transcripts import EVENTS_MAX, PURPOSE, TRANSCRIPTS_A_DAY, transcript
from api.mail.transports import Server, Transport
from api.mail.values import Fetched, Outgoing
from api.mail.wording import said_when, words
from knowledge_base.article import Language

AUTOMATIC_A_DAY = 5  # to one address: two machines that do not know each other for such stop here

logger = structlog.get_logger()


@dataclass(frozen=True)
class MailOptions:
    """How mail is set up; without a transport nothing goes out, without a mailbox nothing comes in."""

    sender: Sender
    transport: Transport | None
    mailbox: Server | None
    reading: Reading
    hours: int  # promised until a person's answer
    copies: bool
    overdue_to: str
    receipts: bool = False
    patience: Patience = PATIENCE


class Mail:
    """What the other parts may ask of mail."""

    def __init__(
        self, database: Database, hub: Hub, now: Callable[[], datetime], options: MailOptions,
        touch: Callable[[Conversation], None],
    ) -> None:  # fmt: skip
        self.options = options
        self.database = database
        self._hub = hub
        self.now = now
        self._touch = touch
        self.promised = timedelta(hours=options.hours)
        self.outbox = Outbox(
            database, options.transport, options.sender.address, now, self._came_back, copies=options.copies,
            patience=options.patience,
        )  # fmt: skip
        self._receiving = Receiving(database, hub, now, options.sender.address, self.promised)
        desk = Desk(self._receiving.bookmark, self.take, self._receiving.skip)
        self.mailbox = Mailbox(options.mailbox, options.reading, desk) if options.mailbox else None
        hub.followers.append(self._follow)

    @property
    def can_send(self) -> bool:
        """Whether letters leave this house."""
        return self.options.transport is not None

    def open(self) -> None:
        """Begin to send and to read."""
        self.outbox.open()
        if self.mailbox is not None:
            self.mailbox.open()

    async def close(self) -> None:
        """Stop."""
        if self.mailbox is not None:
            await self.mailbox.close()
        await self.outbox.close()

    async def enqueue(self, connection: AsyncConnection, letter: Letter) -> str:
        """Store a letter to be sent, in the caller's transaction; its Message-ID."""
        if not self.can_send:
            raise MailNotSetUpError("No outgoing mail server is set up (KRUPIER_MAIL_SMTP_HOST).")
        at = self.now()
        composed = compose(letter, self.options.sender, at)
        await outbox_queries.add(connection, letter, composed, at)
        self.outbox.ring()
        return composed.message_id

    async def send(self, letter: Letter) -> str:
        """Store a letter to be sent; its Message-ID."""
        async with self.database.writing() as connection:
            message_id = await self.enqueue(connection, letter)
        self.outbox.ring()
        return message_id

    async def take(self, mail: Fetched) -> None:
        """A mail has come in: stored, told, and then thought about like any message."""
        try:
            written = await self._receiving.take(mail)
        except (SQLAlchemyError, OSError):
            raise  # of the moment: the same mail is read again
        except Exception as error:  # of the mail: whatever it is, it must not stop those behind it
            logger.error("mail_unreadable", uid=mail.uid, kind=type(error).__name__, exc_info=error)
            written = await self._receiving.take(replace(mail, raw=f"\r\n\r\nUID {mail.uid}".encode()))
        if written is not None:
            self._touch(written.conversation)

    async def take_form(self, form: FormMessage, earlier: Conversation | None) -> Written:
        """A message from the form, on the same way as a mail."""
        if not self.can_send:
            raise MailNotSetUpError("No outgoing mail server is set up, so nobody could answer.")
        written = await take_form(self.database, self._hub, self.now, self.promised, form, earlier)
        if not written.is_repeat:
            self._touch(written.conversation)
        return written

    async def note_form(self, earlier: Conversation, written: Conversation) -> None:
        """Who sees the conversation it was written from knows that there is a letter now."""
        about = {"subject": written.subject or "–", "form": written.id}
        async with changing(self.database, self._hub, earlier.id, self.now()) as change:
            change.add(NewEvent(Kind.MAIL_NOTED, Author.SYSTEM, about))

    async def send_transcript(self, conversation: Conversation, email: str, language: Language) -> None:
        """The chat as a letter to its player; RateLimitedError after a few."""
        address = checked_address(email)
        async with self.database.writing() as connection:
            since = self.now() - timedelta(days=1)
            if await outbox_queries.count_to(connection, address, since, purpose=PURPOSE) >= TRANSCRIPTS_A_DAY:
                raise RateLimitedError(retry_after=3600)
            events = await events_after(connection, conversation.id, 0, EVENTS_MAX, for_player=True)
            brand = self.options.sender.name
            await self.enqueue(connection, transcript(conversation, events, address, brand, language))

    async def shown(self, conversation: Conversation) -> dict[str, Any] | None:
        """What the desk shows beside a conversation by mail: whom an answer goes to, and what will stand in it."""
        if not conversation.channel.is_written:
            return None
        async with self.database.reading() as connection:
            thread = await queries.thread_of(connection, conversation.id)
            asked = await player_messages(connection, conversation.id, upto=conversation.player_number, limit=1)
            statuses = await outbox_queries.statuses(connection, conversation.id)
        if thread is None:
            return None
        language = Language(conversation.lang)
        return {
            "address": thread.address,
            "name": thread.name,
            "subject": reply_subject(conversation.subject or words(language)["no_subject"]),
            "quote": quotation(asked[0], thread.name, language) if asked else "",
            "can_send": self.can_send and bool(thread.address),
            "waiting": sorted(number for number, status in statuses.items() if status in WAITING),
        }

    async def state(self, since: datetime, limit: int) -> dict[str, Any]:
        """How mail is doing: what came and went since a moment, what is in trouble, and whether the mailbox is read."""
        async with self.database.scanning() as connection:
            return {
                "incoming": await queries.incoming_counts(connection, since),
                "outgoing": await outbox_queries.counts(connection, since),
                "troubled": await outbox_queries.troubled(connection, since, limit),
                "is_read": self.mailbox is not None,
                "problem": self.mailbox.problem if self.mailbox else None,
                "can_send": self.can_send,
            }

    async def original(self, conversation_id: str, number: int) -> bytes | None:
        """The mail behind a message, fetched from the mailbox as it came; None where it is not there."""
        async with self.database.reading() as connection:
            place = await queries.incoming_of(connection, conversation_id, number)
        if place is None or self.mailbox is None or place.mailbox != self.mailbox.name:
            return None
        return await anyio.to_thread.run_sync(self.mailbox.original, place.uid_validity, place.uid)

    async def _follow(self, change: Change) -> None:
        """What a consultant or the bot says by mail is stored as a letter with the message."""
        if not change.conversation.channel.is_written:
            return
        for event in list(change.events):
            is_first = event.kind is Kind.MESSAGE and event.author is Author.PLAYER and event.number == 1
            if is_first and self.options.receipts and self.can_send:
                await self._confirm(change)
            elif event.kind is Kind.MESSAGE and event.author in {Author.CONSULTANT, Author.BOT}:
                await self._reply(change, event)
            elif event.kind is Kind.PROMISE_MISSED and self.can_send and self.options.overdue_to:
                await self.enqueue(change.connection, self._overdue(change.conversation))

    async def _reply(self, change: Change, event: Event) -> None:
        connection, conversation = change.connection, change.conversation
        thread = await queries.thread_of(connection, conversation.id)
        if thread is None or not thread.address:
            if event.author is Author.CONSULTANT:
                raise BadAddressError("This letter has no address that could be answered.")
            return
        if event.author is Author.BOT:
            since = self.now() - timedelta(days=1)
            if not self.can_send or await outbox_queries.count_to(connection, thread.address, since) >= AUTOMATIC_A_DAY:
                return
        letter = await reply_letter(connection, conversation, thread, event, self.options.hours)
        message_id = await self.enqueue(connection, letter)
        await queries.refer(connection, conversation.id, (*thread.references, message_id)[-20:])

    async def _confirm(self, change: Change) -> None:
        """A new letter has arrived here; a few a day to one address."""
        thread = await queries.thread_of(change.connection, change.conversation.id)
        if thread is None or not thread.address:
            return
        since = self.now() - timedelta(days=1)
        if await outbox_queries.count_to(change.connection, thread.address, since) < AUTOMATIC_A_DAY:
            message_id = await self.enqueue(change.connection, receipt_letter(change.conversation, thread))
            await queries.refer(change.connection, change.conversation.id, (*thread.references, message_id))

    def _overdue(self, conversation: Conversation) -> Letter:
        language = Language.PL
        t = words(language)["escalation"]
        due = said_when(conversation.due_at, language) if conversation.due_at else "–"
        text = t["text"].format(due=due, conversation=f"/desk/conversations/{conversation.id}")
        subject = t["subject"].format(subject=conversation.subject or "–")
        return Letter(self.options.overdue_to, subject, text, purpose="overdue")

    async def _came_back(self, mail: Outgoing, reason: str) -> None:
        """The server will never take it: the consultant is told in the conversation."""
        if mail.conversation is None:
            return
        async with changing(self.database, self._hub, mail.conversation, self.now()) as change:
            await not_delivered(change, mail.number, reason[:200], self.now() + self.promised)
