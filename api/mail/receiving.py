"""A mail that has come in becomes part of a conversation; with its place in the mailbox, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import anyio.to_thread
from sqlalchemy.ext.asyncio import AsyncConnection

from api.conversations.changing import Change, finished
from api.conversations.hub import Hub
from api.conversations.queries import locked
from api.conversations.service import opened
from api.conversations.values import Author, Channel, Conversation, Kind, NewEvent, Status, Written
from api.database.connection import Database
from api.mail import outbox_queries, queries
from api.mail.addresses import usable
from api.mail.automatic import IncomingKind
from api.mail.masked import MaskedMail, masked_mail
from api.mail.threads import bare_subject, new_token, token_in
from api.mail.values import Bookmark, Fetched, Thread
from api.promises.service import start as start_promise
from knowledge_base.article import Language

OLD = timedelta(days=1)  # what lay in the mailbox longer before Krupier came is somebody else's work


class Receiving:
    """The use cases of what comes in."""

    def __init__(
        self, database: Database, hub: Hub, now: Callable[[], datetime], own_address: str, promised: timedelta
    ) -> None:
        self._database = database
        self._hub = hub
        self._now = now
        self._own = own_address
        self._promised = promised

    async def bookmark(self, mailbox: str, uid_validity: int) -> Bookmark:
        """Where to go on; when the mailbox has numbered its mails anew (RFC 3501, 2.3.1.1), from its beginning."""
        async with self._database.writing() as connection:
            mark = await queries.bookmark(connection, mailbox)
            if mark is None or mark.uid_validity != uid_validity:
                mark = Bookmark(uid_validity, 0, mark.since if mark else self._now() - OLD)
                await queries.set_bookmark(connection, mailbox, mark)
        return mark

    async def skip(self, mail: Fetched) -> None:
        """A mail of a time before Krupier."""
        async with self._database.writing() as connection:
            await queries.move_bookmark(connection, mail)

    async def take(self, mail: Fetched) -> Written | None:
        """Store it; what was said is given back, None where nobody said anything or it had come before."""
        parsed = await anyio.to_thread.run_sync(masked_mail, mail, self._own)
        async with self._database.writing() as connection:
            await queries.move_bookmark(connection, mail)
            if await queries.count_copy(connection, parsed.fingerprint):
                return None
            change = await self._taken(connection, mail, parsed)
            if change is not None:
                await finished(change, self._hub)
        if change is None:
            return None
        self._hub.written(change.written)
        return change.written if any(event.kind is Kind.MESSAGE for event in change.events) else None

    async def _taken(self, connection: AsyncConnection, mail: Fetched, parsed: MaskedMail) -> Change | None:
        """The change it makes, and the line in the ledger of what came in."""
        change: Change | None = None
        match parsed.kind:
            case IncomingKind.OWN:
                await outbox_queries.confirm(connection, parsed.message_id, self._now())
            case IncomingKind.BOUNCE:
                change = await self._bounced(connection, parsed)
            case IncomingKind.AUTO_REPLY:
                change = await self._noted(connection, parsed)
            case IncomingKind.MESSAGE:
                change = await self._said(connection, mail, parsed)
            case IncomingKind.BULK:
                pass
        if change is not None:
            await change.save()  # the ledger refers to the conversation
        await queries.add_incoming(connection, _row(mail, parsed, change, self._now()))
        return change

    async def _said(self, connection: AsyncConnection, mail: Fetched, parsed: MaskedMail) -> Change:
        conversation = await self._conversation(connection, parsed)
        if conversation is None:
            conversation = await self._opened(connection, parsed)
        thread = await queries.thread_of(connection, conversation.id)
        assert thread is not None
        payload = parsed.payload(mail)
        if thread.address and parsed.sender != thread.address:
            payload["mail"]["other_sender"] = parsed.sender or "?"
        change = Change(connection, conversation, self._now(), conversation)
        said(change, payload, mail.arrived_at + self._promised, mail.arrived_at)
        await start_promise(change, mail.arrived_at + self._promised, mail.arrived_at)
        if parsed.message_id:
            await queries.refer(connection, conversation.id, (*thread.references, parsed.message_id)[-20:])
        return change

    async def _opened(self, connection: AsyncConnection, parsed: MaskedMail) -> Conversation:
        """A new conversation, of the same player where the address has written before; the bot tells its language."""
        address = usable(parsed.sender)
        earlier = await queries.last_of_address(connection, address) if address else None
        _, conversation = await opened(
            connection, Language.PL, Channel.EMAIL, self._now(), earlier, bare_subject(parsed.subject)
        )
        thread = Thread(conversation.id, address, parsed.sender_name, new_token(), ())
        await queries.add_thread(connection, thread)
        return conversation

    async def _conversation(self, connection: AsyncConnection, parsed: MaskedMail) -> Conversation | None:
        """The conversation a mail belongs to: by the mails it refers to, else by a token of ours."""
        found = await queries.conversation_of_ids(connection, parsed.references) if parsed.references else None
        if found is None and (token := token_in(parsed.subject, parsed.references)):
            found = await queries.conversation_of_token(connection, token)
        return await locked(connection, found) if found else None

    async def _noted(self, connection: AsyncConnection, parsed: MaskedMail) -> Change | None:
        """A machine's answer to a mail of ours, for the consultant to know; nobody waits for an answer to it."""
        conversation = await self._conversation(connection, parsed)
        if conversation is None:
            return None
        change = Change(connection, conversation, self._now(), conversation)
        change.add(NewEvent(Kind.MAIL_NOTED, Author.SYSTEM, {"text": parsed.text[:500], "subject": parsed.subject}))
        return change

    async def _bounced(self, connection: AsyncConnection, parsed: MaskedMail) -> Change | None:
        bounce = parsed.bounce
        sent = await outbox_queries.of_message_ids(connection, bounce.message_ids) if bounce else None
        if bounce is None or sent is None or not bounce.is_final:
            return None
        await outbox_queries.fail(connection, sent.id, bounce.reason)
        conversation = await locked(connection, sent.conversation) if sent.conversation else None
        if conversation is None:
            return None
        change = Change(connection, conversation, self._now(), conversation)
        await not_delivered(change, sent.number, bounce.reason, self._now() + self._promised)
        return change


