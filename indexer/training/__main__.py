"""The stages of training, a command each: python -m indexer.training --help.

vocabulary -> targets -> student -> refine -> domain -> (static) -> export -> screen. Each leaves its result in the work
folder, goes on from where a stop left it, and shows its progress; the work folder is not part of the project. A GPU is
used where there is one; everything runs without.
"""

from __future__ import annotations

import json
import shutil
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from indexer.training import corpus, own_texts, teacher, vocabulary
from indexer.training.corpus import Material, Pair
from knowledge_base.reading import read_knowledge_base

HERE = Path(__file__).parent
EMBEDDED_MAX = 192  # tokens a shipped model reads; a chat message has about twenty

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
Pairs = Annotated[Path, typer.Option(help="English<TAB>Polish<TAB>source, plain or gzipped.")]
Work = Annotated[Path, typer.Option(help="Folder for caches and checkpoints, outside the repository.")]
Layers = Annotated[str, typer.Option(help="The teacher's layers to keep, e.g. 0,2,5; by default all.")]
StartFrom = Annotated[Path | None, typer.Option(help="An exported model to go on from, with its vocabulary.")]
Teacher = Annotated[str | None, typer.Option(help="Folder or hub id of the English teacher, if not the usual one.")]


def settings() -> dict[str, Any]:
    """config.toml."""
    return tomllib.loads((HERE / "config.toml").read_text("utf-8"))


def read_all(pairs: Path) -> list[tuple[str, list[Pair]]]:
    """The pairs of the file, the same joined to long texts, and our everyday pairs; each with the name of its cache."""
    config = settings()["corpus"]
    read = corpus.read_pairs(pairs)
    joined = corpus.joined_pairs(read, config["joined_pairs"], config["joined_words_max"], settings()["seed"])
    own = [Pair(english, polish, "own") for english, polish in own_texts.everyday_pairs()]
    faq = [Pair(e[f"{kind}_en"], e[f"{kind}_pl"], "own") for e in own_texts.faq() for kind in "qa"]
    return [("pairs", read), ("joined", joined), ("everyday", own), ("faq", faq)]


def read_material(pairs: Path, work: Path, **weights_now: float) -> Material:
    """Everything to distil, with the teacher's vectors computed by `targets`; some weights may be other than usual."""
    config = settings()["corpus"] | weights_now
    groups = read_all(pairs)
    read, joined, own, faq = (group for _name, group in groups)
    weights = [
        corpus.sampling_weights(read, config["words_max"], config["documentation_weight"], config["question_weight"]),
        np.full(len(joined), config["joined_weight"]),
        np.array([config["lexicon_weight"] if len(p.polish.split()) <= 2 else config["everyday_weight"] for p in own]),
        np.full(len(faq), config["everyday_weight"]),
    ]
    return Material(
        [p.english for _, group in groups for p in group],
        [p.polish for _, group in groups for p in group],
        np.concatenate([teacher.read_cache(work / "targets" / name) for name, _ in groups]),
        np.concatenate(weights),
    )


@app.command("vocabulary")
def make_vocabulary(pairs: Pairs, work: Work, teacher_path: Teacher = None) -> None:
    """The joint vocabulary, and where each of its pieces starts (processor work, some minutes)."""
    from indexer.training.student import teacher_input_vectors

    work.mkdir(parents=True, exist_ok=True)
    config = settings()["vocabulary"]
    model = teacher.load_teacher(teacher_path)
    read = corpus.read_pairs(pairs)
    print("Choosing the vocabulary ...", flush=True)
    polish = vocabulary.train_polish_pieces(
        [p.polish for p in read] + own_texts.polish_lines() * 3, config["polish_pieces"]
    )
    model.tokenizer.backend_tokenizer.no_truncation()
    counts: Counter[str] = Counter()
    for encoding in model.tokenizer.backend_tokenizer.encode_batch([p.english for p in read], add_special_tokens=False):
        counts.update(set(encoding.tokens))
    by_rank = sorted(model.tokenizer.get_vocab().items(), key=lambda item: item[1])
    pieces = vocabulary.choose_pieces(
        [piece for piece, _ in by_rank], counts, polish,
        config["english_pieces"], config["english_count_min"], config["size"],
    )  # fmt: skip
    print("Aligning Polish pieces with English ones ...", flush=True)
    tokenizer = vocabulary.build_tokenizer(pieces, 64)
    own = own_texts.everyday_pairs() * 3
    english, polish_ids = (
        [e.ids[1:-1] for e in tokenizer.encode_batch(texts)]
        for texts in ([p.english for p in read] + [e for e, _ in own], [p.polish for p in read] + [p for _, p in own])
    )
    known, is_known = teacher_input_vectors(model, pieces)
    np.save(work / "start.npy", vocabulary.aligned_start(english, polish_ids, known, is_known).astype(np.float16))
    (work / "pieces.json").write_text(json.dumps(pieces), "utf-8")
    print(f"{len(pieces)} pieces, {int(is_known.sum())} of them the teacher's.")


