"""One question, the index, the start, the memory: figures of this machine, as ratios where two things are compared."""

from __future__ import annotations

import functools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from api.settings import ROOT, Settings
from bot.masking import mask
from bot.retrieval import Retriever
from indexer.assembly import assemble_bot
from indexer.build import BuildOptions, build_index
from indexer.encoder import Encoder
from indexer.published_index import open_index
from indexer.screen import ScreenModel
from knowledge_base.article import Language
from knowledge_base.labelled import read_labelled
from knowledge_base.reading import KnowledgeBase, read_knowledge_base

QUESTIONS = 300
WARM_UP = 30


def main() -> int:
    """Prints a line a figure."""
    settings = Settings()
    encoder = Encoder(settings.model, threads=1)
    index, manifest = open_index(settings.index_home, encoder)
    bot = assemble_bot(index, encoder)
    questions = [q.q for q in read_labelled([settings.knowledge_base / "labelled" / "pl.jsonl"])[:QUESTIONS]]
    print(f"model {manifest.model}, {manifest.counts['articles']} articles, {manifest.counts['lines']} lines, one core")
    whole = _milliseconds("one question, message to decision", bot.reply, questions)
    embedding = _milliseconds("  of which embedding", encoder.encode_query, questions)
    _milliseconds("  of which masking", mask, questions)
    known = _Known(bot.retriever, index.screen, encoder)
    told = replace(bot, retriever=known, screen=known)
    for question in questions:
        told.reply(f"{question} ")
    deciding = _milliseconds("  of which screen and decision", told.reply, questions)
    print(f"  screen and decision / embedding: {deciding / embedding:.2f}")
    print(f"  everything but the embedding, retrieval too / embedding: {(whole - embedding) / embedding:.2f}")
    with tempfile.TemporaryDirectory() as folder:
        _index_times(settings, Path(folder))
    _start()
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (index builds included)")
    return 0


class _Known:
    """Retriever and Screen with vectors and candidates known beforehand: what is left is screening and deciding."""

    def __init__(self, retriever: Retriever, screen: ScreenModel, encoder: Encoder) -> None:
        self._screen = screen
        self.retrieve = functools.cache(retriever.retrieve)
        self.lead_apart = functools.cache(retriever.lead_apart)
        self._vector = functools.cache(encoder.wide_query)

    def screen(self, message: str) -> Mapping[str, float]:
        """Worked out each time."""
        return self._screen.probabilities(message, self._vector(message))


def _milliseconds(name: str, work: Callable[[str], object], questions: list[str]) -> float:
    """Prints p50 and p99, returns p50; the last questions come first, so that no cache has seen them."""
    taken = []
    for question in questions:
        started = time.perf_counter()
        work(f"{question} ")
        taken.append((time.perf_counter() - started) * 1000)
    p50, p99 = np.percentile(taken[WARM_UP:], (50, 99))
    print(f"{name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms", flush=True)
    return float(p50)


def _index_times(settings: Settings, folder: Path) -> None:
    encoder = Encoder(settings.model, threads=settings.build_threads)
    knowledge_base = read_knowledge_base(settings.knowledge_base)
    options = BuildOptions(folder, settings.wrong_answers_max)
    first = _seconds(lambda: build_index(knowledge_base, encoder, options, lambda *_: None))
    changed = _with_one_phrasing_more(knowledge_base)
    second = _seconds(lambda: build_index(changed, encoder, options, lambda *_: None))
    print(f"index from nothing: {first:.1f} s; after one article changed: {second:.1f} s ({second / first:.0%})")


def _with_one_phrasing_more(knowledge_base: KnowledgeBase) -> KnowledgeBase:
    article = knowledge_base.articles["deposit-blik"]
    text = article.texts[Language.PL]
    text = replace(text, phrasings=(*text.phrasings, "a jak mi bank nie daje kodu na blika to co"))
    article = replace(article, texts={**article.texts, Language.PL: text})
    return replace(knowledge_base, articles={**knowledge_base.articles, article.id: article})


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _start() -> None:
    krupier = str(Path(sys.executable).parent / "krupier")
    for name, arguments in (("krupier --help", ["--help"]), ("start to first answer", ["ask", "ile trwa wypłata"])):
        command = [krupier, *arguments]
        taken = min(_seconds(functools.partial(_run, command)) for _ in range(3))
        print(f"{name}: {taken:.2f} s (best of 3)", flush=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)


if __name__ == "__main__":
    sys.exit(main())
