"""A real SMTP server that puts what it takes into dovecot's mailboxes, and can be told to misbehave."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.mail.dovecot import ACCOUNTS, PASSWORD, Dovecot

Answer = str


@dataclass
class Post:
    """The server's handler; counts what it was handed."""

    dovecot: Dovecot
    taken: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    before_data: Callable[[SMTP], Answer | None] = lambda _: None
    after_data: Callable[[SMTP], Answer | None] = lambda _: None
    refused: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> Answer:
        """Some addresses do not exist."""
        if address in self.refused:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> Answer:
        """Into the mailboxes of this house."""
        refusal = self.before_data(server)
        if refusal:
            return refusal
        content = envelope.original_content or b""
        with self.lock:
            self.taken.append(content)
            self.recipients.append(list(envelope.rcpt_tos))
        for address in envelope.rcpt_tos:
            user = address.partition("@")[0]
            if user in ACCOUNTS:
                self.dovecot.deliver(content, user)
        return self.after_data(server) or "250 OK"

    def ids(self, user: str) -> list[str]:
        """The Message-IDs that were taken for somebody, in order."""
        return [
            str(message_from_bytes(content)["Message-ID"])
            for content, recipients in zip(self.taken, self.recipients, strict=True)
            if any(each.startswith(f"{user}@") for each in recipients)
        ]


def hang_up(server: SMTP) -> None:
    """The line breaks before the server has said that it has taken the mail."""
    assert server.transport is not None
    server.transport.abort()


@contextlib.contextmanager
def smtp(dovecot: Dovecot, port: int = 0) -> Iterator[tuple[Post, int]]:
    """A server that runs while the block does, and its port."""
    handler = Post(dovecot)
    controller = _Controller(
        handler, hostname="127.0.0.1", port=port, authenticator=_authenticated, auth_require_tls=False,
        ready_timeout=30,
    )  # fmt: skip
    controller.start()
    try:
        yield handler, controller.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    finally:
        controller.stop()


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """The library would connect to the port it was given, which is 0."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _authenticated(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=is_right)