def said(change: Change, payload: dict[str, Any], due_at: datetime, since: datetime) -> None:
    """A player's written message; a conversation that was closed is open again."""
    conversation = change.conversation
    if conversation.status is Status.CLOSED:
        change.add(NewEvent(Kind.REOPENED, Author.SYSTEM, {"due_at": due_at.isoformat()}))
        change.set(
            status=Status.BOT, closed_at=None, outcome=None, consultant_id=None, consultant=None, waiting_since=None
        )
    change.add(NewEvent(Kind.MESSAGE, Author.PLAYER, payload))
    change.set(unanswered_since=conversation.unanswered_since or since)
    change.alert = "message" if conversation.status is Status.HELD else None


async def not_delivered(change: Change, number: int | None, reason: str, due_at: datetime) -> None:
    """A mail of ours has not arrived: a person must look, and the player still waits for an answer."""
    change.add(NewEvent(Kind.MAIL_FAILED, Author.SYSTEM, {"about": number, "detail": reason}))
    if change.conversation.status in {Status.CLOSED, Status.BOT}:
        change.set(status=Status.WAITING, closed_at=None, consultant_id=None, consultant=None, waiting_since=change.at)
    await start_promise(change, due_at)
    change.alert = "escalated"


def _row(mail: Fetched, parsed: MaskedMail, change: Change | None, at: datetime) -> dict[str, Any]:
    spoken = next((event for event in change.events if event.kind is Kind.MESSAGE), None) if change else None
    return {
        "mailbox": mail.mailbox, "uid_validity": mail.uid_validity, "uid": mail.uid, "at": at, "copies": 0,
        "fingerprint": parsed.fingerprint, "message_id": parsed.message_id[:300], "kind": parsed.kind,
        "warning": parsed.warning, "size": mail.size, "arrived_at": mail.arrived_at,
        "conversation_id": change.conversation.id if change else None, "number": spoken.number if spoken else None,
    }  # fmt: skip
