"""A published index on disk: written beside and put in place by renaming, opened only if everything fits."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bot.bot import Limits
from bot.confidence import Confidence, Logistic
from bot.ranking import Ranking
from bot.screening import Label, Screening
from bot.signs import Signs
from indexer.corpus import Corpus, Kind, Line
from indexer.encoder import Encoder
from indexer.errors import IndexMismatchError, IndexMissingError, IndexNotWritableError
from indexer.languages import leanings_of
from indexer.manifest import Manifest
from indexer.postings import Floats, Postings
from indexer.screen import ScreenModel
from indexer.views import Views
from knowledge_base.article import Language, RiskClass
from knowledge_base.facts import Fact
from knowledge_base.published import PublishedArticle, from_json, to_json
from knowledge_base.signs import signs_from_json, signs_to_json

CURRENT = "current"
LANGUAGES = "languages.json"
POSTINGS = ("ngram_article", "ngram_phrasing", "stem_article", "stem_phrasing")
VERSIONS_KEPT = 6  # so that one can go back to a former one at once, also after some quick corrections


@dataclass(frozen=True)
class Fitted:
    """The plain numbers that a build finds."""

    ranking: Ranking
    confidence: Confidence
    limits: Limits
    screening: Screening


@dataclass(frozen=True)
class PublishedIndex:
    """Everything a bot is built from."""

    articles: Mapping[str, PublishedArticle]
    facts: Mapping[str, Fact]
    views: Views
    screen: ScreenModel
    fitted: Fitted
    leanings: Mapping[str, float]  # word -> how Polish it is, see languages.py


def write_index(home: Path, version: str, index: PublishedIndex, manifest_of: Any, *, is_current: bool = True) -> Path:
    """Write the index as a new version under `home`, make it the current one, and remove all but the latest few.

    `manifest_of(files)` gives the manifest for the written files' checksums. IndexNotWritableError if it cannot be.
    """
    folder = home / version
    beside = home / f".{version}.{os.getpid()}"
    try:
        beside.mkdir(parents=True)
        _write_content(beside, index)
        _write_views(beside, index.views)
        _write_fitted(beside, index.fitted, index.screen)
        (beside / LANGUAGES).write_text(json.dumps(index.leanings, ensure_ascii=False), "utf-8")
        manifest_of({p.name: _checksum(p) for p in sorted(beside.iterdir())}).write(beside)
        if folder.exists():
            shutil.rmtree(folder)
        beside.rename(folder)
        if is_current:
            point_to(home, version)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise IndexNotWritableError(
            f"The index cannot be written to {home} ({error.strerror or error}). "
            "Make the folder writable or set KRUPIER_DATA to another one."
        ) from error
    _remove_old(home, version)
    return folder


def point_to(home: Path, version: str) -> None:
    """Make a version the current one, in one step."""
    pointer = home / f".{CURRENT}.{os.getpid()}"
    pointer.write_text(version)
    pointer.replace(home / CURRENT)


def open_index(home: Path, encoder: Encoder, version: str = "") -> tuple[PublishedIndex, Manifest]:
    """An index, else the current one; IndexMissingError if there is none, IndexMismatchError if it does not fit."""
    folder = home / version if version else current_folder(home)
    if not folder.is_dir():
        raise IndexMissingError(f"There is no index {version} in {home}. Build one: krupier index build")
    manifest = Manifest.read(folder)
    _refuse_other_model(manifest, encoder)
    for name, expected in manifest.files.items():
        if not (folder / name).exists() or _checksum(folder / name) != expected:
            raise IndexMismatchError(
                f"The file {name} of the index in {folder} is missing or changed. Build it again: krupier index build"
            )
    content = json.loads((folder / "content.json").read_text("utf-8"))
    numbers = json.loads((folder / "fitted.json").read_text("utf-8"))
    with np.load(folder / "screen.npz") as arrays:
        screen = ScreenModel.from_arrays(arrays)
    facts = {name: _fact_from_json(name, entry) for name, entry in content["facts"].items()}
    articles = from_json(content["articles"])
    words = folder / LANGUAGES  # an index made before this file came can be read without it
    leanings = json.loads(words.read_text("utf-8")) if words.exists() else leanings_of(articles.values())
    index = PublishedIndex(articles, facts, _read_views(folder), screen, _fitted_from_json(numbers), leanings)
    return index, manifest


def current_folder(home: Path) -> Path:
    """Where the current version is; IndexMissingError if there is none."""
    pointer = home / CURRENT
    if not pointer.exists() or not (home / pointer.read_text().strip()).is_dir():
        raise IndexMissingError(f"There is no index in {home} yet. Build one: krupier index build")
    return home / pointer.read_text().strip()


def _refuse_other_model(manifest: Manifest, encoder: Encoder) -> None:
    if manifest.dimension != encoder.dimension:
        raise IndexMismatchError(
            f"The index was built with the model '{manifest.model}' of {manifest.dimension} dimensions, but the model "
            f"'{encoder.name}' has {encoder.dimension}. Build it again with this model (krupier index build), "
            f"or set KRUPIER_MODEL={manifest.model}."
        )
    if manifest.model_checksum != encoder.checksum:
        raise IndexMismatchError(
            f"The index was built with the model '{manifest.model}' ({manifest.model_checksum[:12]}), but the model "
            f"now is '{encoder.name}' ({encoder.checksum[:12]}): its limits would not hold. "
            "Build it again: krupier index build"
        )


def _write_content(folder: Path, index: PublishedIndex) -> None:
    facts = {
        name: {
            "value": fact.value.isoformat() if isinstance(fact.value, date) else fact.value,
            "unit": fact.unit,
            "source": fact.source,
            "checked": fact.checked.isoformat(),
        }
        for name, fact in sorted(index.facts.items())
    }
    content = {"articles": to_json(index.articles[i] for i in sorted(index.articles)), "facts": facts}
    (folder / "content.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")


def _fact_from_json(name: str, entry: Mapping[str, Any]) -> Fact:
    value = date.fromisoformat(entry["value"]) if entry["unit"] == "date" else entry["value"]
    return Fact(name, value, entry["unit"], entry["source"], date.fromisoformat(entry["checked"]))


def _write_views(folder: Path, views: Views) -> None:
    import faiss

    faiss.write_index(views.lines, str(folder / "lines.faiss"))
    faiss.write_index(views.centroids, str(folder / "centroids.faiss"))
    np.save(folder / "classifier.npy", views.classifier)
    corpus = {
        "ids": list(views.corpus.ids),
        "lines": [[line.article, line.language.value, line.kind.value, line.text] for line in views.corpus.lines],
    }
    (folder / "corpus.json").write_text(json.dumps(corpus, ensure_ascii=False), "utf-8")
    for name in POSTINGS:
        postings: Postings = getattr(views, name)
        np.savez(folder / f"{name}.npz", **postings.to_arrays())  # type: ignore[arg-type]
        (folder / f"{name}.terms").write_text("\n".join(postings.terms), "utf-8")


def _read_views(folder: Path) -> Views:
    import faiss

    raw = json.loads((folder / "corpus.json").read_text("utf-8"))
    lines = tuple(Line(article, Language(language), Kind(kind), text) for article, language, kind, text in raw["lines"])
    postings = {}
    for name in POSTINGS:
        with np.load(folder / f"{name}.npz") as arrays:
            terms = (folder / f"{name}.terms").read_text("utf-8").split("\n")
            postings[name] = Postings.from_arrays(terms, dict(arrays))
    classifier: Floats = np.load(folder / "classifier.npy")
    return Views(
        Corpus(tuple(raw["ids"]), lines),
        faiss.read_index(str(folder / "lines.faiss")),
        faiss.read_index(str(folder / "centroids.faiss")),
        classifier,
        **postings,
    )


def _write_fitted(folder: Path, fitted: Fitted, screen: ScreenModel) -> None:
    numbers = {
        "ranking": dict(fitted.ranking.weights),
        "first": {
            "coefficients": dict(fitted.confidence.first.coefficients),
            "intercept": fitted.confidence.first.intercept,
        },
        "three": {
            "coefficients": dict(fitted.confidence.three.coefficients),
            "intercept": fitted.confidence.three.intercept,
        },
        "answer": {lang.value: {r.value: x for r, x in by.items()} for lang, by in fitted.limits.answer.items()},
        "clarify": fitted.limits.clarify,
        "screening": {label.value: limit for label, limit in fitted.screening.limits.items()},
        "unanswered": fitted.screening.unanswered,
        "signs": signs_to_json(fitted.screening.signs.all),
    }
    (folder / "fitted.json").write_text(json.dumps(numbers, indent=1, ensure_ascii=False), "utf-8")
    np.savez(folder / "screen.npz", **screen.to_arrays())  # type: ignore[arg-type]


def _fitted_from_json(numbers: Mapping[str, Any]) -> Fitted:
    return Fitted(
        Ranking(numbers["ranking"]),
        Confidence(Logistic(**numbers["first"]), Logistic(**numbers["three"])),
        Limits(
            {
                Language(lang): {RiskClass(risk): limit for risk, limit in by_risk.items()}
                for lang, by_risk in numbers["answer"].items()
            },
            numbers["clarify"],
        ),
        Screening(
            {Label(label): limit for label, limit in numbers["screening"].items()},
            Signs(signs_from_json(numbers["signs"])),
            numbers.get("unanswered"),  # an index made before there was this limit has none
        ),
    )


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remove_old(home: Path, written: str) -> None:
    """Never the current one: what was written just now may not be published yet."""
    pointer = home / CURRENT
    kept = {written, pointer.read_text().strip() if pointer.exists() else ""}
    versions = sorted((p for p in home.iterdir() if (p / "manifest.json").exists()), key=lambda p: p.stat().st_mtime)
    for old in [p for p in versions if p.name not in kept][: -(VERSIONS_KEPT - len(kept))]:
        shutil.rmtree(old, ignore_errors=True)
