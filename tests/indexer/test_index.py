"""Building, publishing, opening, and every way an index or a model may not fit."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.bot import Limits
from bot.confidence import Confidence, Logistic
from bot.decision import Level, Reason
from bot.ranking import Ranking
from bot.screening import Label, Screening
from bot.signs import Signs
from indexer.assembly import assemble_bot
from indexer.build import BuildOptions, build_index
from indexer.encoder import CHECKSUM_FILE, Encoder
from indexer.errors import (
    ContentError,
    IndexMismatchError,
    IndexMissingError,
    IndexNotWritableError,
    ModelDamagedError,
    ModelMissingError,
)
from indexer.manifest import Manifest
from indexer.published_index import VERSIONS_KEPT, Fitted, current_folder, open_index, write_index
from indexer.retriever import IndexRetriever
from indexer.vectors import VectorCache
from knowledge_base.article import Language, RiskClass
from knowledge_base.reading import read_knowledge_base
from knowledge_base.signs import Sign
from tests.small_base import write_small_base


def silent(_what: str, _done: int, _of: int) -> None:
    """No progress shown."""


def build(base: Path, encoder: Encoder, home: Path) -> Manifest:
    return build_index(read_knowledge_base(base), encoder, BuildOptions(home), silent)


@pytest.fixture(scope="module")
def encoder(tiny_model: Path) -> Encoder:
    return Encoder(str(tiny_model))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def built(base: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One index, built once."""
    home = tmp_path_factory.mktemp("built") / "index"
    build(base, encoder, home)
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    """A copy of the index, to be broken."""
    shutil.copytree(built, tmp_path / "index")
    return tmp_path / "index"


def test_a_published_index_opens_with_everything_it_was_built_from(home: Path, encoder: Encoder) -> None:
    index, manifest = open_index(home, encoder)
    assert sorted(index.articles) == ["account-password-reset", "bonus-free-spins", "withdrawal-time"]
    assert (manifest.counts["articles"], manifest.dimension) == (3, 16)
    retriever = assemble_bot(index, encoder).retriever
    best = max(retriever.retrieve("zapomnialem hasla").candidates, key=lambda c: sum(c.standard.values()))
    assert best.article_id == "account-password-reset"


def test_without_labelled_questions_phrasings_ask_and_too_few_of_them_promise_nothing(home: Path) -> None:
    promises = Manifest.read(current_folder(home)).figures["promises"]
    assert {language: set(by_class) for language, by_class in promises.items()} == {
        language.value: {"auto", "protect"} for language in Language
    }
    for by_class in promises.values():
        automatic, protecting = by_class["auto"], by_class["protect"]
        assert automatic["questions"] > 0
        assert automatic["limit"] > 1 or automatic["answered"] >= 33
        assert automatic["is_met"] is (automatic["limit"] <= 1)
        assert (protecting["questions"], protecting["is_met"], protecting["is_pooled"]) == (0, False, True)
        assert protecting["limit"] > 1


def test_the_limits_and_phrases_of_a_build_are_in_the_bot_that_is_opened(home: Path, encoder: Encoder) -> None:
    index, manifest = open_index(home, encoder)
    bot = assemble_bot(index, encoder)
    assert set(bot.limits.answer) == set(Language)
    assert {tuple(by_class) for by_class in bot.limits.answer.values()} == {(RiskClass.AUTO, RiskClass.PROTECT)}
    assert bot.limits.answer[Language.PL][RiskClass.AUTO] == manifest.figures["promises"]["pl"]["auto"]["limit"]
    assert [sign.words for sign in bot.screening.signs.all] == [("nie", "chc*", "zyc"), ("gambled", "away")]
    assert manifest.counts["signs"] == 2
    decision = bot.reply("Nie chcę już żyć")
    assert (decision.reason, decision.level) == (Reason.CRISIS, Level.LIFE)
    assert bot.reply("I gambled it away").reason is Reason.CRISIS


def test_every_number_and_phrase_survives_being_written_and_opened(home: Path, encoder: Encoder) -> None:
    index, manifest = open_index(home, encoder)
    fitted = Fitted(
        Ranking({"phrasing": 0.1 + 0.2, "fuzzy": 0.0}),
        Confidence(Logistic({"share": 1 / 3}, -1e-17), Logistic({}, 2.5)),
        Limits(
            {
                Language.PL: {RiskClass.AUTO: 0.7123456789012345, RiskClass.PROTECT: 1.01},
                Language.EN: {RiskClass.AUTO: 2 / 3, RiskClass.PROTECT: 0.9},
            },
            clarify=0.61,
        ),
        Screening(
            {Label.CRISIS: 0.1, Label.SMALLTALK: 0.1 + 1e-6},
            Signs([Sign(("ź*", "a"), "pl", "life", "„Ogonki” \U0001f480"), Sign(("b",), "en", "harm", "r")]),
            unanswered=1 / 30,
        ),
    )
    write_index(home, "again", replace(index, fitted=fitted), lambda files: replace(manifest, files=files))
    again, _ = open_index(home, encoder)
    assert again.fitted.ranking == fitted.ranking
    assert again.fitted.confidence == fitted.confidence
    assert again.fitted.limits == fitted.limits
    assert again.fitted.screening.limits == fitted.screening.limits
    assert again.fitted.screening.unanswered == fitted.screening.unanswered
    assert again.fitted.screening.signs.all == fitted.screening.signs.all
    assert again.screen.labels == index.screen.labels
    assert np.array_equal(again.screen.weights, index.screen.weights)
    assert (again.articles, again.facts) == (index.articles, index.facts)


