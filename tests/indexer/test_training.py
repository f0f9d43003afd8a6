"""Training of the bundled models: losses worked by hand, batches that repeat, and a tiny run of each stage."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from indexer.training.corpus import (
    JOINABLE_MIN,
    Material,
    Pair,
    joined_pairs,
    read_pairs,
    sampling_weights,
    with_typing_noise,
)
from indexer.training.domain import DomainSchedule, OwnTexts, contrastive_loss, tune
from indexer.training.own_texts import screening_messages
from indexer.training.static import train_static
from indexer.training.student import (
    BLOCK,
    PADDED_TO,
    Batches,
    Schedule,
    blend,
    cosine_rate,
    distil,
    distillation_loss,
    embed,
    load_exported,
    tokenize,
)
from indexer.training.vocabulary import SPECIALS, build_tokenizer
from knowledge_base.reading import SHIPPED

DIMENSION = 16
WORDS = "ile trwa wyplata jak zmienic haslo gdzie moje spiny how long does a payout take where are my the to"
EAST, NORTH = (1.0, 0.0), (0.0, 1.0)
SCHEDULE = Schedule(
    steps=6, batch_size=4, learning_rate=1e-2, temperature=0.05, closeness=2.0, noise_share=0.5, tokens_max=16,
    checkpoint_steps=2, workers=0, seed=7,
)  # fmt: skip
DOMAIN = DomainSchedule(
    steps=4, groups=2, faq=1, messages=4, message_weight=0.3, replay=2, learning_rate=1e-2, temperature=0.07, pull=1.0,
    tokens_max=16, seed=7,
)  # fmt: skip


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Sums in one order, so that numbers repeat."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    letters = [*"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz")]
    return build_tokenizer([*SPECIALS, *dict.fromkeys(WORDS.split()), *(c for c in letters if c != "a")], 16)


def body(tokenizer: Any, seed: int = 0) -> Any:
    """A random BERT of one small layer."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=DIMENSION, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False)


def material(count: int = 12) -> Material:
    """Pairs of random words of different lengths, with unit vectors for targets."""
    rng = np.random.default_rng(3)
    words = WORDS.split()
    polish = [" ".join(rng.choice(words, 1 + n % 6)) for n in range(count)]
    english = [" ".join(rng.choice(words, 1 + n % 6)) for n in range(count)]
    targets = rng.normal(size=(count, DIMENSION))
    targets /= np.linalg.norm(targets, axis=1, keepdims=True)
    return Material(english, polish, targets.astype(np.float16), np.arange(1.0, count + 1))


def weights_of(model: Any) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def is_same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def contrastive(vectors: list[tuple[float, float]], meaning: list[int], temperature: float = 1.0) -> float:
    return float(contrastive_loss(torch.tensor(vectors), torch.tensor(meaning), temperature))


# Losses


def test_the_contrastive_loss_of_two_pairs_by_hand() -> None:
    # each text has its partner at 1 and two others at 0: -log(e / (e + 1 + 1)) = log(1 + 2 / e)
    assert contrastive([EAST, EAST, NORTH, NORTH], [0, 0, 1, 1]) == pytest.approx(math.log(1 + 2 / math.e), abs=1e-5)


def test_a_lower_temperature_sharpens_it() -> None:
    # similarities of 1 and 0 become 2 and 0
    expected = math.log(1 + 2 / math.e**2)
    assert contrastive([EAST, EAST, NORTH, NORTH], [0, 0, 1, 1], 0.5) == pytest.approx(expected, abs=1e-5)


def test_with_several_texts_of_one_meaning_the_mean_over_them_counts_and_a_lone_text_costs_nothing() -> None:
    # each of three finds two partners at 1 and a stranger at 0: log(2 + 1 / e) to either; the stranger has none
    expected = (3 * math.log(2 + 1 / math.e) + 0) / 4
    assert contrastive([EAST, EAST, EAST, NORTH], [0, 0, 0, 1]) == pytest.approx(expected, abs=1e-5)


