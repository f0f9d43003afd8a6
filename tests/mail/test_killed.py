"""A power cut in the middle: while a letter is being sent, and while letters come in."""

from __future__ import annotations

import threading
from pathlib import Path

from aiosmtpd.smtp import SMTP

from tests.mail.dovecot import Dovecot
from tests.mail.house import House, letter
from tests.mail.processes import process
from tests.mail.smtp import Post
from tests.serving import PATIENCE_SECONDS, Consultant, eventually


def test_killed_right_after_the_server_took_a_letter_it_is_not_sent_again(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    handler, port = post
    krupier = process(tmp_path, mailboxes.port, port)
    try:
        here = House(krupier.address, mailboxes, handler, Consultant(krupier.address, "Anna"))
        mailboxes.deliver(letter("halo"))
        row = here.until_queued("halo")
        here.anna.do(row["id"], "take")

        is_dead = threading.Event()

        def die(_: SMTP) -> None:
            handler.after_data = lambda _: None
            krupier.kill()
            is_dead.set()

        handler.after_data = die
        here.anna.say(row["id"], "Dzień dobry.")
        assert is_dead.wait(PATIENCE_SECONDS)
        krupier.start()
        eventually(lambda: here.anna.get(f"conversations/{row['id']}")["mail"]["waiting"] == [])
    finally:
        krupier.kill()
    assert len(handler.ids("gracz")) == 1


def test_killed_again_and_again_while_letters_come_in_each_is_there_once(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    handler, port = post
    krupier = process(tmp_path, mailboxes.port, port)
    try:
        for number in range(30):
            mailboxes.deliver(letter(f"list numer {number}", Message_ID=f"<{number}@x.example>"))
            if number in {9, 19}:
                krupier.kill()
                krupier.start()
        here = House(krupier.address, mailboxes, handler, Consultant(krupier.address, "Anna"))
        eventually(lambda: len(_texts(here)) >= 30)
        assert sorted(_texts(here)) == sorted(f"list numer {number}" for number in range(30))
    finally:
        krupier.kill()


def _texts(here: House) -> list[str]:
    rows = here.anna.get("queue", view="mail", limit=200)["conversations"]
    return [row["last_text"] for row in rows]
