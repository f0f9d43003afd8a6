"""The mailbox, read by IMAP: told at once where the server has IDLE (RFC 2177), else looked at now and then.

It is opened read-only: nothing is deleted, moved or marked, so the mailbox keeps every mail as it came. The client
blocks, so it has a thread of its own; a mail is handed to the event loop, and the next one fetched when it is stored.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from imapclient import IMAPClient, SocketTimeout

from api.mail.transports import Server
from api.mail.values import Bookmark, Fetched
from api.mail_settings import Security

CONNECT_SECONDS, READ_SECONDS = 15, 60
BIG_READ = 200_000  # bytes read of a mail that is too big
FETCHED_AT_ONCE = 100  # sizes, not mails
FIRST_PAUSE, LAST_PAUSE = 1.0, 120.0  # seconds before the next try after a failure

logger = structlog.get_logger()


@dataclass(frozen=True)
class Reading:
    """Which folder, how often without IDLE, and how much of a mail at most."""

    folder: str
    poll_seconds: float
    size_max: int


@dataclass(frozen=True)
class Desk:
    """What is done with what is found; called on the event loop."""

    bookmark: Callable[[str, int], Awaitable[Bookmark]]
    take: Callable[[Fetched], Awaitable[None]]
    skip: Callable[[Fetched], Awaitable[None]]


class Mailbox:
    """One folder of one account, watched until it is closed."""

    def __init__(self, server: Server, reading: Reading, desk: Desk) -> None:
        self._server = server
        self._reading = reading
        self._desk = desk
        self._stop = threading.Event()
        self._client: IMAPClient | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.problem: str | None = None  # why it cannot be read right now

    @property
    def name(self) -> str:
        """The account and its folder; bookmarks belong to it."""
        return f"{self._server.user}@{self._server.host}/{self._reading.folder}"[:300]

    def open(self) -> None:
        """Begin to watch."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="mailbox", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        """Stop, also in the middle of waiting."""
        self._stop.set()
        client = self._client
        if client is not None:
            with contextlib.suppress(OSError):
                client.socket().shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, READ_SECONDS)

    def original(self, uid_validity: int, uid: int) -> bytes | None:
        """A mail as it came, over a line of its own; None where the mailbox does not have it any more. Blocks."""
        with self._connected() as client:
            if int(client.select_folder(self._reading.folder, readonly=True)[b"UIDVALIDITY"]) != uid_validity:
                return None
            found = client.fetch([uid], ["BODY.PEEK[]"]).get(uid)
            return bytes(found[b"BODY[]"]) if found else None

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            try:
                with self._connected() as client:
                    self._client = client
                    pause = FIRST_PAUSE
                    self._watch(client)
            except Exception as error:  # whatever it was, the mailbox keeps what came, and we come again
                if self._stop.is_set():
                    return
                self.problem = f"{type(error).__name__}: {error}"[:200]
                logger.warning("mailbox_unreachable", problem=self.problem)
                self._stop.wait(pause)
                pause = min(2 * pause, LAST_PAUSE)
            finally:
                self._client = None

    @contextlib.contextmanager
    def _connected(self) -> Iterator[IMAPClient]:
        server, is_tls = self._server, self._server.security is Security.TLS
        context = ssl.create_default_context() if server.security is not Security.NONE else None
        client = IMAPClient(
            server.host, server.port, ssl=is_tls, ssl_context=context if is_tls else None,
            timeout=SocketTimeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )  # fmt: skip
        try:
            if server.security is Security.STARTTLS:
                client.starttls(context)
            client.login(server.user, server.password)
            yield client
        finally:
            with contextlib.suppress(Exception):
                client.shutdown()

    def _watch(self, client: IMAPClient) -> None:
        selected = client.select_folder(self._reading.folder, readonly=True)
        mark: Bookmark = self._call(self._desk.bookmark(self.name, int(selected[b"UIDVALIDITY"])))
        last = mark.last_uid
        has_idle = client.has_capability("IDLE")
        while not self._stop.is_set():
            self.problem = None
            _forget_news(client)
            last = self._read_new(client, mark, last)
            client.noop()
            if _forget_news(client):
                continue  # what came while we read was told then, and IDLE would not tell it again
            if has_idle:  # dovecot, for one, never tells what came just before it began: so we look now and then, too
                client.idle()
                client.idle_check(timeout=self._reading.poll_seconds)
                client.idle_done()
            else:
                self._stop.wait(self._reading.poll_seconds)

    def _read_new(self, client: IMAPClient, mark: Bookmark, last: int) -> int:
        """Every mail after the last one, in order; the last one now."""
        found = client.search(["UID", f"{last + 1}:*"])
        new = sorted(uid for uid in found if uid > last)  # '*' is the last mail, also when it is an old one
        for start in range(0, len(new), FETCHED_AT_ONCE):
            about = client.fetch(new[start : start + FETCHED_AT_ONCE], ["RFC822.SIZE", "INTERNALDATE"])
            for uid in sorted(about):
                if self._stop.is_set():
                    return last
                self._hand_over(client, mark, uid, about[uid])
                last = uid
        return last

    def _hand_over(self, client: IMAPClient, mark: Bookmark, uid: int, about: dict[bytes, Any]) -> None:
        size, arrived_at = int(about[b"RFC822.SIZE"]), _aware(about[b"INTERNALDATE"])
        is_whole = size <= self._reading.size_max
        mail = Fetched(self.name, mark.uid_validity, uid, arrived_at, size, b"", is_whole)
        if arrived_at < mark.since:
            self._call(self._desk.skip(mail))
            return
        wanted = "BODY.PEEK[]" if is_whole else f"BODY.PEEK[]<0.{BIG_READ}>"
        found = client.fetch([uid], [wanted]).get(uid)
        if not found:
            return  # deleted since by somebody else
        raw = next(bytes(value or b"") for key, value in found.items() if key.startswith(b"BODY["))
        self._call(self._desk.take(Fetched(self.name, mark.uid_validity, uid, arrived_at, size, raw, is_whole)))

    def _call(self, work: Awaitable[Any]) -> Any:
        """Done on the event loop, waited for here."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(_awaited(work), self._loop).result()


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


def _forget_news(client: IMAPClient) -> bool:
    """Whether the server has said meanwhile that there is more; it says so once, beside the answer to anything else."""
    _, found = client._imap.response("EXISTS")
    return bool(found != [None])


def _aware(at: datetime) -> datetime:
    """IMAPClient gives the server's time as local time without a zone."""
    return at.astimezone(UTC)
