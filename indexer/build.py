"""From articles to a published index: embed, look from all sides, fit or keep what was fitted, rehearse, write."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from indexer import fitting
from indexer.classifier_update import updated
from indexer.corpus import Kind
from indexer.encoder import Encoder
from indexer.errors import IndexMismatchError, IndexMissingError, IndexNotWritableError
from indexer.evaluation import figures
from indexer.full_fit import fit_fully
from indexer.gate import GateReport, judge
from indexer.incremental import Changes, FitRecord, Former, changes_between, continued, inputs_checksum, why_full
from indexer.languages import leanings_of
from indexer.manifest import SCHEMA, Manifest, library_versions
from indexer.published_index import PublishedIndex, open_index, write_index
from indexer.rehearsal import Memory, carried_over, rehearse
from indexer.screen import ScreenModel
from indexer.screen_fitting import JUDGING_MIN
from indexer.shipped_screen import shipped_screen
from indexer.sources import Embedded, Sources, embed, read_sources
from indexer.vectors import Progress, VectorCache
from indexer.views import Terms, Views, build_views
from knowledge_base.labelled import Split
from knowledge_base.published import PublishedArticle, to_json
from knowledge_base.reading import KnowledgeBase

MEMORIES_KEPT = 4  # each some ten megabytes
NOTHING = Changes(frozenset(), frozenset())


@dataclass(frozen=True)
class BuildOptions:
    """What an operator may set: where to write, and the promise to keep."""

    home: Path
    wrong_max: float = fitting.ANSWERED_WRONG_MAX


@dataclass(frozen=True)
class Made:
    """An index that nobody uses yet, what it does with the labelled questions, and how that compares."""

    index: PublishedIndex
    manifest: Manifest
    memory: Memory
    gate: GateReport | None
    seconds: dict[str, float]


@dataclass
class Workshop:
    """Builds one index after another and keeps what does not change between them; one build at a time."""

    encoder: Encoder
    options: BuildOptions
    terms: Terms = field(default_factory=Terms)
    former: Former | None = None
    memory: Memory = field(default_factory=Memory)  # of the former index
    _memories: dict[str, Memory] = field(default_factory=dict)  # of the last few versions: editors go back, too
    _vectors: VectorCache | None = None

    def open(self) -> None:
        """Start from the index that is published, unless it is the one that this workshop built."""
        try:
            index, manifest = open_index(self.options.home, self.encoder)
        except (IndexMissingError, IndexMismatchError):
            self.former, self.memory = None, Memory()
            return
        if self.former is None or self.former.manifest.version != manifest.version:
            self._remember()
            self.former, self.memory = Former(index, manifest), self._memories.get(manifest.version, Memory())

    def make(
        self, knowledge_base: KnowledgeBase, progress: Progress, *, is_full: bool = False, is_judged: bool = True
    ) -> Made:
        """An index of the knowledge base, compared with the former one; IndexerError says what is in the way."""
        clock = _Clock()
        sources = read_sources(knowledge_base)
        clock.lap("reading")
        self.vectors.begin()
        changes = changes_between(self.former.index.articles, sources.articles) if self.former else NOTHING
        inputs = inputs_checksum(sources, self.encoder.checksum, self.options.wrong_max)
        why = "asked for" if is_full else why_full(self.former, changes, inputs, len(sources.articles))
        screen = _shipped(sources, self.encoder) if why else None
        vectors = embed(sources, self.vectors, progress, with_examples=bool(why) and screen is None)
        if not self.former:
            self.vectors.save()  # now, so that a stop later on costs no embedding again
        if not why:
            self.vectors.keep([m.q for m in sources.examples])  # for the next time that everything is fitted
        clock.lap("embedding")
        progress("Indexing", 0, 1)
        views = self._views(sources, vectors, changes, is_full=bool(why))
        progress("Indexing", 1, 1)
        clock.lap("indexing")
        index, promises, record = self._fitted(
            knowledge_base, sources, vectors, views, screen, changes, inputs, why, progress
        )
        clock.lap("fitting")
        before, memory, measured, gate = self._rehearsed(index, sources, changes, why, progress, is_judged=is_judged)
        clock.lap("rehearsing")
        self.memory = before
        manifest = _manifest(self.encoder, sources, {"promises": promises, "test": measured}, record)
        return Made(index, manifest, memory, gate, clock.laps)

    def draft(self, knowledge_base: KnowledgeBase, progress: Progress) -> PublishedIndex:
        """An index to try questions on: nothing is measured, and nothing written."""
        sources = read_sources(knowledge_base)
        vectors = embed(sources, self.vectors, progress, with_examples=False)
        if self.former is None:
            raise IndexMissingError("There is no index to start from yet. Build one: krupier index build")
        changes = changes_between(self.former.index.articles, sources.articles)
        views = self._views(sources, vectors, changes, is_full=False)
        kept, words = self.former.index, leanings_of(sources.articles.values())
        return PublishedIndex(sources.articles, knowledge_base.facts, views, kept.screen, kept.fitted, words)

    def warm(self, live: KnowledgeBase, progress: Progress) -> None:
        """Count, embed and ask beforehand what the next build will need of what is published now."""
        sources = read_sources(live)
        embed(sources, self.vectors, progress, with_examples=_shipped(sources, self.encoder) is None)
        leanings_of(sources.articles.values())
        self.terms.count(sources.corpus)
        if self.former is not None:
            test = [q for q in sources.labelled if q.split is Split.TEST]
            self.memory = rehearse(self.former.index, test, self.vectors, self.memory, progress)

    def write(self, made: Made, *, is_current: bool = False) -> Manifest:
        """Write it beside the others; nobody uses it before it is the current one."""
        folder = write_index(
            self.options.home, made.manifest.version, made.index, lambda files: replace(made.manifest, files=files),
            is_current=is_current,
        )  # fmt: skip
        return Manifest.read(folder)

    def start_from(self, made: Made, manifest: Manifest) -> None:
        """It is the published one now."""
        self._remember()
        self.former, self.memory = Former(made.index, manifest), made.memory

    def _remember(self) -> None:
        """What the questions found in the former index, in case somebody goes back to it."""
        if self.former is not None:
            self._memories[self.former.manifest.version] = self.memory
            for old in list(self._memories)[:-MEMORIES_KEPT]:
                del self._memories[old]

    def tidy(self) -> None:
        """What may wait until nobody waits: keep the vectors in use on disk, and forget texts out of use."""
        self.vectors.save()
        if self.former is not None:
            self.terms.keep_only(self.former.index.views.corpus)

    @property
    def vectors(self) -> VectorCache:
        """The vectors of all texts met so far."""
        if self._vectors is None:
            self._vectors = _open_cache(self.options.home, self.encoder)
        return self._vectors

    def _views(self, sources: Sources, vectors: Embedded, changes: Changes, *, is_full: bool) -> Views:
        if self.former is None or is_full:
            return build_views(sources.corpus, vectors.lines, self.terms)
        corpus = sources.corpus
        asking = [i for i, line in enumerate(corpus.lines) if line.kind is not Kind.PASSAGE]
        former = self.former.index.views
        classifier = updated(
            former.classifier, former.corpus.ids, corpus.ids, changes.written,
            vectors.lines[asking], np.array([corpus.lines[i].article for i in asking]),
        )  # fmt: skip
        return build_views(corpus, vectors.lines, self.terms, classifier)

    def _fitted(
        self, knowledge_base: KnowledgeBase, sources: Sources, vectors: Embedded, views: Views,
        screen: ScreenModel | None, changes: Changes, inputs: str, why: str, progress: Progress,
    ) -> tuple[PublishedIndex, dict[str, Any], FitRecord | None]:  # fmt: skip
        words = leanings_of(sources.articles.values())
        if self.former is None or why:
            fit = fit_fully(sources, vectors, views, self.options.wrong_max, screen, progress)
            index = PublishedIndex(sources.articles, knowledge_base.facts, views, fit.screen, fit.fitted, words)
            return index, fit.promises, FitRecord("full", "", "", inputs, why=why)
        kept = self.former.index
        index = PublishedIndex(sources.articles, knowledge_base.facts, views, kept.screen, kept.fitted, words)
        record = continued(self.former, changes, len(sources.articles))
        return index, self.former.manifest.figures["promises"], record

    def _rehearsed(
        self, index: PublishedIndex, sources: Sources, changes: Changes, why: str, progress: Progress, *,
        is_judged: bool,
    ) -> tuple[Memory, Memory, dict[str, Any], GateReport | None]:  # fmt: skip
        """What the former index and the new one do with the questions that nothing was fitted on."""
        test = [q for q in sources.labelled if q.split is Split.TEST]
        before = self.memory
        if self.former is not None and is_judged:
            before = rehearse(self.former.index, test, self.vectors, before, progress)
        start = Memory()
        if self.former is not None and not why and is_judged:
            start = carried_over(before, index, changes.written, changes.removed, self.vectors)
        after = rehearse(index, test, self.vectors, start, progress)
        outcomes = [after.asked[q].outcome for q in test]
        found = figures(outcomes)
        gate = None
        if self.former is not None and is_judged:
            gate = judge(
                [before.asked[q].outcome for q in test], outcomes, self.former.index.fitted.limits,
                index.fitted.limits, self.options.wrong_max,
            )  # fmt: skip
        return before, after, {name: found[name] for name in ("all", "pl", "en") if name in found}, gate


def build_index(knowledge_base: KnowledgeBase, encoder: Encoder, options: BuildOptions, progress: Progress) -> Manifest:
    """Build and publish an index of the knowledge base, everything fitted; IndexerError says what is in the way."""
    workshop = Workshop(encoder, options)
    made = workshop.make(knowledge_base, progress, is_full=True, is_judged=False)
    workshop.tidy()
    return workshop.write(made, is_current=True)


def _manifest(encoder: Encoder, sources: Sources, measured: dict[str, Any], record: FitRecord | None) -> Manifest:
    built_at = datetime.now(UTC)
    version, moment = built_at.strftime("%Y%m%d-%H%M%S-%f"), built_at.isoformat(timespec="seconds")
    if record is not None and record.mode == "full":
        record = replace(record, fitted_on=version, fitted_at=moment)
    return Manifest(
        SCHEMA, version, moment, encoder.name, encoder.checksum, encoder.dimension,
        content_checksum(sources.articles), {}, library_versions(), sources.counts, measured,
        record.to_json() if record else {},
    )  # fmt: skip


def _shipped(sources: Sources, encoder: Encoder) -> ScreenModel | None:
    """The screen that came with the model, if there is one for these examples and enough messages to set its limits."""
    if len(sources.judging) < JUDGING_MIN:
        return None
    return shipped_screen(encoder.checksum, sources.examples)


def _open_cache(home: Path, encoder: Encoder) -> VectorCache:
    try:
        home.mkdir(parents=True, exist_ok=True)
        return VectorCache(home, encoder)
    except OSError as error:
        raise IndexNotWritableError(
            f"The folder {home} cannot be written ({error.strerror}). Make it writable or set KRUPIER_DATA."
        ) from error


class _Clock:
    """How long each stage took."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._at = time.perf_counter()

    def lap(self, stage: str) -> None:
        """A stage has ended."""
        now = time.perf_counter()
        self.laps[stage] = round(now - self._at, 3)
        self._at = now


def content_checksum(articles: Mapping[str, PublishedArticle]) -> str:
    """Of the articles as they are published; in every manifest."""
    text = json.dumps(to_json(articles[i] for i in sorted(articles)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
