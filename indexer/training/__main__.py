"""The stages of training, a command each: python -m indexer.training --help.

prepare -> student -> domain -> (static) -> export. Each leaves its result in the work folder, goes on from where a stop
left it, and shows its progress; the work folder is not part of the project.
"""

from __future__ import annotations

import json
import shutil
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer

from indexer.corpus import passages
from indexer.encoder import BUNDLED, CHECKSUM_FILE, folder_checksum
from indexer.training import corpus, teacher, vocabulary
from knowledge_base.published import publish
from knowledge_base.reading import read_knowledge_base

HERE = Path(__file__).parent
EMBEDDED_MAX = 128  # tokens a shipped model reads; a chat message has about twenty

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
Pairs = Annotated[Path, typer.Option(help="English<TAB>Polish<TAB>source, plain or gzipped.")]
Work = Annotated[Path, typer.Option(help="Folder for caches and checkpoints, outside the repository.")]


@dataclass(frozen=True)
class Material:
    """Everything that is distilled: both sides, the teacher's vectors, and how often each pair is drawn."""

    english: list[str]
    polish: list[str]
    targets: npt.NDArray[np.float16]
    weights: npt.NDArray[np.float64]


def settings() -> dict[str, Any]:
    """config.toml."""
    return tomllib.loads((HERE / "config.toml").read_text("utf-8"))


def everyday_pairs() -> list[tuple[str, str]]:
    """Our own everyday sentences and words, English and Polish."""
    lines = (HERE / "data" / "everyday.tsv").read_text("utf-8").splitlines()
    return [(english, polish) for english, polish in (line.split("\t") for line in lines)]


def read_material(pairs: Path, work: Path) -> Material:
    """The pairs file and our everyday pairs, with the teacher's vectors computed by `prepare`."""
    config = settings()["corpus"]
    read = corpus.read_pairs(pairs)
    own = everyday_pairs()
    weights = corpus.sampling_weights(
        read, config["words_max"], config["documentation_weight"], config["question_weight"]
    )
    own_weights = [
        config["lexicon_weight"] if len(polish.split()) <= 2 else config["everyday_weight"] for _, polish in own
    ]
    return Material(
        [p.english for p in read] + [e for e, _ in own],
        [p.polish for p in read] + [p for _, p in own],
        np.concatenate([teacher.read_cache(work / "teacher"), teacher.read_cache(work / "teacher-everyday")]),
        np.concatenate([weights, own_weights]),
    )


@app.command()
def prepare(pairs: Pairs, work: Work) -> None:
    """Teacher vectors of all English sides, the joint vocabulary, and where each piece starts."""
    from indexer.training.student import teacher_input_vectors

    config = settings()["vocabulary"]
    model = teacher.load_teacher()
    read = corpus.read_pairs(pairs)
    for name, texts in (("teacher", [p.english for p in read]), ("teacher-everyday", [e for e, _ in everyday_pairs()])):
        for done, of in teacher.encode_to_cache(texts, model, work / name):
            print(f"{name}: shard {done} of {of}", flush=True)
    print("Choosing the vocabulary ...", flush=True)
    polish = vocabulary.train_polish_pieces([p.polish for p in read] + _own_polish() * 3, config["polish_pieces"])
    model.tokenizer.backend_tokenizer.no_truncation()
    counts: Counter[str] = Counter()
    for encoding in model.tokenizer.backend_tokenizer.encode_batch([p.english for p in read], add_special_tokens=False):
        counts.update(set(encoding.tokens))
    by_rank = sorted(model.tokenizer.get_vocab().items(), key=lambda item: item[1])
    pieces = vocabulary.choose_pieces(
        [piece for piece, _ in by_rank], counts, polish,
        config["english_pieces"], config["english_count_min"], config["size"],
    )  # fmt: skip
    (work / "pieces.json").write_text(json.dumps(pieces), "utf-8")
    print("Aligning Polish pieces with English ones ...", flush=True)
    tokenizer = vocabulary.build_tokenizer(pieces, 64)
    sides = [[e.ids[1:-1] for e in tokenizer.encode_batch(texts)] for texts in _sides(read)]
    known, is_known = teacher_input_vectors(model, pieces)
    np.save(work / "start.npy", vocabulary.aligned_start(sides[0], sides[1], known, is_known))
    print(f"{len(pieces)} pieces, {int(is_known.sum())} of them the teacher's.")


@app.command()
def student(pairs: Pairs, work: Work) -> None:
    """Stage 1: distil the teacher into the bilingual student; stops and goes on at a checkpoint."""
    from indexer.training import student as stage

    config = settings()
    material = read_material(pairs, work)
    chosen = config["student"]
    schedule = stage.Schedule(seed=config["seed"], **chosen)
    stage.distil(
        stage.build_body(teacher.load_teacher(), np.load(work / "start.npy")),
        _tokenizer(work, chosen["tokens_max"]),
        material.english, material.polish, material.targets, material.weights,
        schedule, work / "student.pt", _printer("student", schedule.steps),
    )  # fmt: skip


