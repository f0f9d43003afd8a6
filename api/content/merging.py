"""Two people's changes of one article, put together field by field: a three-way merge as diff3's, on whole fields.

Lists (phrasings, related articles) are merged line by line. See Khanna, Kunal and Pierce, "A Formal Investigation of
Diff3" (2007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Fields = Mapping[str, str]
LISTS = ("phrasings",)


@dataclass(frozen=True)
class Merged:
    """The fields put together; where both changed the same field, mine stands and `theirs` keeps the other."""

    fields: Mapping[str, str]
    theirs: Mapping[str, str]


def merge(base: Fields, mine: Fields, theirs: Fields) -> Merged:
    """What each changed against the base, together."""
    fields, conflicts = {}, {}
    for name in {**theirs, **mine}:
        old, own, other = (each.get(name, "") for each in (base, mine, theirs))
        if other in {own, old}:
            fields[name] = own
        elif own == old:
            fields[name] = other
        elif name.rpartition(".")[2] in LISTS:
            fields[name] = _merged_lines(old, own, other)
        else:
            fields[name] = own
            conflicts[name] = other
    return Merged(fields, conflicts)


def _merged_lines(old: str, own: str, other: str) -> str:
    """Theirs, without what I took out, with what I added."""
    before, mine = old.split("\n"), own.split("\n")
    removed = set(before) - set(mine)
    kept = [line for line in other.split("\n") if line not in removed]
    return "\n".join([*kept, *(line for line in mine if line not in before and line not in kept)])
