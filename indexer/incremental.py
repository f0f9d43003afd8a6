"""When few articles changed, a build keeps what an earlier one fitted; this says when, and what changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from indexer.manifest import Manifest, library_versions
from indexer.published_index import PublishedIndex
from indexer.sources import Sources
from knowledge_base.published import PublishedArticle
from knowledge_base.signs import signs_to_json

# Of the articles, since everything was last fitted; beyond it the ranking, the confidence and its limits are fitted
# anew at once. `python -m benchmarks.publish agreement` measures what keeping them costs: see docs/publishing.md.
CHANGED_SHARE_MAX = 0.05


@dataclass(frozen=True)
class Former:
    """An index that a build may start from."""

    index: PublishedIndex
    manifest: Manifest


@dataclass(frozen=True)
class Changes:
    """Ids of articles that differ between two states."""

    written: frozenset[str]  # added or changed
    removed: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """All of them."""
        return self.written | self.removed


@dataclass(frozen=True)
class FitRecord:
    """How the numbers of an index came about; part of its manifest."""

    mode: str  # "full" or "incremental"
    fitted_on: str  # the version whose build fitted them
    fitted_at: str
    inputs: str  # checksum of all that they were fitted on beside the articles
    changed_since: tuple[str, ...] = ()  # articles that changed since then
    changed_share: float = 0.0
    why: str = ""  # why everything was fitted

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"changed_since": list(self.changed_since)}


def fit_record(manifest: Manifest) -> FitRecord | None:
    """The record of an index; None for one that was made before there were records."""
    if not manifest.fit:
        return None
    return FitRecord(**manifest.fit | {"changed_since": tuple(manifest.fit["changed_since"])})


def changes_between(before: Mapping[str, PublishedArticle], after: Mapping[str, PublishedArticle]) -> Changes:
    """What differs, as published: a fact that changed shows in every article that quotes it."""
    written = frozenset(article_id for article_id, article in after.items() if before.get(article_id) != article)
    return Changes(written, frozenset(before) - frozenset(after))


def inputs_checksum(sources: Sources, model_checksum: str, wrong_max: float) -> str:
    """Of everything that fitting sees beside the articles."""
    seen = [
        model_checksum, wrong_max, library_versions(), signs_to_json(sources.signs),
        [[q.q, q.topic, list(q.also), q.lang] for q in sources.labelled],
        [[m.q, m.lang, m.label, m.kind] for m in (*sources.examples, *sources.judging)],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def why_full(former: Former | None, changes: Changes, inputs: str, articles: int) -> str:
    """Why everything must be fitted; empty if the former fit may be kept."""
    if former is None:
        return "there is no index to start from"
    record = fit_record(former.manifest)
    if record is None:
        return "the former index does not say what it was fitted on"
    if record.inputs != inputs:
        return "the labelled questions, the screening examples, the model or a setting changed"
    share = len(changes.all | set(record.changed_since)) / max(1, articles)
    if share > CHANGED_SHARE_MAX:
        return f"{share:.1%} of the articles changed since everything was fitted (at most {CHANGED_SHARE_MAX:.0%})"
    return ""


def continued(former: Former, changes: Changes, articles: int) -> FitRecord:
    """The record of an index that keeps the former one's fit."""
    record = fit_record(former.manifest)
    if record is None:
        raise ValueError("an index without a record cannot be continued")
    since = tuple(sorted(changes.all | set(record.changed_since)))
    return FitRecord(
        "incremental", record.fitted_on, record.fitted_at, record.inputs, since, round(len(since) / articles, 4)
    )
