"""Quick builds held against full ones: the same labelled questions, after one and five changed articles."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from indexer.build import BuildOptions, Made, Workshop
from indexer.encoder import Encoder
from indexer.evaluation import Outcome
from knowledge_base.article import Article, Language
from knowledge_base.reading import SHIPPED, KnowledgeBase, read_knowledge_base

CHANGED = (1, 5)  # articles; of the shipped 108 five are as many as may change before everything is fitted anew


def compare(folder: Path, model: str) -> None:
    """Prints for each number of changed articles how many of the test questions are decided alike."""
    workshop = Workshop(Encoder(model, 2), BuildOptions(folder / f"agreement-{model}"))
    base = read_knowledge_base(SHIPPED)
    first = workshop.make(base, _silent)
    workshop.start_from(first, workshop.write(first, is_current=True))
    for count in CHANGED:
        changed = _changed(base, count)
        started = time.perf_counter()
        quick = workshop.make(changed, _silent)
        seconds = time.perf_counter() - started
        full = workshop.make(changed, _silent, is_full=True)
        print(f"{count} changed: quick in {seconds:.1f} s; {_agreement(quick, full)}", flush=True)


def _changed(base: KnowledgeBase, count: int) -> KnowledgeBase:
    """Articles spread over the whole base lose every third phrasing, as if an editor had begun anew."""
    chosen = sorted(base.articles)[:: len(base.articles) // count][:count]
    return replace(base, articles={**base.articles, **{i: _thinned(base.articles[i]) for i in chosen}})


def _thinned(article: Article) -> Article:
    text = article.texts[Language.PL]
    kept = tuple(phrasing for number, phrasing in enumerate(text.phrasings) if number % 3)
    return replace(article, texts={**article.texts, Language.PL: replace(text, phrasings=kept)})


def _agreement(quick: Made, full: Made) -> str:
    pairs = [(quick.memory.asked[q].outcome, asked.outcome) for q, asked in full.memory.asked.items()]
    same_first = sum(_first(a) == _first(b) for a, b in pairs)
    same = sum((a.decision.action, a.decision.articles) == (b.decision.action, b.decision.articles) for a, b in pairs)
    figures = [
        f"{name}: answered {sum(o.is_answered for o in found)}, wrong {sum(o.is_wrong_answer for o in found)}"
        for name, found in (("quick", [a for a, _ in pairs]), ("full", [b for _, b in pairs]))
    ]
    return f"{same} of {len(pairs)} decided alike, {same_first} with the same first article; {'; '.join(figures)}"


def _first(outcome: Outcome) -> str:
    candidates = outcome.decision.candidates
    return candidates[0].id if candidates else ""


def _silent(_what: str, _done: int, _of: int) -> None:
    """Only the result matters."""


if __name__ == "__main__":
    compare(Path(".krupier/benchmarks"), "krupier-mini")
