"""What a player asks for, checked as far as it can be without looking anything up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from knowledge_base.article import Language

TOPIC_MAX = 2_000  # characters
PATH = "/call-back"


@dataclass(frozen=True)
class Wish:
    """Call me then about that; `base` is the address that links in mails begin with, empty where there is none."""

    number: str
    slot_at: datetime
    topic: str
    email: str | None
    language: Language
    base: str = ""

    def link(self, token: str) -> str | None:
        """The secret link, as it can be written into a mail."""
        return f"{self.base}{PATH}/{token}?lang={self.language.value}" if self.base else None
