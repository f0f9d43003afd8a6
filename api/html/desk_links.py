"""The pages of the desk beside the conversations, in the order in which the bar shows them. One line each."""

from __future__ import annotations

from dataclasses import dataclass

EVERYBODY = frozenset({"consultant", "editor", "protection", "manager"})
MANAGERS = frozenset({"manager"})


@dataclass(frozen=True)
class DeskLink:
    """A page, the key of its name in texts/, and whose bar has it."""

    path: str
    key: str
    roles: frozenset[str] = EVERYBODY


DESK_LINKS = (
    DeskLink("/desk/callbacks", "callbacks", EVERYBODY - {"editor"}),
    DeskLink("/desk/hours", "hours"),
    DeskLink("/desk/letters", "letters", MANAGERS),
    DeskLink("/desk/figures", "figures", MANAGERS),
    DeskLink("/desk/webhooks", "webhooks", MANAGERS),
)


def links_for(role: str) -> list[DeskLink]:
    """What this person's bar shows."""
    return [link for link in DESK_LINKS if role in link.roles]
