"""Mail as it is set up."""

from __future__ import annotations

from api.mail.letter import Sender
from api.mail.mailbox import Reading
from api.mail.service import MailOptions
from api.mail.transports import Folder, Server, Smtp
from api.mail_settings import Security
from api.settings import Settings

INVENTED = "pomoc@bursztyn.example"  # of the demonstration; nothing is sent from it


def mail_options(settings: Settings) -> MailOptions:
    """The servers that are named; the demonstration without one puts its letters into a folder."""
    smtp = _server(settings, settings.mail_smtp_host, settings.mail_smtp_port, settings.mail_smtp_security)
    imap = _server(settings, settings.mail_imap_host, settings.mail_imap_port, settings.mail_imap_security)
    folder = settings.mail_folder_of_demo
    return MailOptions(
        Sender(settings.mail_address or INVENTED, settings.mail_name),
        Smtp(smtp) if smtp else Folder(folder) if folder else None,
        imap,
        Reading(settings.mail_folder, settings.mail_poll_seconds, settings.mail_size_max),
        settings.mail_answer_hours,
        settings.mail_copies and bool(smtp and imap),
        settings.mail_overdue_to,
        settings.mail_receipts,
    )


def _server(settings: Settings, host: str, port: int, security: Security) -> Server | None:
    if not host:
        return None
    return Server(host, port, security, settings.mail_user, settings.mail_password.get_secret_value())