@app.command()
def targets(pairs: Pairs, work: Work, teacher_path: Teacher = None) -> None:
    """The teacher's vectors of all English sides."""
    model = teacher.load_teacher(teacher_path)
    for name, group in read_all(pairs):
        for done, of in teacher.encode_to_cache([p.english for p in group], model, work / "targets" / name):
            print(f"{name}: shard {done} of {of}", flush=True)


@app.command()
def student(pairs: Pairs, work: Work, layers: Layers = "", teacher_path: Teacher = None) -> None:
    """Stage 1: distil the teacher into the bilingual student; stops and goes on at a checkpoint."""
    _distil(pairs, work, "student", _start(work, teacher_path, layers), layers)


@app.command()
def refine(
    pairs: Pairs, work: Work, layers: Layers = "", teacher_path: Teacher = None, start_from: StartFrom = None
) -> None:
    """Stage 1 once more, slower, closer to the teacher, with more of the long texts; from the student or a model."""
    body = _start(work, teacher_path, layers, start_from)
    if not start_from:
        _load(body, work / f"student{_suffix(layers)}.pt")
    _distil(pairs, work, "refine", body, layers)


@app.command()
def domain(pairs: Pairs, work: Work, layers: Layers = "", teacher_path: Teacher = None) -> None:
    """Stage 2: tune the student on our articles and support groups, held by its stage-1 vectors."""
    import torch

    from indexer.training import domain as stage

    config = settings()
    schedule = stage.DomainSchedule(seed=config["seed"], **config["domain"])
    body = _start(work, teacher_path, layers)
    _load(body, work / f"refine{_suffix(layers)}.pt")
    stage.tune(
        body, _tokenizer(work, schedule.tokens_max), _own(),
        _replayed(read_material(pairs, work), schedule.replay * schedule.steps, config["seed"]),
        schedule, lambda step, loss: _print_step("domain", step, schedule.steps, loss),
    )  # fmt: skip
    torch.save({"body": body.state_dict()}, work / f"domain{_suffix(layers)}.pt")


@app.command()
def static(pairs: Pairs, work: Work) -> None:
    """The static model, from the same pairs and vocabulary."""
    from indexer.training.static import save_static, train_static

    config = settings()
    tokenizer = _tokenizer(work, EMBEDDED_MAX)
    vectors = train_static(
        tokenizer, read_material(pairs, work), seed=config["seed"],
        report=lambda step, of, loss: _print_step("static", step, of, loss), **config["static"],
    )  # fmt: skip
    save_static(vectors, tokenizer, work / "krupier-static")


@app.command()
def export(
    work: Work,
    name: Annotated[str, typer.Option(help="Name of the bundled model.")] = "krupier-mini",
    stage: str = "domain",
    to: Annotated[Path | None, typer.Option(help="Another folder than that of the bundled models.")] = None,
    layers: Layers = "",
    teacher_path: Teacher = None,
) -> None:
    """Put a trained model beside the bundled ones, with its checksum; commit it only when it is final."""
    from indexer.encoder import BUNDLED, CHECKSUM_FILE, folder_checksum
    from indexer.training import student as saving

    target = (to or BUNDLED) / name
    card = (target / "README.md").read_text("utf-8") if (target / "README.md").exists() else None
    made = work / name
    if stage != "static":
        body = _start(work, teacher_path, layers)
        _load(body, work / f"{stage}.pt")
        if stage == "domain":
            before = _start(work, teacher_path, layers)
            _load(before, work / f"refine{_suffix(layers)}.pt")
            saving.blend(body, before, settings()["export"]["domain_share"])
        tokenizer = _tokenizer(work, EMBEDDED_MAX)
        tokenizer.no_truncation()
        saving.save_as_sentence_transformer(body, tokenizer, made, EMBEDDED_MAX)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(made, target)
    if card:
        (target / "README.md").write_text(card, "utf-8")
    (target / CHECKSUM_FILE).write_text(folder_checksum(target) + "\n")
    print(f"{target}: {sum(p.stat().st_size for p in target.rglob('*') if p.is_file()) / 1e6:.1f} MB")


