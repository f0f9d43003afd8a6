"""A few letters to begin with, come in like any mail, so that the desk of the demonstration shows its clocks."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from api.chat import Chat
from api.mail.values import Fetched

MAILBOX = "demonstration"
LETTERS: tuple[tuple[float, str, str, str, str], ...] = (  # hours ago, from, subject, text, name of an attachment
    (
        2.2, "Katarzyna Nowak <k.nowak@poczta.example>", "Wypłata przelewem",
        "Dzień dobry,\n\nzleciłam wypłatę przelewem w poniedziałek i jeszcze nic nie doszło. Ile to trwa i czy mogę "
        "jakoś sprawdzić, na jakim jest etapie?\n\nPozdrawiam\nKatarzyna Nowak\ntel. 601 202 303",
        "",
    ),
    (
        21.4, "Piotr <piotr77@skrzynka.example>", "Dokumenty do weryfikacji",
        "Witam, w załączniku dowód. Czy to wystarczy do weryfikacji, czy trzeba jeszcze coś dosłać? "
        "Mój PESEL to 44051401458.\n\nWysłano z telefonu Samsung",
        "dowod_przod.jpg",
    ),
    (
        25.1, "Emma Clarke <emma@mail.example>", "Bonus wagering",
        "Hello,\n\nI took the welcome bonus. Which games count towards the wagering, and how long have I got?\n\n"
        "Best regards\nEmma Clarke",
        "",
    ),
    (
        0.4, "Tomasz W. <tomasz@poczta.example>", "Limit wpłat",
        "Dobry wieczór. Chciałbym obniżyć dzienny limit wpłat. Czy zmiana działa od razu?\n\n"
        "W dniu 20.11.2026 o 18:02, Bursztyn pisze:\n> Dzień dobry, dziękujemy za rejestrację.\n> Zespół Bursztyn",
        "",
    ),
)  # fmt: skip


async def add_sample_letters(chat: Chat) -> None:
    """All of them, each as old as it says."""
    for uid, (hours, sender, subject, text, attachment) in enumerate(LETTERS, start=1):
        at = chat.conversations.now() - timedelta(hours=hours)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, chat.mail.options.sender.address, subject
        message["Date"], message["Message-ID"] = format_datetime(at), f"<sample-{uid}@poczta.example>"
        message.set_content(text)
        if attachment:
            message.add_attachment(b"\xff\xd8" * 90_000, "image", "jpeg", filename=attachment)
        raw = message.as_bytes()
        await chat.mail.take(Fetched(MAILBOX, 1, uid, at, len(raw), raw))