def test_partners_at_different_distances_cost_their_mean() -> None:
    # from the first: partners at 1 and 0, no others: (log(1 + 1 / e) + log(1 + e)) / 2; the same from the second;
    # from the third both partners are at 0: log 2
    near, far = math.log(1 + 1 / math.e), math.log(1 + math.e)
    expected = ((near + far) / 2 * 2 + math.log(2)) / 3
    assert contrastive([EAST, EAST, NORTH], [5, 5, 5]) == pytest.approx(expected, abs=1e-5)


def test_without_any_two_texts_of_one_meaning_there_is_nothing_to_learn() -> None:
    assert contrastive([EAST, NORTH], [0, 1]) == 0


def test_the_order_of_texts_and_the_numbers_of_meanings_do_not_matter() -> None:
    rng = np.random.default_rng(0)
    vectors = torch.nn.functional.normalize(torch.tensor(rng.normal(size=(9, 4)), dtype=torch.float32), dim=1)
    meaning = torch.tensor([0, 0, 0, 1, 1, 2, 2, 3, 4])
    order = torch.tensor(rng.permutation(9))
    plain = float(contrastive_loss(vectors, meaning, 0.07))
    assert float(contrastive_loss(vectors[order], meaning[order] * 10 + 3, 0.07)) == pytest.approx(plain, rel=1e-4)


def test_the_contrastive_loss_pulls_partners_together_with_finite_gradients() -> None:
    vectors = torch.tensor([EAST, (0.6, 0.8), NORTH], requires_grad=True)
    contrastive_loss(vectors, torch.tensor([0, 0, 1]), 0.05).backward()
    assert vectors.grad is not None
    assert torch.isfinite(vectors.grad).all()
    assert vectors.grad[0, 0] < 0  # down the gradient the first goes further towards the second's side


def test_the_distillation_loss_by_hand() -> None:
    east_north, north_east = torch.tensor([EAST, NORTH]), torch.tensor([NORTH, EAST])
    # at the targets: no distance, and each is found among two at 1 and 0
    found = math.log(1 + 1 / math.e)
    assert float(distillation_loss(east_north, east_north, 1.0)) == pytest.approx(found, abs=1e-5)
    # at each other's targets: a cosine distance of 1, weighed, and -log(1 / (1 + e)) to find the right one
    swapped = math.log(1 + math.e)
    assert float(distillation_loss(east_north, north_east, 1.0, 2.0)) == pytest.approx(2 + swapped, abs=1e-5)
    assert float(distillation_loss(east_north, north_east, 1.0, 6.0)) == pytest.approx(6 + swapped, abs=1e-5)
    assert float(distillation_loss(east_north, north_east, 1.0, 0.0)) == pytest.approx(swapped, abs=1e-5)


def test_a_single_text_is_found_for_certain_and_only_its_distance_counts() -> None:
    # cosine 0.6
    assert float(distillation_loss(torch.tensor([EAST]), torch.tensor([(0.6, 0.8)]), 0.05)) == pytest.approx(
        0.8, abs=1e-5
    )


@pytest.mark.parametrize(
    ("step", "rate"),
    [(0, 0.1), (4, 0.5), (9, 1.0), (105, 0.51), (200, 0.01), (10_000, 0.01)],  # 10 steps of warming up, 190 of cooling
)
def test_the_learning_rate_warms_up_and_then_follows_half_a_cosine(step: int, rate: float) -> None:
    assert cosine_rate(step, 200) == pytest.approx(rate, abs=1e-6)


@pytest.mark.parametrize("steps", [1, 2, 19, 20, 500])
def test_the_learning_rate_rises_once_and_falls_once_and_never_stops(steps: int) -> None:
    rates = [cosine_rate(step, steps) for step in range(steps)]
    top = rates.index(max(rates))
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert min(rates) > 0


