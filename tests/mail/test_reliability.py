"""Nothing lost and nothing twice: restarts, broken lines, servers that say no or nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from tests.mail.clocks import LateClock
from tests.mail.dovecot import Dovecot, dovecot
from tests.mail.house import House, house, letter
from tests.mail.smtp import Post, hang_up, smtp
from tests.serving import Consultant, eventually


def answered(here: House, text: str = "halo", answer: str = "Dzień dobry.") -> str:
    """A letter that somebody answers; the conversation's id."""
    row = here.until_queued(text)
    here.anna.do(row["id"], "take")
    assert here.anna.say(row["id"], answer).status_code == 201
    return str(row["id"])


def test_letters_that_come_while_nobody_listens_are_read_afterwards_each_once(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    with house(tmp_path, mailboxes, *post) as here:
        mailboxes.deliver(letter("pierwszy", Message_ID="<a@x.example>"))
        here.until_queued("pierwszy")
    mailboxes.deliver(letter("drugi, w nocy", Message_ID="<b@x.example>"))
    mailboxes.stop()
    with house(tmp_path, mailboxes, *post) as here:  # the mailbox cannot be reached at the start
        mailboxes.start()
        mailboxes.deliver(letter("trzeci", Message_ID="<c@x.example>"))
        here.until_queued("trzeci")
        assert sorted(row["last_text"] for row in here.queue("mail")) == ["drugi, w nocy", "pierwszy", "trzeci"]


def test_the_line_to_the_mailbox_breaks_and_reading_goes_on(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    with house(tmp_path, mailboxes, *post) as here:
        mailboxes.deliver(letter("przed", Message_ID="<a@x.example>"))
        here.until_queued("przed")
        mailboxes.stop()
        mailboxes.start()
        mailboxes.deliver(letter("po", Message_ID="<b@x.example>"))
        here.until_queued("po")
        assert len(here.queue("mail")) == 2


def test_a_server_without_idle_is_looked_at_now_and_then(tmp_path: Path) -> None:
    with dovecot(has_idle=False) as mailboxes, smtp(mailboxes) as post:
        with mailboxes.client() as client:
            assert not client.has_capability("IDLE")
        with house(tmp_path, mailboxes, *post) as here:
            mailboxes.deliver(letter("pierwszy", Message_ID="<a@x.example>"))
            here.until_queued("pierwszy")
            mailboxes.deliver(letter("drugi", Message_ID="<b@x.example>"))
            here.until_queued("drugi")


def test_a_mailbox_that_is_numbered_anew_brings_no_letter_twice(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    raw = letter("raz", Message_ID="<a@x.example>")
    mailboxes.deliver(raw)
    with house(tmp_path, mailboxes, *post) as here:
        here.until_queued("raz")
    with mailboxes.client() as client:  # moved to a new server, say: new UIDVALIDITY, everything there again
        client.create_folder("Nowa")
        client.append("Nowa", raw)
        client.append("Nowa", letter("dwa", Message_ID="<b@x.example>"))
    with house(tmp_path, mailboxes, *post, mail_folder="Nowa") as here:
        here.until_queued("dwa")
        assert sorted(row["last_text"] for row in here.queue("mail")) == ["dwa", "raz"]


def test_nothing_in_the_mailbox_is_changed(tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]) -> None:
    raw = letter("zostaję nieprzeczytany")
    mailboxes.deliver(raw)
    with house(tmp_path, mailboxes, *post) as here:
        here.until_queued("zostaję")
    with mailboxes.client() as client:
        client.select_folder("INBOX", readonly=True)
        assert {flag for flags in client.get_flags(client.search()).values() for flag in flags} <= {b"\\Recent"}
    assert [mail.replace(b"\r\n", b"\n") for mail in mailboxes.mails("pomoc")] == [raw]


def test_an_answer_waits_for_the_server_to_come_back(tmp_path: Path, mailboxes: Dovecot) -> None:
    clock = LateClock()
    with smtp(mailboxes) as (_, port):
        pass  # a port where nobody listens
    with house(tmp_path, mailboxes, Post(mailboxes), port, now=clock) as here:
        mailboxes.deliver(letter("halo"))
        conversation = answered(here)
        eventually(lambda: "czeka na ponowienie" in _page(here))
        with smtp(mailboxes, port) as (post, _):
            clock.ahead = timedelta(minutes=2)
            here.anna.say(conversation, "A to drugi list, który budzi skrzynkę nadawczą.")
            here.until_mails(2)
            assert len(post.ids("gracz")) == len(set(post.ids("gracz"))) == 2


def test_a_server_that_dies_after_taking_it_is_not_given_it_again(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    clock = LateClock()
    handler, port = post
    handler.after_data = hang_up
    with house(tmp_path, mailboxes, handler, port, now=clock) as here:
        mailboxes.deliver(letter("halo"))
        conversation = answered(here)
        here.until_mails(1)
        handler.after_data = lambda _: None
        eventually(lambda: not _waiting(here, conversation))  # its copy came to our own mailbox: it had been taken
        clock.ahead = timedelta(hours=1)
        here.anna.say(conversation, "drugi list")
        here.until_mails(2)
    assert len(handler.ids("gracz")) == len(set(handler.ids("gracz"))) == 2


def test_without_a_copy_an_uncertain_letter_is_sent_again_under_the_same_id(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    clock = LateClock()
    handler, port = post

    def die_before_taking(server: SMTP) -> str:
        handler.before_data = lambda _: None
        hang_up(server)
        return "421 never heard"

    handler.before_data = die_before_taking
    with house(tmp_path, mailboxes, handler, port, now=clock) as here:
        mailboxes.deliver(letter("halo"))
        conversation = answered(here)
        eventually(lambda: "niepewny" in _page(here))
        clock.ahead = timedelta(minutes=10)
        here.anna.say(conversation, "drugi list")
        here.until_mails(2)
    assert len(handler.ids("gracz")) == len(set(handler.ids("gracz"))) == 2


@pytest.mark.parametrize("refuse", ["recipient", "content"])
def test_a_letter_that_will_never_be_taken_comes_back_to_a_person(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int], refuse: str
) -> None:
    handler, port = post
    if refuse == "recipient":
        handler.refused.add("gracz@poczta.example")
    else:
        handler.before_data = lambda _: "554 5.7.1 This looks like spam"
    with house(tmp_path, mailboxes, handler, port) as here:
        mailboxes.deliver(letter("halo"))
        conversation = answered(here)
        eventually(lambda: bool(here.events(conversation, "mail_failed")))
        assert "55" in here.events(conversation, "mail_failed")[0]["detail"]
        assert here.anna.get(f"conversations/{conversation}")["due_at"]  # the player still waits


def _page(here: House) -> str:
    """What a manager sees of the mail."""
    return Consultant(here.address, "Jan").http.get("/desk/letters?lang=pl").text


def _waiting(here: House, conversation: str) -> list[int]:
    """Messages whose letters have not left yet, as far as is known."""
    found: list[int] = here.anna.get(f"conversations/{conversation}")["mail"]["waiting"]
    return found
