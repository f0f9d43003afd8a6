"""The settings of mail, a part of api.settings."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from knowledge_base.article import RiskClass

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
ANSWERED_BY_THE_BOT = frozenset({RiskClass.AUTO, RiskClass.PROTECT})


class Security(StrEnum):
    """How a connection is kept private."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class MailSettings(BaseSettings):
    """How mail comes and goes; empty servers: it does not."""

    mail_address: Annotated[str, Field(description="The address players write to and get answers from.")] = ""
    mail_name: Annotated[str, Field(description="The name beside it.")] = "Bursztyn Casino"
    mail_imap_host: Annotated[str, Field(description="Server the mail is read from; empty: none is read.")] = ""
    mail_imap_port: Annotated[int, Field(ge=1, le=65_535, description="Its port.")] = 993
    mail_imap_security: Annotated[Security, Field(description="tls, starttls, or none on loopback.")] = Security.TLS
    mail_smtp_host: Annotated[str, Field(description="Server the mail is sent by; empty: none is sent.")] = ""
    mail_smtp_port: Annotated[int, Field(ge=1, le=65_535, description="Its port.")] = 465
    mail_smtp_security: Annotated[Security, Field(description="tls, starttls, or none on loopback.")] = Security.TLS
    mail_user: Annotated[str, Field(description="Account on both servers.")] = ""
    mail_password: Annotated[SecretStr, Field(description="Its password, often one made for this program alone.")] = (
        SecretStr("")
    )
    mail_folder: Annotated[str, Field(description="Folder that is read.")] = "INBOX"
    mail_poll_seconds: Annotated[float, Field(ge=1, le=3600, description="Looked at so often, beside IDLE.")] = 60
    mail_size_max: Annotated[int, Field(ge=10_000, description="Bytes; of a bigger mail the beginning is read.")] = (
        5_000_000
    )
    mail_copies: Annotated[bool, Field(description="A copy of what is sent to our own mailbox, as proof.")] = True
    mail_automatic: Annotated[
        str, Field(description="Risk classes whose articles are sent without a person: auto, protect; empty: none.")
    ] = ""
    mail_receipts: Annotated[bool, Field(description="Whether a new letter is confirmed at once, with its number.")] = (
        False
    )
    mail_help_lines: Annotated[bool, Field(description="In a crisis, help lines at once, before a person answers.")] = (
        True
    )
    mail_answer_hours: Annotated[int, Field(ge=1, le=240, description="Promised until a person's answer.")] = 24
    mail_warn_hours: Annotated[float, Field(gt=0, le=240, description="So long before that the desk is warned.")] = 4
    mail_overdue_to: Annotated[str, Field(description="Who is written to when a promise was missed.")] = ""

    @field_validator("mail_automatic")
    @classmethod
    def _know_the_classes(cls, value: str) -> str:
        for name in filter(None, (each.strip() for each in value.split(","))):
            if name not in {risk.value for risk in ANSWERED_BY_THE_BOT}:
                raise ValueError(f"'{name}' is none of: auto, protect; other articles always go through a person")
        return value

    @model_validator(mode="after")
    def _know_who_writes(self) -> MailSettings:
        for host, security in (
            (self.mail_imap_host, self.mail_imap_security), (self.mail_smtp_host, self.mail_smtp_security),
        ):  # fmt: skip
            if host and not self.mail_address:
                raise ValueError("mail_address: name the address of the mailbox (KRUPIER_MAIL_ADDRESS)")
            if host and security is Security.NONE and host not in LOOPBACK:
                raise ValueError("mail without tls or starttls is for this machine only (KRUPIER_MAIL_..._SECURITY)")
        if self.mail_address and ("@" not in self.mail_address or not self.mail_address.isprintable()):
            raise ValueError(f"mail_address: {self.mail_address!r} is no e-mail address")
        return self

    @property
    def mail_automatic_classes(self) -> frozenset[RiskClass]:
        """Whose articles the bot may send by mail."""
        return frozenset(RiskClass(name.strip()) for name in self.mail_automatic.split(",") if name.strip())
