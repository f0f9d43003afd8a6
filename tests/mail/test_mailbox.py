"""The watch over a mailbox, alone with a real server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from api.mail.mailbox import Desk, Mailbox, Reading
from api.mail.transports import Server
from api.mail.values import Bookmark, Fetched
from api.mail_settings import Security
from tests.mail.dovecot import PASSWORD, USER, Dovecot
from tests.mail.house import letter
from tests.serving import PATIENCE_SECONDS

pytestmark = pytest.mark.anyio
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def read(mailboxes: Dovecot, texts: list[str], reading: Reading | None = None) -> list[Fetched]:
    """What is handed over; each further letter arrives in the very moment the one before it is read."""
    taken: list[Fetched] = []
    waiting = [letter(text, Message_ID=f"<{i}@x.example>") for i, text in enumerate(texts)]
    is_done = asyncio.Event()

    async def take(mail: Fetched) -> None:
        taken.append(mail)
        if waiting:
            await asyncio.to_thread(mailboxes.deliver, waiting.pop(0))
        else:
            is_done.set()

    async def bookmark(_: str, uid_validity: int) -> Bookmark:
        return Bookmark(uid_validity, 0, LONG_AGO)

    server = Server("127.0.0.1", mailboxes.port, Security.NONE, USER, PASSWORD)
    box = Mailbox(server, reading or Reading("INBOX", 1, 1_000_000), Desk(bookmark, take, take))
    mailboxes.deliver(waiting.pop(0))
    box.open()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await is_done.wait()
    finally:
        await box.close()
    return taken


async def test_what_comes_while_another_letter_is_read_is_read_at_once(mailboxes: Dovecot) -> None:
    taken = await read(mailboxes, [f"nr {n}" for n in range(6)])
    assert [mail.uid for mail in taken] == sorted({mail.uid for mail in taken})
    assert [b"nr %d" % n in mail.raw for n, mail in enumerate(taken)] == [True] * 6


async def test_of_a_big_letter_only_the_beginning_is_fetched(mailboxes: Dovecot) -> None:
    (mail,) = await read(mailboxes, ["długi " * 100_000], Reading("INBOX", 1, 100_000))
    assert (mail.is_whole, len(mail.raw)) == (False, 200_000)
    assert mail.size > 600_000


async def test_a_letter_is_fetched_again_as_it_came_and_not_from_another_mailbox(mailboxes: Dovecot) -> None:
    (mail,) = await read(mailboxes, ["halo"])
    server = Server("127.0.0.1", mailboxes.port, Security.NONE, USER, PASSWORD)
    box = Mailbox(server, Reading("INBOX", 3600, 1_000), Desk(_no, _no, _no))
    assert await asyncio.to_thread(box.original, mail.uid_validity, mail.uid) == mail.raw
    assert await asyncio.to_thread(box.original, mail.uid_validity, 9_999) is None
    assert await asyncio.to_thread(box.original, mail.uid_validity + 1, mail.uid) is None


async def _no(*_: object) -> Bookmark:
    raise AssertionError("nothing is read here")
