"""The staff of the demonstration. Everybody knows these passwords; they exist in the demonstration's database only."""

from __future__ import annotations

from dataclasses import dataclass

from api.staff.service import BadAccountError, StaffAccounts
from api.staff.values import Role


@dataclass(frozen=True)
class DemonstrationAccount:
    """An account whose password is shown on the page."""

    email: str
    name: str
    role: Role
    password: str


DEMONSTRATION_STAFF = (
    DemonstrationAccount("anna@bursztyn.example", "Anna", Role.CONSULTANT, "bursztyn-anna-demo"),
    DemonstrationAccount("marek@bursztyn.example", "Marek", Role.CONSULTANT, "bursztyn-marek-demo"),
    DemonstrationAccount("ewa@bursztyn.example", "Ewa", Role.PROTECTION, "bursztyn-ewa-demo"),
    DemonstrationAccount("zofia@bursztyn.example", "Zofia", Role.EDITOR, "bursztyn-zofia-demo"),
    DemonstrationAccount("olek@bursztyn.example", "Olek", Role.EDITOR, "bursztyn-olek-demo"),
    DemonstrationAccount("jan@bursztyn.example", "Jan", Role.MANAGER, "bursztyn-jan-demo"),
)


async def add_demonstration_staff(accounts: StaffAccounts) -> None:
    """All of them, where they are not there yet."""
    known = {staff.email for staff in await accounts.everybody()}
    for account in DEMONSTRATION_STAFF:
        if account.email not in known:
            try:
                await accounts.add(account.email, account.name, account.role, account.password)
            except BadAccountError:
                continue  # deactivated: it stays so
