"""All that an index is made from, read once and embedded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.cues import tells_particulars
from bot.rendering import Replies
from bot.screening import Label
from indexer.assembly import warsaw_now
from indexer.corpus import Corpus, Kind, read_corpus, texts_of
from indexer.errors import ContentError
from indexer.postings import Floats
from indexer.screen import Message, read_messages
from indexer.vectors import Progress, VectorCache
from knowledge_base.article import RiskClass
from knowledge_base.labelled import LabelledQuestion, Split, read_labelled
from knowledge_base.published import PublishedArticle, publish
from knowledge_base.reading import KnowledgeBase
from knowledge_base.rendering import TemplateProblem
from knowledge_base.signs import Sign, SignsFileError, read_signs


@dataclass(frozen=True)
class Sources:
    """Content as read: articles and their lines, labelled questions, the screen's examples, judges and phrases."""

    articles: dict[str, PublishedArticle]
    corpus: Corpus
    labelled: Sequence[LabelledQuestion]
    examples: Sequence[Message]
    judging: Sequence[Message]
    signs: Sequence[Sign]

    @property
    def counts(self) -> dict[str, int]:
        return {
            "articles": len(self.articles), "lines": len(self.corpus.lines), "labelled": len(self.labelled),
            "examples": len(self.examples), "judging": len(self.judging), "signs": len(self.signs),
        }  # fmt: skip


@dataclass(frozen=True)
class Embedded:
    """The wide vectors of the sources' texts, in their order; of the lines also the unit vectors by themselves."""

    lines: Floats
    wide_lines: Floats
    labelled: Floats
    judging: Floats
    examples: Floats | None  # only where the screen is to be fitted


def read_sources(knowledge_base: KnowledgeBase) -> Sources:
    """Everything read and checked; ContentError says what is in the way."""
    articles = publish(knowledge_base)
    if not articles:
        raise ContentError(f"There is no readable article in {knowledge_base.folder}; see krupier kb check")
    try:
        Replies(knowledge_base.facts, warsaw_now).check()
    except TemplateProblem as error:
        raise ContentError(f"A reply of the bot cannot be filled in: {error}. Add the fact to facts.yaml") from error
    screening = knowledge_base.folder / "screening"
    try:
        signs = read_signs(screening / "phrases.yaml")
    except SignsFileError as error:
        raise ContentError(str(error)) from error
    examples = read_messages(sorted(screening.glob("*.jsonl")))
    known = {m.q for m in examples}  # short ones ("ok") come to several authors; the screen is not judged by those
    judging = read_messages(sorted((screening / "judging").glob("*.jsonl")))
    return Sources(
        articles,
        read_corpus(articles.values()),
        read_labelled(sorted((knowledge_base.folder / "labelled").glob("*.jsonl"))),
        examples,
        [m for m in judging if m.q not in known],
        signs,
    )


def embed(sources: Sources, cache: VectorCache, progress: Progress, *, with_examples: bool) -> Embedded:
    """Vectors of every text, computed where the cache has none; of the screen's examples only if wanted."""
    lines = cache.encode(texts_of(sources.corpus.lines), "Embedding articles", progress)
    return Embedded(
        np.ascontiguousarray(lines[:, : cache.dimension]),
        lines,
        cache.encode([q.q for q in sources.labelled], "Embedding labelled questions", progress),
        cache.encode([m.q for m in sources.judging], "Embedding judging messages", progress),
        cache.encode([m.q for m in sources.examples], "Embedding screening examples", progress)
        if with_examples
        else None,
    )


def calibration(sources: Sources, vectors: Embedded) -> list[tuple[LabelledQuestion, Floats]]:
    """The labelled questions that fitting may see, with their vectors."""
    return [
        (q, vector)
        for q, vector in zip(sources.labelled, vectors.labelled, strict=True)
        if q.split is Split.CALIBRATION and q.accepted <= set(sources.corpus.ids)
    ]


def screen_examples(sources: Sources, vectors: Embedded) -> tuple[list[Message], Floats]:
    """What the screen learns from: its examples, and from the phrasings what ordinary questions look like."""
    if vectors.examples is None:
        raise ValueError("the screen's examples were not embedded")
    corpus = sources.corpus
    protected = {i for i, a in enumerate(corpus.ids) if sources.articles[a].risk is RiskClass.PROTECT}
    plain = [
        i
        for i in corpus.of_kind(Kind.PHRASING)
        if corpus.lines[i].article not in protected and not tells_particulars(corpus.lines[i].text)
    ]
    examples = [*sources.examples, *(ordinary(corpus.lines[i].text, corpus.lines[i].language) for i in plain)]
    return examples, np.concatenate([vectors.examples, vectors.wide_lines[plain]])


def screen_judges(sources: Sources, vectors: Embedded) -> list[tuple[Message, Floats]]:
    """What its limits are set on: messages of other authors and ordinary labelled questions; none without the first."""
    if not sources.judging:
        return []
    asked = [
        (ordinary(q.q, q.lang), vector)
        for q, vector in calibration(sources, vectors)
        if q.accepted
        and all(sources.articles[a].risk is RiskClass.AUTO for a in q.accepted)
        and not tells_particulars(q.q)
    ]
    return [*zip(sources.judging, vectors.judging, strict=True), *asked]


def ordinary(text: str, language: str) -> Message:
    """An ordinary question, as the screen's examples have them."""
    return Message(text, language, Label.ORDINARY.value, "")