# Pairs


def test_pairs_are_read_plain_or_gzipped_and_a_short_line_is_named(tmp_path: Path) -> None:
    text = "Save changes?\tZapisać zmiany?\torg/app\nDone\tGotowe „już”\tMicrosoftDocs/x\n"
    (tmp_path / "pairs.tsv").write_text(text, encoding="utf-8")
    with gzip.open(tmp_path / "pairs.tsv.gz", "wt", encoding="utf-8") as stream:
        stream.write(text)
    read = read_pairs(tmp_path / "pairs.tsv")
    assert read == read_pairs(tmp_path / "pairs.tsv.gz") == [
        Pair("Save changes?", "Zapisać zmiany?", "org/app"), Pair("Done", "Gotowe „już”", "MicrosoftDocs/x"),
    ]  # fmt: skip
    (tmp_path / "pairs.tsv").write_text(text + "only\ttwo\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"pairs\.tsv:3: three tab-separated fields"):
        read_pairs(tmp_path / "pairs.tsv")


def test_questions_weigh_more_documentation_less_and_long_lines_nothing() -> None:
    pairs = [
        Pair("Done", "Gotowe", "org/app"), Pair("Done?", "Gotowe? ", "org/app"), Pair("Done", "Gotowe", "org/docs"),
        Pair("Done?", "Gotowe?", "org/docs"), Pair("a b c", "a", "org/app"), Pair("a", "a b c", "org/app"),
    ]  # fmt: skip
    assert list(sampling_weights(pairs, 2, 0.5, 3.0)) == [1.0, 3.0, 0.5, 1.5, 0.0, 0.0]
    assert list(sampling_weights([], 2, 0.5, 3.0)) == []


def many_pairs(source: str, count: int, words: int = 1) -> list[Pair]:
    return [
        Pair(f"{source}-e{n}" + " e" * (words - 1), f"{source}-p{n}" + " p" * (words - 1), source) for n in range(count)
    ]


def test_joined_texts_are_two_to_six_pairs_of_one_source_the_same_ones_on_both_sides() -> None:
    joined = joined_pairs([*many_pairs("big", 100), *many_pairs("other", 150), *many_pairs("few", 99)], 200, 90, seed=1)
    assert len(joined) == 200
    assert {pair.source for pair in joined} == {"big", "other"}  # a source of fewer than a hundred is left out
    for pair in joined:
        english, polish = pair.english.split(), pair.polish.split()
        assert 2 <= len(polish) <= 6
        assert len(set(polish)) == len(polish)
        assert [part.replace("-e", "-p") for part in english] == polish
        assert all(part.startswith(f"{pair.source}-p") for part in polish)


def test_joined_texts_keep_to_the_most_words() -> None:
    joined = joined_pairs(many_pairs("big", 100, words=10), 100, 35, seed=1)
    assert {len(pair.polish.split()) for pair in joined} == {20, 30}


def test_without_a_source_of_many_pairs_no_texts_are_joined() -> None:
    assert joined_pairs(many_pairs("few", JOINABLE_MIN - 1), 5, 90, seed=1) == []
    assert len(joined_pairs(many_pairs("enough", JOINABLE_MIN), 5, 90, seed=1)) == 5
    assert joined_pairs([], 5, 90, seed=1) == []


def test_joining_repeats_for_a_seed_and_differs_for_another() -> None:
    pairs = many_pairs("big", 100)
    assert joined_pairs(pairs, 20, 90, seed=1) == joined_pairs(pairs, 20, 90, seed=1)
    assert joined_pairs(pairs, 20, 90, seed=1) != joined_pairs(pairs, 20, 90, seed=2)
    assert joined_pairs(pairs, 0, 90, seed=1) == []


@pytest.mark.parametrize(
    "text", ["", "a", "??", "\U0001f600", "Ile trwa wypłata na kartę, proszę pilnie o odpowiedź!", "x" * 500]
)
def test_hurried_typing_changes_little_and_repeats_for_a_seed(text: str) -> None:
    typed = [with_typing_noise(text, random.Random(seed)) for seed in range(200)]
    assert typed == [with_typing_noise(text, random.Random(seed)) for seed in range(200)]
    signs = sum(not c.isalnum() and not c.isspace() for c in text)
    assert all(len(text) - max(3, signs) <= len(one) <= len(text) + 3 for one in typed)
    assert text in typed


def test_no_crisis_or_lookalike_that_judges_or_tests_the_screen_is_trained_on() -> None:
    trained = {text for text, _label in screening_messages()}
    assert len(trained) > 500
    kept_apart = [*(SHIPPED / "screening" / "judging").glob("*.jsonl"), *(SHIPPED / "test").rglob("messages.jsonl")]
    entries = [json.loads(line) for path in kept_apart for line in path.read_text("utf-8").splitlines()]
    telling = [entry["q"] for entry in entries if entry["label"] in {"crisis", "lookalike"}]
    assert len(telling) > 100
    assert [text for text in telling if text in trained] == []  # of greetings some are the same everywhere


# Tokens and batches


def test_tokens_are_padded_in_eights_and_cut_at_the_most(tokenizer: Any) -> None:
    ids, mask = tokenize(tokenizer, ["ile trwa wypłata", "", "jak " * 50], 16)
    assert ids.shape == mask.shape == (3, 16)
    assert mask.sum(1).tolist() == [5, 2, 16]  # with the marks at both ends
    short, _ = tokenize(tokenizer, ["ile"], 16)
    assert short.shape == (1, PADDED_TO)
    narrow, narrow_mask = tokenize(tokenizer, ["jak " * 50], 5)
    assert (narrow.shape, int(narrow_mask.sum())) == ((1, 5), 5)


def same_batch(one: Any, other: Any) -> bool:
    flat = [[*batch[0], *batch[1], batch[2]] for batch in (one, other)]
    return all(torch.equal(a, b) for a, b in zip(*flat, strict=True))


def test_a_batch_is_always_the_same_for_a_seed_in_whatever_order_it_is_asked_for(tokenizer: Any) -> None:
    forward, backward = (Batches(material(40), tokenizer, SCHEDULE) for _ in range(2))
    steps = range(2 * BLOCK)
    first = {step: forward[step] for step in steps}
    again = {step: backward[step] for step in reversed(steps)}
    assert [step for step in steps if not same_batch(first[step], again[step])] == []
    other = Batches(material(40), tokenizer, replace(SCHEDULE, seed=8))
    assert not all(same_batch(first[step], other[step]) for step in range(BLOCK))
    assert len(forward) == SCHEDULE.steps


def test_no_pair_stands_twice_in_a_batch_and_none_of_no_weight_ever(tokenizer: Any) -> None:
    pairs = material(40)
    pairs.weights[::2] = 0
    batches = Batches(pairs, tokenizer, replace(SCHEDULE, batch_size=8))
    weightless = {tuple(row) for row in pairs.targets[::2].astype(np.float32).tolist()}
    for step in range(BLOCK):
        polish, english, target = batches[step]
        rows = [tuple(row) for row in target.tolist()]
        assert len(set(rows)) == len(rows) == len(polish[0]) == len(english[0]) <= 8
        assert weightless & set(rows) == set()


def test_without_noise_a_batch_holds_both_sides_of_a_pair_with_its_target(tokenizer: Any) -> None:
    pairs = material(12)
    polish, english, target = Batches(pairs, tokenizer, replace(SCHEDULE, noise_share=0.0))[0]
    for row, vector in enumerate(target):
        (i,) = np.flatnonzero((pairs.targets.astype(np.float32) == vector.numpy()).all(axis=1))
        for (ids, mask), text in ((polish, pairs.polish[i]), (english, pairs.english[i])):
            assert ids[row][mask[row].bool()].tolist() == tokenizer.encode(text).ids


def test_vectors_are_of_unit_length_and_padding_changes_nothing(tokenizer: Any) -> None:
    model = body(tokenizer).eval()
    with torch.no_grad():
        together = embed(model, tokenize(tokenizer, ["ile trwa", "jak " * 12, ""], 16))
        alone = embed(model, tokenize(tokenizer, ["ile trwa"], 16))
    assert together.norm(dim=1).tolist() == pytest.approx([1, 1, 1], abs=1e-4)
    assert float((together[0] * alone[0]).sum()) == pytest.approx(1, abs=1e-2)  # computed in half precision


# The stages, tiny


def test_distilling_comes_closer_to_the_targets(tokenizer: Any, tmp_path: Path) -> None:
    model, losses = body(tokenizer), []
    schedule = replace(SCHEDULE, steps=40, noise_share=0.0, checkpoint_steps=100)
    distil(
        model, tokenizer, material(4), schedule, tmp_path / "student.pt", lambda _step, loss: losses.append(float(loss))
    )
    assert len(losses) == 40
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])
    assert (tmp_path / "student.pt").exists()
    assert list(tmp_path.glob("*.part")) == []


