"""The two servers of mail, started once for all tests here; each test has mailboxes of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail.dovecot import ACCOUNTS, Dovecot, dovecot
from tests.mail.smtp import Post, smtp


@pytest.fixture(scope="package")
def imap_server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def mailboxes(imap_server: Dovecot) -> Dovecot:
    """Empty ones."""
    for user in ACCOUNTS:
        with imap_server.client(user) as client:
            client.select_folder("INBOX")
            client.delete_messages(client.search())
            client.expunge()
    return imap_server


@pytest.fixture
def post(mailboxes: Dovecot) -> Iterator[tuple[Post, int]]:
    with smtp(mailboxes) as started:
        yield started
