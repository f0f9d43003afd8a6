"""Mails that nobody wrote, mails that come twice, mails from elsewhere: one house, many letters."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.mail.dovecot import dovecot
from tests.mail.house import ADDRESS, House, house, letter, reply_to
from tests.mail.smtp import smtp
from tests.serving import eventually

SIZE_MAX = 50_000


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("machines")
    with (
        dovecot() as mailboxes,
        smtp(mailboxes) as post,
        house(folder, mailboxes, *post, mail_size_max=SIZE_MAX) as standing,
    ):
        yield standing


_number = iter(range(1_000))


def answered(here: House, text: str) -> tuple[str, EmailMessage]:
    """A letter that was answered: the conversation's id, and the answer as the player has it."""
    before = len(here.dovecot.mails("gracz"))
    here.dovecot.deliver(letter(text, Message_ID=f"<m{next(_number)}@x.example>"))
    row = here.until_queued(text)
    here.anna.do(row["id"], "take")
    assert here.anna.say(row["id"], f"Odpowiedź: {text}").status_code == 201
    return row["id"], here.until_mails(before + 1)[-1]


def settled(here: House) -> None:
    """Everything delivered so far has been read: a last letter has come."""
    text = f"ostatni {next(_number)}"
    here.dovecot.deliver(letter(text, Message_ID=f"<s{next(_number)}@x.example>"))
    here.until_queued(text)


def rows(here: House, text: str) -> list[dict[str, object]]:
    """Open letters with these words."""
    return [row for row in here.queue("mail") if text in row["last_text"]]


def test_the_same_letter_twice_is_one(here: House) -> None:
    raw = letter("jestem jeden", Message_ID="<same@x.example>")
    here.dovecot.deliver(raw)
    here.dovecot.deliver(b"Received: by another.example way\r\n" + raw)
    settled(here)
    assert len(rows(here, "jestem jeden")) == 1


def test_without_a_message_id_the_bytes_decide(here: House) -> None:
    raw = letter("bez numeru", Message_ID="")
    assert b"Message-ID" not in raw
    here.dovecot.deliver(raw)
    here.dovecot.deliver(raw)
    settled(here)
    assert len(rows(here, "bez numeru")) == 1


def test_an_away_message_stands_in_the_conversation_and_nobody_answers_it(here: House) -> None:
    conversation, answer = answered(here, "kiedy urlop")
    away = reply_to(answer, "Jestem na urlopie.", "<away@x.example>", Auto_Submitted="auto-replied")
    here.dovecot.deliver(away)
    eventually(lambda: bool(here.events(conversation, "mail_noted")))
    assert len(here.events(conversation)) == 2
    assert here.anna.get(f"conversations/{conversation}")["due_at"] is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Precedence": "bulk"},
        {"Auto_Submitted": "auto-generated"},
        {"From": ADDRESS},
        {"List_Id": "<nowosci.x.example>"},
    ],
)
def test_newsletters_machines_and_loops_start_nothing(here: House, headers: dict[str, str]) -> None:
    text = f"automat {next(_number)}"
    here.dovecot.deliver(letter(text, Message_ID=f"<{next(_number)}@auto.example>", **headers))
    settled(here)
    assert rows(here, text) == []


def test_a_bounce_comes_back_to_a_person(here: House) -> None:
    conversation, answer = answered(here, "odbiję się")
    here.anna.do(conversation, "close", outcome="solved")
    report = (
        f"From: MAILER-DAEMON@x.example\r\nTo: {ADDRESS}\r\nMessage-ID: <dsn@x.example>\r\nReturn-Path: <>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\n"
        "Final-Recipient: rfc822; gracz@poczta.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 Mailbox full\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {answer['Message-ID']}\r\n\r\n--b--\r\n"
    )
    here.dovecot.deliver(report.encode())
    eventually(lambda: bool(here.events(conversation, "mail_failed")))
    assert "550 5.1.1 Mailbox full" in here.events(conversation, "mail_failed")[0]["detail"]
    found = here.anna.get(f"conversations/{conversation}")
    assert (found["status"], found["due_at"] is not None) == ("waiting", True)


def test_a_warning_of_delay_changes_nothing(here: House) -> None:
    conversation, answer = answered(here, "spóźnię się")
    delayed = (
        f"From: MAILER-DAEMON@x.example\r\nMessage-ID: <delay@x.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: delayed\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {answer['Message-ID']}\r\n\r\n--b--\r\n"
    )
    here.dovecot.deliver(delayed.encode())
    settled(here)
    assert here.events(conversation, "mail_failed") == []