@app.command()
def domain(pairs: Pairs, work: Work) -> None:
    """Stage 2: tune the student on our articles and support groups, held by its stage-1 vectors."""
    import torch

    from indexer.training import domain as stage
    from indexer.training.student import build_body

    config = settings()
    chosen = dict(config["domain"])
    material = read_material(pairs, work)
    drawn: Any = np.random.default_rng(config["seed"]).choice(
        len(material.polish), chosen.pop("replay_pairs"), p=material.weights / material.weights.sum()
    )
    body = build_body(teacher.load_teacher(), np.load(work / "start.npy"))
    body.load_state_dict(torch.load(work / "student.pt", weights_only=True)["body"])
    schedule = stage.DomainSchedule(seed=config["seed"], **chosen)
    texts = [material.polish[i] if n % 3 else material.english[i] for n, i in enumerate(drawn)]
    stage.tune(
        body, _tokenizer(work, schedule.tokens_max), own_meanings(), texts,
        material.targets[drawn].astype(np.float32), schedule, _printer("domain", schedule.steps),
    )  # fmt: skip
    torch.save({"body": body.state_dict()}, work / "domain.pt")


@app.command()
def static(pairs: Pairs, work: Work) -> None:
    """The static model, from the same pairs and vocabulary."""
    from indexer.training.static import save_static, train_static

    config = settings()
    material = read_material(pairs, work)
    tokenizer = _tokenizer(work, EMBEDDED_MAX)
    vectors = train_static(
        tokenizer, material.english, material.polish, material.targets, material.weights,
        seed=config["seed"], report=lambda step, of, loss: _print_step("static", step, of, loss), **config["static"],
    )  # fmt: skip
    save_static(vectors, tokenizer, work / "krupier-static")


@app.command()
def export(
    work: Work,
    name: Annotated[str, typer.Option(help="Name of the bundled model.")] = "krupier-mini",
    stage: str = "domain",
) -> None:
    """Put a trained model beside the bundled ones, with its checksum; commit it only when it is final."""
    import torch

    from indexer.training import student as saving

    target = BUNDLED / name
    card = (target / "README.md").read_text("utf-8") if (target / "README.md").exists() else None
    made = work / name
    if stage != "static":
        body = saving.build_body(teacher.load_teacher(), np.load(work / "start.npy"))
        body.load_state_dict(torch.load(work / f"{stage}.pt", weights_only=True)["body"])
        tokenizer = _tokenizer(work, EMBEDDED_MAX)
        tokenizer.no_truncation()
        saving.save_as_sentence_transformer(body, tokenizer, made, EMBEDDED_MAX)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(made, target)
    if card:
        (target / "README.md").write_text(card, "utf-8")
    (target / CHECKSUM_FILE).write_text(folder_checksum(target) + "\n")
    print(f"{target}: {sum(p.stat().st_size for p in target.rglob('*') if p.is_file()) / 1e6:.1f} MB")


def own_meanings() -> list[list[str]]:
    """Texts that mean the same or answer one another: each article (four times, for it has many) and each group."""
    meanings = []
    for article in publish(read_knowledge_base()).values():
        texts = [
            line
            for text in article.texts.values()
            for line in (*[text.title, *text.phrasings] * 2, *passages(text.body or ""))
        ]
        meanings += [texts] * 4
    for line in (HERE / "data" / "support_groups.jsonl").read_text("utf-8").splitlines():
        group = json.loads(line)
        meanings.append([*group["pl"], *group["en"]])
    return meanings


def _own_polish() -> list[str]:
    articles = read_knowledge_base().articles.values()
    return [
        line
        for a in articles
        for t in a.texts.values()
        if t.path.name.endswith(".pl.md")
        for line in (*t.phrasings, t.body)
    ]


def _sides(pairs: list[corpus.Pair]) -> tuple[list[str], list[str]]:
    return [p.english for p in pairs], [p.polish for p in pairs]


def _tokenizer(work: Path, tokens_max: int) -> Any:
    return vocabulary.build_tokenizer(json.loads((work / "pieces.json").read_text("utf-8")), tokens_max)


def _printer(name: str, steps: int) -> Callable[[int, float], None]:
    return lambda step, loss: _print_step(name, step, steps, loss)


def _print_step(name: str, step: int, steps: int, loss: float) -> None:
    if step % 25 == 0 or step == steps:
        print(f"{time.strftime('%H:%M:%S')} {name}: step {step} of {steps}, loss {loss:.4f}", flush=True)


if __name__ == "__main__":
    app()