def test_distilling_goes_on_from_where_a_stop_left_it_to_the_very_same_weights(tokenizer: Any, tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop_at_five(step: int, _loss: Any) -> None:
        if step == 5:
            raise StoppedError

    whole, steps = body(tokenizer), []
    distil(whole, tokenizer, material(), SCHEDULE, tmp_path / "whole.pt", lambda _step, _loss: None)
    stopped = body(tokenizer)
    with pytest.raises(StoppedError):
        distil(stopped, tokenizer, material(), SCHEDULE, tmp_path / "parts.pt", stop_at_five)
    continued = body(tokenizer, seed=99)
    distil(continued, tokenizer, material(), SCHEDULE, tmp_path / "parts.pt", lambda step, _loss: steps.append(step))
    assert steps == [5, 6]
    assert is_same(weights_of(whole), weights_of(continued))
    assert not is_same(weights_of(whole), weights_of(body(tokenizer)))


def own_texts() -> OwnTexts:
    return OwnTexts(
        articles=[
            ["ile trwa wyplata", "how long does a payout take", "wyplata"],
            ["jak zmienic haslo", "haslo", "zmienic"],
        ],
        groups=[["gdzie moje spiny", "where are my spiny"], ["ile", "how long"], ["jak", "how"]],
        faq=[["trwa", "take", "long"]],
        messages=[("jak zmienic", "ordinary"), ("gdzie moje", "crisis_life"), ("wyplata", "ordinary")],
    )


def closeness(model: Any, tokenizer: Any) -> float:
    """How much nearer the texts of one article are to one another than to those of the other."""
    articles = own_texts().articles
    with torch.no_grad():
        vectors = embed(model, tokenize(tokenizer, [line for lines in articles for line in lines], 16))
    cosines = vectors @ vectors.T
    own, other = cosines[:3, :3].sum() + cosines[3:, 3:].sum() - 6, cosines[:3, 3:].sum() * 2
    return float(own / 12 - other / 18)


def test_tuning_brings_texts_of_one_meaning_together_and_apart_from_others(tokenizer: Any) -> None:
    model, steps = body(tokenizer), []
    before = closeness(model, tokenizer)
    schedule = replace(DOMAIN, steps=30, replay=0, pull=0.0)
    tune(model, tokenizer, own_texts(), material(1), schedule, lambda step, loss: steps.append((step, float(loss))))
    assert [step for step, _ in steps] == list(range(1, 31))
    assert all(math.isfinite(loss) for _, loss in steps)
    assert closeness(model, tokenizer) > before + 0.2


def test_a_strong_pull_holds_the_vectors_where_they_were(tokenizer: Any) -> None:
    texts = tokenize(tokenizer, ["ile trwa wyplata", "jak zmienic haslo", "gdzie moje spiny", "how long"], 16)
    moved = []
    for pull in (0.0, 100.0):
        model = body(tokenizer)
        with torch.no_grad():
            before = embed(model, texts)
        tune(model, tokenizer, own_texts(), material(), replace(DOMAIN, steps=20, pull=pull, replay=0), lambda *_: None)
        with torch.no_grad():
            moved.append(float((1 - (embed(model, texts) * before).sum(dim=1)).mean()))
    assert moved[1] < 0.5 * moved[0]


def test_tuning_with_messages_and_replay_runs_all_its_steps_and_leaves_no_head_behind(tokenizer: Any) -> None:
    model, losses = body(tokenizer), []
    names = set(model.state_dict())
    tune(model, tokenizer, own_texts(), material(), DOMAIN, lambda _step, loss: losses.append(float(loss)))
    assert len(losses) == DOMAIN.steps
    assert all(math.isfinite(loss) for loss in losses)
    assert set(model.state_dict()) == names


def test_tuning_needs_neither_messages_nor_replay_and_repeats_for_a_seed(tokenizer: Any) -> None:
    bare = replace(DOMAIN, messages=0, replay=0, steps=2)
    texts = replace(own_texts(), messages=[], faq=[])
    models = [body(tokenizer) for _ in range(3)]
    for model, seed in zip(models, (7, 7, 8), strict=True):
        tune(model, tokenizer, texts, material(1), replace(bare, seed=seed), lambda _step, _loss: None)
    first, again, other = map(weights_of, models)
    assert is_same(first, again)
    assert not is_same(first, other)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_a_blend_stands_between_what_was_tuned_and_what_it_was_tuned_from(tokenizer: Any, share: float) -> None:
    tuned, before = body(tokenizer, seed=1), body(tokenizer, seed=2)
    own, earlier = weights_of(tuned), weights_of(before)
    blend(tuned, before, share)
    for name, weights in tuned.named_parameters():
        assert torch.allclose(weights, share * own[name] + (1 - share) * earlier[name], atol=1e-6)
    assert is_same(weights_of(before), earlier)


def test_an_exported_model_is_loaded_in_single_precision_and_another_shape_is_refused(
    tokenizer: Any, tmp_path: Path
) -> None:
    from safetensors.torch import save_file

    exported, loaded = body(tokenizer, seed=1), body(tokenizer, seed=2)
    halves = {name: tensor.half() for name, tensor in exported.state_dict().items()}
    save_file(halves, tmp_path / "model.safetensors")
    load_exported(loaded, tmp_path)
    assert is_same(weights_of(loaded), {name: tensor.float() for name, tensor in halves.items()})
    save_file({name: tensor[..., :1].contiguous() for name, tensor in halves.items()}, tmp_path / "model.safetensors")
    with pytest.raises(RuntimeError, match="size mismatch"):
        load_exported(loaded, tmp_path)


def test_the_static_model_learns_its_pairs_and_repeats_for_a_seed(tokenizer: Any) -> None:
    def trained(seed: int) -> tuple[Any, list[float]]:
        losses: list[float] = []
        vectors = train_static(
            tokenizer, material(8), epochs=20, batch_size=8, learning_rate=0.05, temperature=0.5, seed=seed,
            report=lambda _step, _of, loss: losses.append(loss),
        )  # fmt: skip
        return vectors, losses

    vectors, losses = trained(1)
    assert vectors.shape == (tokenizer.get_vocab_size(), DIMENSION)
    assert len(losses) == 20
    assert losses[-1] < 0.7 * losses[0]
    assert np.array_equal(vectors, trained(1)[0])
    assert not np.array_equal(vectors, trained(2)[0])