def test_an_index_without_phrases_hears_by_the_screen_alone(home: Path, encoder: Encoder) -> None:
    index, manifest = open_index(home, encoder)
    quiet = replace(index.fitted, screening=Screening(index.fitted.screening.limits))
    write_index(home, "quiet", replace(index, fitted=quiet), lambda files: replace(manifest, files=files))
    assert open_index(home, encoder)[0].fitted.screening.signs.all == ()


def test_an_index_of_before_there_were_two_limits_of_crisis_is_read_with_one(home: Path, encoder: Encoder) -> None:
    index, manifest = open_index(home, encoder)
    assert index.fitted.screening.unanswered is not None
    assert index.fitted.screening.unanswered < index.fitted.screening.limits[Label.CRISIS]
    folder = write_index(home, "older", index, lambda files: replace(manifest, files=files))
    numbers = json.loads((folder / "fitted.json").read_text("utf-8"))
    del numbers["unanswered"]
    (folder / "fitted.json").write_text(json.dumps(numbers), "utf-8")
    files = manifest.files | {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}
    del files["manifest.json"]
    replace(manifest, files=files).write(folder)
    assert open_index(home, encoder)[0].fitted.screening.unanswered is None


def test_a_message_is_screened_once_however_often_it_is_asked_about(home: Path, encoder: Encoder) -> None:
    index, _ = open_index(home, encoder)
    asked: list[str] = []

    class Counting:
        def wide_query(self, text: str) -> np.ndarray:
            asked.append(text)
            return encoder.wide_query(text)

    retriever = IndexRetriever(index.views, Counting(), index.screen)
    first = retriever.screen("hello a")
    for n in range(100):
        retriever.screen(f"hello {n}")
    assert retriever.screen("hello a") == first
    assert asked.count("hello a") == 1


def test_building_again_embeds_nothing_that_did_not_change(base: Path, encoder: Encoder, home: Path) -> None:
    asked: list[int] = []

    class Counting(Encoder):
        def __init__(self) -> None:
            self.__dict__.update(encoder.__dict__)

        def wide_documents(self, texts):  # type: ignore[no-untyped-def]
            asked.append(len(texts))
            return super().wide_documents(texts)

    build(base, Counting(), home)
    assert sum(asked) == 0


def test_a_new_index_replaces_the_current_one_and_few_are_kept(base: Path, encoder: Encoder, home: Path) -> None:
    first = current_folder(home)
    build(base, encoder, home)
    second = current_folder(home)
    assert second != first
    index, manifest = open_index(home, encoder)
    for version in ("third", "fourth", "fifth", "sixth", "seventh"):
        write_index(home, version, index, lambda files: replace(manifest, files=files))
        assert current_folder(home).name == version
    assert len([p for p in home.iterdir() if p.is_dir()]) == VERSIONS_KEPT
    assert not first.exists()


def test_no_index_says_how_to_build_one(tmp_path: Path, encoder: Encoder) -> None:
    with pytest.raises(IndexMissingError, match="krupier index build"):
        open_index(tmp_path, encoder)


def test_a_changed_file_is_named(home: Path, encoder: Encoder) -> None:
    (current_folder(home) / "content.json").write_text("{}")
    with pytest.raises(IndexMismatchError, match=r"content\.json"):
        open_index(home, encoder)


def test_a_torn_manifest_is_refused(home: Path, encoder: Encoder) -> None:
    (current_folder(home) / "manifest.json").write_text('{"schema": 1')
    with pytest.raises(IndexMismatchError, match="manifest"):
        open_index(home, encoder)


def test_another_schema_is_refused(home: Path, encoder: Encoder) -> None:
    path = current_folder(home) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": 99}))
    with pytest.raises(IndexMismatchError, match="schema 99"):
        open_index(home, encoder)


@pytest.mark.parametrize(
    ("differs", "said"),
    [
        ({"dimension": 17}, "16 dimensions, but the model 'another-model' has 17"),
        ({"checksum": "0" * 64}, "limits would not hold"),
    ],
)
def test_another_model_is_refused_and_both_are_named(
    home: Path, encoder: Encoder, differs: dict[str, object], said: str
) -> None:
    class Other(Encoder):
        def __init__(self) -> None:
            self.__dict__.update(encoder.__dict__ | differs | {"name": "another-model"})

    with pytest.raises(IndexMismatchError, match=said):
        open_index(home, Other())


