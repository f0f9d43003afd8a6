"""Mails as they really come: charsets, headers, HTML, attachments, and what breaks every rule."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from api.mail.automatic import IncomingKind
from api.mail.letter import Attachment, Letter, Sender, compose
from api.mail.masked import masked_mail
from api.mail.parsing import MailWarning, ParsedMail, parse
from api.mail.problems import BadAddressError
from api.mail.values import Fetched

OWN = "pomoc@bursztyn.example"
TEXT = "Zażółć gęślą jaźń, płacę kartą"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def read(raw: bytes | str) -> ParsedMail:
    return parse(raw.encode() if isinstance(raw, str) else raw, OWN)


@pytest.mark.parametrize(
    ("declared", "really"),
    [
        ("utf-8", "utf-8"), ("iso-8859-2", "iso-8859-2"), ("windows-1250", "cp1250"), ("ISO-8859-2", "cp1250"),
        ("us-ascii", "utf-8"), ("us-ascii", "cp1250"), ("x-unknown", "utf-8"), ("utf-8", "cp1250"), ("", "utf-8"),
        ("rot13", "utf-8"), ("utf-16", "utf-16"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_polish_letters_come_through_whatever_the_mail_says(declared: str, really: str, encoding: str) -> None:
    if really == "utf-16" and encoding == "8bit":
        encoding = "base64"  # no mail can carry it otherwise
    body = TEXT.encode(really)
    shown = base64.encodebytes(body) if encoding == "base64" else body
    charset = f'; charset="{declared}"' if declared else ""
    head = f"From: a@b.pl\r\nContent-Type: text/plain{charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    assert read(head.encode() + shown).text == TEXT


@pytest.mark.parametrize(
    ("field", "subject"),
    [
        (b"=?utf-8?q?Wyp=C5=82ata?=", "Wypłata"),
        (b"=?ISO-8859-2?Q?Wyp=B3ata?=", "Wypłata"),
        (b"=?windows-1250?B?V3lwswB0YQ==?=", "Wypłta"),
        (b"=?utf-8?B?V3lwxYI=?=\r\n =?utf-8?B?YXRh?=", "Wypłata"),
        ("Wypłata".encode(), "Wypłata"),
        ("Wypłata".encode("cp1250"), "Wypłata"),
        (b"=?x-nic?q?Wyp=C5=82ata?=", "Wypłata"),
        (b"=?utf-8?q?a=0D=0ABcc:_evil@x.pl?=", "a Bcc: evil@x.pl"),
        (b"=?utf-8?q?zepsute", "=?utf-8?q?zepsute"),
        (b"x" * 5_000, "x" * 250),
    ],
)
def test_subjects_are_decoded_and_stay_one_line(field: bytes, subject: str) -> None:
    assert read(b"From: a@b.pl\r\nSubject: " + field + b"\r\n\r\nx").subject == subject


@pytest.mark.parametrize(
    ("field", "sender", "name"),
    [
        ('"Kowalski, Jan" <jan@x.pl>', "jan@x.pl", "Kowalski, Jan"),
        ("=?utf-8?q?Zo=C5=82a?= <zosia@x.pl>", "zosia@x.pl", "Zoła"),
        ("=?utf-8?q?a=3Cevil=40x=2Epl=3E=2C?= <jan@x.pl>", "jan@x.pl", "a<evil@x.pl>,"),
        ("=?utf-8?q?Jan=0ABcc=3A_all=40x=2Epl?= <jan@x.pl>", "jan@x.pl", "Jan Bcc: all@x.pl"),
        ("jan@x.pl", "jan@x.pl", ""),
    ],
)
def test_senders_are_who_they_are_and_no_more(field: str, sender: str, name: str) -> None:
    mail = read(f"From: {field}\r\n\r\nx")
    assert (mail.sender, mail.sender_name) == (sender, name)


def test_html_is_read_as_text_without_anything_that_runs_or_loads() -> None:
    html = """<html><head><style>p{color:red}</style><script>alert(1)</script></head><body>
    <div style="display: none">ukryte</div><p>Gdzie moja <b>wypłata</b>?</p><ul><li>jeden<li>dwa</ul>
    <p><a href="https://phish.example/x">mój bank</a><img src="https://spy.example/p.gif" onerror="x()"></p>
    <div class="gmail_quote"><div>W dniu ... napisał(a):</div><blockquote>Dzień dobry</blockquote></div>
    </body></html>"""
    mail = read(f"From: a@b.pl\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}")
    assert mail.text == "Gdzie moja wypłata?\n\njeden\ndwa\n\nmój bank (https://phish.example/x)"
    assert "Dzień dobry" in mail.rest
    assert all(word not in mail.text + mail.rest for word in ("alert", "color:red", "spy.example", "ukryte", "<"))


@pytest.mark.parametrize(
    "html", ["", "<", "<p", "<![CDATA[", "<?xml version='1.0' encoding='x'?><p>a", "\x00", "<div>" * 5_000]
)
def test_broken_html_is_no_error(html: str) -> None:
    assert read(f"From: a@b.pl\r\nContent-Type: text/html\r\n\r\n{html}").sender == "a@b.pl"


def test_attachments_are_listed_and_not_opened() -> None:
    message = EmailMessage()
    message["From"] = "a@b.pl"
    message.set_content("W załączniku dowód.")
    message.add_attachment(b"\xff\xd8" * 1_500, "image", "jpeg", filename="../../etc/dowód 1.jpg")
    message.add_attachment("tajne", subtype="plain", filename="notatka.txt")
    forwarded = EmailMessage()
    forwarded.set_content("nie czytaj")
    message.add_attachment(forwarded)
    mail = read(message.as_bytes())
    assert mail.text == "W załączniku dowód."
    assert [(each.name, each.media_type) for each in mail.attachments] == [
        ("dowód 1.jpg", "image/jpeg"), ("notatka.txt", "text/plain"), ("?", "message/rfc822"),
    ]  # fmt: skip
    assert abs(mail.attachments[0].size - 3_000) < 100


def test_the_plain_part_is_preferred_and_an_empty_one_is_not() -> None:
    for plain, expected in (("zwykły", "zwykły"), (" \n", "z HTML")):
        message = MIMEMultipart("alternative")
        message["From"] = "a@b.pl"
        message.attach(MIMEText(plain, "plain", "utf-8"))
        message.attach(MIMEText("<p>z HTML</p>", "html", "utf-8"))
        assert read(message.as_bytes()).text == expected


def test_a_mail_to_five_thousand_people_is_shown_with_a_warning() -> None:
    crowd = ", ".join(f"u{number}@x.pl" for number in range(5_000))
    mail = read(f"From: a@b.pl\r\nTo: {crowd}\r\n\r\nDo wszystkich")
    assert (mail.recipients, mail.warning, mail.text) == (5_000, MailWarning.CROWD, "Do wszystkich")


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\r\n\r\n", b"\xff\xfe\x00" * 1_000, b"From a@b.pl\n\n>", b":::\n\nx", b"From: \n\nhalo", b"\x00" * 100,
        b"From: a@b.pl\nContent-Type: multipart/mixed\n\nbrak granicy",
        b"From: a@b.pl\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nurwane",
        b"Subject: =?utf-8?b?////?=\nFrom: =?\n\nx", b"From: " + b"(" * 5_000 + b"\n\nx",
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3_000)),
    ],
)  # fmt: skip
def test_whatever_comes_something_readable_comes_out(raw: bytes) -> None:
    mail = read(raw)
    assert mail.warning is MailWarning.MALFORMED or mail.sender
    assert "\x00" not in mail.text + mail.subject + mail.sender_name


def test_random_damage_never_breaks_the_reader() -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["To"] = "Jan <a@b.pl>", "Wypłata", OWN
    message.set_content(TEXT)
    message.add_alternative(f"<p>{TEXT}</p>", subtype="html")
    message.add_attachment(b"abc", "image", "png", filename="ż.png")
    raw, chance = message.as_bytes(), random.Random(7)
    for _ in range(300):
        damaged = bytearray(raw)
        for _ in range(chance.randint(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        parse(bytes(damaged), OWN)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Auto-Submitted: auto-replied", "auto_reply"),
        ("Auto-Submitted: auto-generated (vacation)", "auto_reply"),
        ("Auto-Submitted: no", "message"),
        ("X-Autoreply: yes", "auto_reply"),
        ("Precedence: bulk", "bulk"),
        ("List-Id: <promocje.x.pl>", "bulk"),
        ("List-Unsubscribe: <mailto:u@x.pl>", "bulk"),
        ("Return-Path: <>", "auto_reply"),
        ("Subject: Automatyczna odpowiedź: urlop", "auto_reply"),
        ("Subject: Odp: Automatyczna odpowiedź", "message"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", "auto_reply"),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=x", "bounce"),
        ("X-Priority: 1", "message"),
    ],
)
def test_machines_are_told_from_people(header: str, kind: str) -> None:
    assert read(f"From: jan@x.pl\r\n{header}\r\n\r\nx").kind == kind


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        (f"Bursztyn <{OWN.upper()}>", IncomingKind.OWN),
        ("MAILER-DAEMON@x.pl", IncomingKind.BOUNCE),
        ("no-reply@sklep.pl", IncomingKind.AUTO_REPLY),
        ("noreplyson@x.pl", IncomingKind.MESSAGE),
    ],
)
def test_some_senders_are_no_people(sender: str, kind: IncomingKind) -> None:
    assert read(f"From: {sender}\r\n\r\nx").kind is kind


def test_what_is_stored_is_masked_everywhere() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Jan <jan@x.pl>", "PESEL 44051401458"
    message.set_content("Karta 4111 1111 1111 1111\n\n-- \nJan\n600 100 200")
    message.add_attachment(b"x", "image", "png", filename="44051401458.png")
    fetched = Fetched("box", 1, 1, NOW, 10, message.as_bytes())
    payload = str(masked_mail(fetched, OWN).payload(fetched))
    assert not any(secret in payload for secret in ("44051401458", "4111 1111", "600 100 200"))
    assert "[pesel]" in payload


def test_a_letter_of_ours_is_read_back_as_it_was_written() -> None:
    calendar = Attachment("termin.ics", "text/calendar; method=REQUEST; charset=utf-8", b"BEGIN:VCALENDAR")
    letter = Letter(
        "Jan@X.example", "Re: Wypłata\r\nBcc: all@x.pl", f"{TEXT}\n\n**ważne**", name='Jan "J" \r\nBcc: b@x.pl',
        in_reply_to="<1@x.example>", references=("<0@x.example>", "<bad>\r\nX: y"), attachments=(calendar,),
    )  # fmt: skip
    composed = compose(letter, Sender(OWN, "Bursztyn, Kasyno"), NOW)
    mail = parse(composed.content, "someone@else.example")
    assert (mail.sender, mail.sender_name, mail.subject) == (OWN, "Bursztyn, Kasyno", "Re: Wypłata Bcc: all@x.pl")
    assert mail.text == f"{TEXT}\n\nważne"
    assert mail.references == ("<0@x.example>", "<1@x.example>")
    assert [(each.name, each.media_type) for each in mail.attachments] == [("termin.ics", "text/calendar")]
    assert b"\nBcc:" not in composed.content
    assert b"\nX: y" not in composed.content
    assert composed.content.isascii()


@pytest.mark.parametrize(
    "address", ["", "x", "a@b.pl, c@d.pl", "a@b.pl\nBcc: c@d.pl", "Jan <a@b.pl>", "ż@b.pl", "a" * 300 + "@b.pl"]
)
def test_a_letter_goes_to_exactly_one_good_address(address: str) -> None:
    with pytest.raises(BadAddressError):
        compose(Letter(address, "x", "y"), Sender(OWN, "B"), NOW)
