"""A candidate on its way to the building process: what is published now is sent only once."""

from __future__ import annotations

import hashlib

from api.content.values import Candidate
from api.publishing.builder import Builder, Progress
from api.publishing.worker import Built, Named


def name_of(candidate: Candidate) -> str:
    """The same for the same versions."""
    versions = "\n".join(f"{key} {number}" for key, number in sorted(candidate.versions.items()))
    return hashlib.sha256(versions.encode()).hexdigest()


def named(candidate: Candidate) -> Named:
    """Its content under that name."""
    return Named(name_of(candidate), candidate.knowledge_base)


async def built_by(
    builder: Builder, live: Candidate, candidate: Candidate, progress: Progress = lambda _w, _d, _o: None,
    *, is_full: bool = False,
) -> Built:  # fmt: skip
    """An index of the candidate, held against what is published now; BuildFailedError or BuilderDiedError if not."""
    is_known = await builder.do("knows", name_of(live))
    found: Built = await builder.do(
        "build", None if is_known else named(live), named(candidate), is_full, progress=progress
    )
    return found