def test_a_folder_that_cannot_be_written_is_named(base: Path, encoder: Encoder, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(IndexNotWritableError, match="KRUPIER_DATA"):
        build(base, encoder, in_the_way / "index")


def test_a_base_without_articles_is_refused(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "articles").mkdir()
    with pytest.raises(ContentError, match="no readable article"):
        build(tmp_path, encoder, tmp_path / "index")


def test_a_fact_missing_from_a_reply_is_found_before_anything_is_published(tmp_path: Path, encoder: Encoder) -> None:
    base = write_small_base(tmp_path)
    (base / "facts.yaml").write_text("{}\n")
    with pytest.raises(ContentError, match="reply"):
        build(base, encoder, tmp_path / "index")


@pytest.mark.parametrize("wrong", ["phrase: x", "- {phrase: Nie, lang: pl, level: life, reason: r}", "- [", "- {}"])
def test_a_broken_phrase_file_is_named_before_anything_is_embedded(
    tmp_path: Path, encoder: Encoder, wrong: str
) -> None:
    base = write_small_base(tmp_path)
    (base / "screening" / "phrases.yaml").write_text(wrong)
    with pytest.raises(ContentError, match=r"phrases\.yaml"):
        build(base, encoder, tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_a_broken_judging_line_is_named(tmp_path: Path, encoder: Encoder) -> None:
    base = write_small_base(tmp_path)
    (base / "screening" / "judging").mkdir()
    (base / "screening" / "judging" / "other.jsonl").write_text('{"q": "x", "lang": "en", "label": "fraud"}\n{}\n')
    with pytest.raises(ContentError, match=r"other\.jsonl:2"):
        build(base, encoder, tmp_path / "index")


def test_a_broken_screening_line_is_named(tmp_path: Path, encoder: Encoder) -> None:
    base = write_small_base(tmp_path)
    (base / "screening" / "broken.jsonl").write_text('{"q": "x", "lang": "en", "label": "nonsense"}\n')
    with pytest.raises(ContentError, match=r"broken.jsonl:1"):
        build(base, encoder, tmp_path / "index")


def test_a_model_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ModelMissingError, match="krupier-static"):
        Encoder("no-such-model")


def test_a_model_changed_after_its_checksum_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "tiny"
    for path in tiny_model.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(tiny_model)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (copy / CHECKSUM_FILE).write_text("0" * 64)
    with pytest.raises(ModelDamagedError, match="checksum"):
        Encoder(str(copy))


def test_a_folder_that_is_no_model_is_damaged_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(os.urandom(64))
    (tmp_path / "modules.json").write_text("not json")
    with pytest.raises(ModelDamagedError, match="cannot be loaded"):
        Encoder(str(tmp_path))


def test_a_wide_vector_has_an_inner_layer_behind_the_vector_alone_or_among_others() -> None:
    encoder = Encoder("krupier-mini")
    assert (encoder.dimension, encoder.wide_dimension) == (384, 768)
    wide = encoder.wide_query("kiedy wypłata")
    assert np.linalg.norm(wide[:384]) == pytest.approx(1)
    assert np.linalg.norm(wide[384:]) == pytest.approx(1)
    assert np.array_equal(encoder.encode_query("kiedy wypłata"), wide[:384])
    together = next(encoder.wide_documents(["a to znacznie dłuższe pytanie o zupełnie co innego", "kiedy wypłata"]))
    assert together[1] == pytest.approx(wide, abs=1e-5)


def test_a_model_without_layers_is_no_wider_than_its_vector(encoder: Encoder) -> None:
    assert encoder.wide_dimension == encoder.dimension == 16


def test_vectors_that_are_kept_are_saved_though_a_build_did_not_ask_for_them(encoder: Encoder, tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, encoder)
    cache.encode(["a", "b", "c"], "x", silent)
    cache.begin()
    cache.encode(["a"], "x", silent)
    cache.keep(["b", "never seen"])
    cache.save()
    asked: list[str] = []
    VectorCache(tmp_path, encoder).encode(["a", "b", "c"], "x", lambda what, done, of: asked.append(f"{done}/{of}"))
    assert asked == ["1/1"]  # c alone is embedded again


def test_a_torn_vector_cache_counts_as_empty(encoder: Encoder, tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, encoder)
    cache.encode(["a"], "x", silent)
    cache.save()
    next(tmp_path.glob("vectors-*.npz")).write_bytes(b"torn")
    assert VectorCache(tmp_path, encoder).encode(["a"], "x", silent).shape == (1, encoder.wide_dimension)