def _start(work: Path, teacher_path: str | None, layers: str, exported: Path | None = None) -> Any:
    """The student before its first step, or as it was exported."""
    from indexer.training.student import build_body, load_exported

    kept = [int(layer) for layer in layers.split(",")] if layers else None
    model = teacher.load_teacher(teacher_path)
    if exported is None:
        return build_body(model, np.load(work / "start.npy").astype(np.float32), kept)
    pieces = json.loads((work / "pieces.json").read_text("utf-8"))
    body = build_body(model, np.zeros((len(pieces), model.get_embedding_dimension()), np.float32), kept)
    load_exported(body, exported)
    return body


def _load(body: Any, checkpoint: Path) -> None:
    import torch

    body.load_state_dict(torch.load(checkpoint, weights_only=True, map_location="cpu")["body"])


def _suffix(layers: str) -> str:
    return layers.replace(",", "")


def _distil(pairs: Path, work: Path, stage_name: str, body: Any, layers: str) -> None:
    from indexer.training import student as stage

    config = settings()
    chosen = dict(config[stage_name])
    material = read_material(pairs, work, **chosen.pop("weights", {}))
    schedule = stage.Schedule(seed=config["seed"], **chosen)
    stage.distil(
        body, _tokenizer(work, schedule.tokens_max), material, schedule, work / f"{stage_name}{_suffix(layers)}.pt",
        lambda step, loss: _print_step(stage_name, step, schedule.steps, loss),
    )  # fmt: skip


@app.command("screen")
def fit_shipped_screen(work: Work, name: str = "krupier-mini") -> None:
    """Fit a bundled model's screen on the examples as they are now, to be shipped with it (15 minutes, processor)."""
    from indexer.encoder import Encoder
    from indexer.screen import fit_screen
    from indexer.screen_fitting import learnt
    from indexer.shipped_screen import SHIPPED, save_screen
    from indexer.sources import embed, read_sources, screen_examples
    from indexer.vectors import VectorCache

    work.mkdir(parents=True, exist_ok=True)
    encoder = Encoder(name)
    sources = read_sources(read_knowledge_base())
    cache = VectorCache(work, encoder)
    examples, vectors = screen_examples(sources, embed(sources, cache, _print_progress, with_examples=True))
    cache.save()
    print(f"Fitting the screen on {len(examples)} messages ...", flush=True)
    screen = fit_screen([m.q for m in examples], vectors, learnt(examples))
    save_screen(SHIPPED / f"{name}.npz", screen, encoder.checksum, sources.examples)
    print(f"{SHIPPED / f'{name}.npz'} written.", flush=True)


def _own() -> Any:
    from indexer.training.domain import OwnTexts

    faq = [[e["q_en"], e["q_pl"], e["a_en"], e["a_pl"]] for e in own_texts.faq()]
    return OwnTexts(own_texts.articles(), own_texts.support_groups(), faq, own_texts.screening_messages())


def _replayed(material: Material, count: int, seed: int) -> Material:
    """As many texts of stage 1 as stage 2 replays, drawn as stage 1 draws them."""
    drawn = np.random.default_rng(seed).choice(len(material.polish), count, p=material.weights / material.weights.sum())
    return Material(
        [material.english[i] for i in drawn], [material.polish[i] for i in drawn],
        material.targets[drawn], material.weights[drawn],
    )  # fmt: skip


def _tokenizer(work: Path, tokens_max: int) -> Any:
    return vocabulary.build_tokenizer(json.loads((work / "pieces.json").read_text("utf-8")), tokens_max)


def _print_progress(what: str, done: int, of: int) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}: {done} of {of}", flush=True)


def _print_step(name: str, step: int, steps: int, loss: Any) -> None:
    if step % 25 == 0 or step == steps:
        print(f"{time.strftime('%H:%M:%S')} {name}: step {step} of {steps}, loss {float(loss):.4f}", flush=True)


if __name__ == "__main__":
    app()