def test_an_answer_from_another_address_is_marked_and_answered_to_the_first(here: House) -> None:
    conversation, answer = answered(here, "piszę z domu")
    here.dovecot.deliver(reply_to(answer, "a to z pracy", "<work@x.example>", From="Jan <jan@praca.example>"))
    eventually(lambda: len(here.events(conversation)) == 3)
    assert here.events(conversation)[-1]["mail"]["other_sender"] == "jan@praca.example"
    assert here.anna.get(f"conversations/{conversation}")["mail"]["address"] == "gracz@poczta.example"
    page = here.anna.http.get(f"/desk/conversations/{conversation}?lang=pl").text
    assert "Napisano z innego adresu: jan@praca.example" in page


def test_of_a_very_big_letter_the_beginning_is_shown_and_the_rest_stays_in_the_mailbox(here: House) -> None:
    raw = letter("początek " + "bardzo długi " * 20_000, Message_ID="<big@x.example>")
    here.dovecot.deliver(raw)
    row = here.until_queued("początek")
    said = here.events(row["id"])[0]
    assert said["mail"]["warning"] == "big"
    assert said["mail"]["size"] > 4 * SIZE_MAX
    original = here.anna.http.get(f"/api/v1/desk/conversations/{row['id']}/messages/{said['number']}/original")
    assert original.content.replace(b"\r\n", b"\n") == raw
    assert original.headers["content-disposition"] == f'attachment; filename="{said["number"]}.eml"'
    assert original.headers["content-type"] == "application/octet-stream"


def test_a_malformed_letter_is_shown_with_a_warning(here: House) -> None:
    here.dovecot.deliver(
        b"Subject: =?broken\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nzepsuty list"
    )
    row = here.until_queued("zepsuty list")
    page = here.anna.http.get(f"/desk/conversations/{row['id']}?lang=pl").text
    assert "niezgodnie z zasadami poczty" in page
    here.anna.do(row["id"], "take")
    assert "nie ma adresu" in here.anna.http.get(f"/desk/conversations/{row['id']}?lang=pl").text
    refused = here.anna.say(row["id"], "Dokąd?")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_address")


def test_attachments_stand_by_the_letter_with_type_and_size(here: House) -> None:
    message = EmailMessage()
    for name, value in {"From": "a@poczta.example", "To": ADDRESS, "Message-ID": "<att@x.example>"}.items():
        message[name] = value
    message.set_content("dowód w załączniku")
    message.add_attachment(b"\xff\xd8" * 5_000, "image", "jpeg", filename="dowód <b>.jpg")
    here.dovecot.deliver(message.as_bytes())
    row = here.until_queued("dowód w załączniku")
    page = here.anna.http.get(f"/desk/conversations/{row['id']}?lang=pl").text
    assert "dowód &lt;b&gt;.jpg" in page
    assert "image/jpeg, 10.0 kB" in page


def test_an_answer_without_subject_and_references_finds_its_thread_by_nothing_and_is_new(here: House) -> None:
    conversation, _ = answered(here, "stary wątek")
    here.dovecot.deliver(letter("nowa sprawa", "Zupełnie inny temat", Message_ID="<new@x.example>"))
    row = here.until_queued("nowa sprawa")
    assert row["id"] != conversation
    earlier = here.anna.get(f"conversations/{row['id']}")["earlier"]
    assert conversation in [each["id"] for each in earlier]  # the same address: the same player


def test_letters_are_found_by_subject_and_address(here: House) -> None:
    raw = letter("coś innego", "Zgubiona karta", Message_ID="<find@x.example>", From="Ola <ola.k@poczta.example>")
    here.dovecot.deliver(raw)
    row = here.until_queued("coś innego")
    for words in ("zgubiona KARTA", "ola.k@poczta", "karta ola.k@poczta.example"):
        found = here.anna.get("queue", view="mail", q=words)["conversations"]
        assert [each["id"] for each in found] == [row["id"]]


def test_a_letter_cannot_be_given_back_to_the_bot(here: House) -> None:
    here.dovecot.deliver(letter("oddaj mnie", Message_ID="<back@x.example>"))
    row = here.until_queued("oddaj mnie")
    here.anna.do(row["id"], "take")
    refused = here.anna.do(row["id"], "hand-back")
    assert (refused.status_code, refused.json()["code"]) == (409, "letters_need_people")
