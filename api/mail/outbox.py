"""The outbox: what is to be sent is stored first, then sent, then settled; so nothing is lost, and nothing goes twice.

SMTP leaves one gap (RFC 1047): when the line breaks after the text was handed over and before the server has said so,
nobody knows whether it was taken. Such a mail is 'uncertain'. A copy of all we send goes to our own mailbox in the same
transaction: if the copy arrives, the mail had been taken. Only if none has come in time is it sent again, with the same
Message-ID, by which the player's server knows a repeat. Better twice in the rarest case than never.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from api.database.connection import Database
from api.mail import outbox_queries as queries
from api.mail.transports import NotSentError, Transport, UncertainError
from api.mail.values import Outgoing, OutgoingStatus

LOOK_SECONDS = 15  # so late at most is a mail whose bell was not heard, or whose time has come again
LEASE = timedelta(minutes=5)  # longer than any attempt
RETRIES = (1, 2, 5, 15, 30, 60, 120, 240)  # minutes; then every four hours
GIVE_UP = timedelta(days=2)  # RFC 5321, 4.5.4.1 asks for four or five days; after two a person must know

logger = structlog.get_logger()


@dataclass(frozen=True)
class Patience:
    """How long an uncertain mail waits for its copy."""

    confirm: timedelta = timedelta(minutes=3)


PATIENCE = Patience()
Failed = Callable[[Outgoing, str], Awaitable[None]]


class Outbox:
    """One task that sends what waits, one after the other."""

    def __init__(
        self, database: Database, transport: Transport | None, own_address: str, now: Callable[[], datetime],
        failed: Failed, *, copies: bool, patience: Patience = PATIENCE,
    ) -> None:  # fmt: skip
        self._database = database
        self._transport = transport
        self._own = own_address
        self._now = now
        self._failed = failed
        self._copies = copies
        self._patience = patience
        self._rung = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Something was stored."""
        self._rung.set()

    def open(self) -> None:
        """Begin to send."""
        if self._transport is not None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Stop; a mail under way may come out uncertain."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        is_begun = False
        while True:
            try:
                if not is_begun:
                    async with self._database.writing() as connection:
                        await queries.left_sending(connection, self._now() + self._patience.confirm)
                    is_begun = True
                while await self.send_next():
                    pass
            except Exception as error:  # the database may be back the next time
                logger.error("outbox_failed", kind=type(error).__name__, exc_info=error)
            self._rung.clear()
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._rung.wait()
            except TimeoutError:
                continue

    async def send_next(self) -> bool:
        """Send the mail whose turn it is; whether there was one."""
        assert self._transport is not None
        now = self._now()
        async with self._database.writing() as connection:
            mail = await queries.claim(connection, now, now + LEASE)
        if mail is None:
            return False
        recipients = (mail.recipient, self._own) if self._copies else (mail.recipient,)
        try:
            await self._transport.send(self._own, recipients, mail.content)
        except UncertainError as error:
            await self._settle(mail, OutgoingStatus.UNCERTAIN, self._now() + self._patience.confirm, str(error))
        except NotSentError as error:
            await self._not_sent(mail, error)
        else:
            await self._settle(mail, OutgoingStatus.SENT, self._now(), None)
        return True

    async def _not_sent(self, mail: Outgoing, error: NotSentError) -> None:
        now = self._now()
        logger.warning("mail_not_sent", message_id=mail.message_id, attempts=mail.attempts + 1, is_final=error.is_final)
        if error.is_final or now - mail.created_at > GIVE_UP:
            await self._settle(mail, OutgoingStatus.FAILED, now, str(error))
            await self._failed(mail, str(error))
        else:
            minutes = RETRIES[min(mail.attempts, len(RETRIES) - 1)]

            await self._settle(mail, OutgoingStatus.QUEUED, now + timedelta(minutes=minutes), str(error))

    async def _settle(self, mail: Outgoing, status: OutgoingStatus, at: datetime, error: str | None) -> None:
        async with self._database.writing() as connection:
            await queries.settle(connection, mail.id, status, at, error)
