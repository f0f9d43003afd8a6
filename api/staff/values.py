"""A person of the staff, and what a role may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for."""

    CONSULTANT = "consultant"
    EDITOR = "editor"
    PROTECTION = "protection"  # the protection officer
    MANAGER = "manager"


@dataclass(frozen=True)
class Staff:
    """Somebody who may sign in; players see the first name."""

    id: int
    email: str
    name: str
    role: Role

    @property
    def may_hold(self) -> bool:
        """Whether they talk to players."""
        return self.role is not Role.EDITOR

    @property
    def may_edit(self) -> bool:
        """Whether they write and publish articles."""
        return self.role in {Role.EDITOR, Role.MANAGER}

    @property
    def may_override_gate(self) -> bool:
        """Whether they may publish what the gate has stopped."""
        return self.role is Role.MANAGER

    @property
    def may_see_figures(self) -> bool:
        """Whether they see how colleagues are doing."""
        return self.role is Role.MANAGER


@dataclass(frozen=True)
class SignedIn:
    """A new session; the token goes into the cookie and is kept nowhere else."""

    staff: Staff
    token: str
