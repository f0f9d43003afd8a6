"""The editors' room as use cases: writing and releasing, over one database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from api.content.drafts import Drafts
from api.content.releases import Releases
from api.database.connection import Database
from knowledge_base.article import RiskClass


class Content(Drafts, Releases):
    """All of it; `review_classes` are the risk classes whose versions a second editor has to approve."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], folder: Path, review_classes: frozenset[RiskClass]
    ) -> None:
        Drafts.__init__(self, database, now)
        Releases.__init__(self, database, now, folder)
        self.review_classes = review_classes
