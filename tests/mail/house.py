"""A whole house: mailboxes, a server that takes mail, Krupier with a fake bot, and a consultant at the desk."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import Any

from api.settings import Settings
from tests.fakes import FakeBot, fake_engine
from tests.mail.dovecot import PASSWORD, USER, Dovecot
from tests.mail.smtp import Post
from tests.serving import Consultant, eventually, quick_settings, serving

ADDRESS = "pomoc@bursztyn.example"
PLAYER = "gracz@poczta.example"


@dataclass
class House:
    """What a test looks at."""

    address: str
    dovecot: Dovecot
    post: Post
    anna: Consultant

    def queue(self, view: str = "unassigned") -> list[dict[str, Any]]:
        """The conversations of a view."""
        found: list[dict[str, Any]] = self.anna.get("queue", view=view)["conversations"]
        return found

    def until_queued(self, text: str, view: str = "unassigned") -> dict[str, Any]:
        """The conversation whose last words are these, once it is there."""
        found: list[dict[str, Any]] = []

        def is_there() -> bool:
            found[:] = [row for row in self.queue(view) if text in row["last_text"]]
            return bool(found)

        eventually(is_there)
        return found[0]

    def events(self, conversation: str, kind: str = "message") -> list[dict[str, Any]]:
        """What happened there, of a kind."""
        events = self.anna.get(f"conversations/{conversation}/events", limit=200)["events"]
        return [event for event in events if event["kind"] == kind]

    def inbox(self, user: str = "gracz") -> list[EmailMessage]:
        """Somebody's mails, read as a mail program does."""
        return [message_from_bytes(raw, policy=default) for raw in self.dovecot.mails(user)]  # type: ignore[misc]

    def until_mails(self, count: int, user: str = "gracz") -> list[EmailMessage]:
        """Somebody's mails once there are so many."""
        eventually(lambda: len(self.dovecot.mails(user)) >= count)
        return self.inbox(user)


def mail_settings(data: Path, dovecot: Dovecot, smtp_port: int, **more: Any) -> Settings:
    """Settings of a house whose servers are these."""
    servers = {
        "mail_address": ADDRESS, "mail_imap_host": "127.0.0.1", "mail_imap_port": dovecot.port,
        "mail_imap_security": "none", "mail_smtp_host": "127.0.0.1", "mail_smtp_port": smtp_port,
        "mail_smtp_security": "none", "mail_user": USER, "mail_password": PASSWORD, "mail_poll_seconds": 1,
    }  # fmt: skip
    return quick_settings(data, demo=True, **servers | more)


@contextlib.contextmanager
def house(
    data: Path, dovecot: Dovecot, post: Post, smtp_port: int, bot: FakeBot | None = None, **more: Any
) -> Iterator[House]:
    """It stands while the block runs."""
    now: dict[str, Callable[[], Any]] = {"now": more.pop("now")} if "now" in more else {}
    settings = mail_settings(data, dovecot, smtp_port, **more)
    with serving(settings, fake_engine(bot or FakeBot()), **now) as address:
        yield House(address, dovecot, post, Consultant(address, "Anna"))


def letter(text: str, subject: str = "Wypłata", **headers: str) -> bytes:
    """A player's mail."""
    message = EmailMessage()
    fields = {"From": f"Jan Gracz <{PLAYER}>", "To": ADDRESS, "Subject": subject, "Message-ID": "<1@poczta.example>"}
    for name, value in (fields | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            message[name] = value
    message.set_content(text)
    return message.as_bytes()


def reply_to(
    mail: Message, text: str, message_id: str = "<2@poczta.example>", subject: str = "", **headers: str
) -> bytes:
    """The player answers, with the history quoted below as programs do it."""
    given = {"In_Reply_To": str(mail["Message-ID"]), "References": f"{mail['References'] or ''} {mail['Message-ID']}"}
    quoted = "\n".join(f"> {line}" for line in ("Dzień dobry,", "Moje konto > Historia"))
    whole = f"{text}\n\nW dniu 26.11.2026 o 12:00, Bursztyn pisze:\n{quoted}\n"
    return letter(whole, subject or f"Odp: {mail['Subject']}", Message_ID=message_id, **given | headers)
