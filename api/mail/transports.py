"""Ways for a mail to leave: a server that speaks SMTP, or a folder on this machine for the demonstration."""

from __future__ import annotations

import asyncio
import mailbox
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import aiosmtplib
import anyio.to_thread

from api.mail_settings import Security

SECONDS_MAX = 60  # RFC 5321, 4.5.3.2 allows minutes; nobody's provider needs them


@dataclass(frozen=True)
class Server:
    """A mail server and who we are there."""

    host: str
    port: int
    security: Security
    user: str
    password: str


class NotSentError(Exception):
    """It has certainly not been taken; `is_final` where trying again is of no use."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


class UncertainError(Exception):
    """The line broke at a moment when it may have been taken already (RFC 1047)."""


class Transport(Protocol):
    """Takes a mail over, or says why not."""

    async def send(self, sender: str, recipients: Sequence[str], content: bytes) -> None:
        """Returns once it is taken over for the first recipient; NotSentError or UncertainError otherwise."""
        ...


class Smtp:
    """Any provider's server; a connection a mail, since a desk sends few."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def send(self, sender: str, recipients: Sequence[str], content: bytes) -> None:
        """Everything before DATA is certain when it fails; a refusal of the first recipient is the mail's."""
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host, port=server.port, timeout=SECONDS_MAX,
            use_tls=server.security is Security.TLS, start_tls=server.security is Security.STARTTLS,
        )  # fmt: skip
        try:
            try:
                await client.connect()
                if server.user:
                    await client.login(server.user, server.password)
                await client.mail(sender)
                await client.rcpt(recipients[0])
                for more in recipients[1:]:
                    await _also(client, more)
            except aiosmtplib.SMTPRecipientRefused as error:
                raise NotSentError(f"{error.code} {error.message}", is_final=500 <= error.code < 600) from error
            except (aiosmtplib.SMTPException, OSError) as error:  # e.g. a wrong password: to be mended, then it goes
                raise NotSentError(f"{type(error).__name__}: {error}") from error
            await _data(client, content)
        finally:
            await _quit(client)


class Folder:
    """A Maildir, so that the demonstration shows what would be sent; any mail program can open it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, sender: str, recipients: Sequence[str], content: bytes) -> None:  # noqa: ARG002
        """Always taken."""
        await anyio.to_thread.run_sync(self._add, content)

    def _add(self, content: bytes) -> None:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(self._folder, create=True).add(content)


async def _data(client: aiosmtplib.SMTP, content: bytes) -> None:
    try:
        await client.data(content)
    except aiosmtplib.SMTPResponseException as error:
        if error.code < 0:  # no answer of the server, only of the library
            raise UncertainError(f"{error.code} {error.message}") from error
        raise NotSentError(f"{error.code} {error.message}", is_final=500 <= error.code < 600) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise UncertainError(f"{type(error).__name__}: {error}") from error


async def _also(client: aiosmtplib.SMTP, recipient: str) -> None:
    """The copy to ourselves; where the server does not want it, the mail goes without."""
    try:
        await client.rcpt(recipient)
    except aiosmtplib.SMTPRecipientRefused:
        return


async def _quit(client: aiosmtplib.SMTP) -> None:
    """Politely, if the line is still there; what was answered before counts."""
    try:
        if client.is_connected:
            async with asyncio.timeout(5):
                await client.quit()
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        client.close()
