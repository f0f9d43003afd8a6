"""The screen: its labels, its probabilities by hand, and the limits from which on they count."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.cues import CUES
from bot.decision import Level
from bot.screening import ANSWERED_ODDS, REASON_OF, Label, Screening
from indexer.errors import ContentError
from indexer.neighbours import NEAREST, Neighbours
from indexer.screen import (
    HASHED_ROWS,
    NEAREST_WEIGHT,
    Message,
    ScreenModel,
    features,
    fit_screen,
    out_of_fold,
    read_messages,
    trained_label,
    with_totals,
)
from indexer.screen_fitting import (
    FALSE_ALARMS_MAX,
    JUDGING_MIN,
    LIMIT_MIN,
    LOOKALIKES_MAX,
    ScreenFit,
    Told,
    fit,
    limit_for,
    limits_of,
    may_alarm,
    with_doubt,
)
from knowledge_base.signs import Sign

SIGN = Sign(("nie", "chc*", "zyc"), "pl", "life", "Says so outright.")
WORDS = {
    "ordinary": ("wypłata przelew karta", (1.0, 0.0, 0.0)),
    "lookalike": ("umieram z nudów czekając", (0.9, 0.1, 0.0)),
    "negative": ("pogoda szarlotka mecz", (0.0, 1.0, 0.0)),
    "crisis_harm": ("przegrałem wszystko hazard", (0.0, 0.0, 1.0)),
    "crisis_life": ("skończę ze sobą dzisiaj", (0.0, 0.2, 0.9)),
}


def silent(_what: str, _done: int, _of: int) -> None:
    """No progress shown."""


def messages(count: int, start: int = 0) -> tuple[list[Message], np.ndarray]:
    """So many messages of each label with vectors near its corner, never the same text twice."""
    rng = np.random.default_rng(start)
    made, vectors = [], []
    for label, (words, corner) in WORDS.items():
        for n in range(start, start + count):
            made.append(Message(f"{words} {n}", "pl", label, label.partition("_")[2]))
            vectors.append(np.array(corner) + rng.normal(scale=0.05, size=3))
    return made, np.array(vectors, np.float32)


def told(label: str, crisis: float = 0.0, **more: float) -> Told:
    return Told(Message("q", "pl", label, ""), np.zeros(3, np.float32), {"crisis": crisis, **more})


def model(labels: Sequence[str], shares: Sequence[float], dimension: int = 2) -> ScreenModel:
    """A screen that says the same of every message: no weights, and each label's one example at the origin."""
    weights = np.zeros((dimension + HASHED_ROWS + len(CUES), len(labels)), np.float32)
    alike = Neighbours.of(np.zeros((len(labels), 1), np.float32), np.arange(len(labels)), len(labels))
    return ScreenModel(
        tuple(labels), weights, np.log(np.array(shares, np.float32)), np.zeros((dimension, 1), np.float32), alike
    )


def nearby(examples: Sequence[Sequence[float]], owners: Sequence[int]) -> ScreenModel:
    """A screen of two labels that looks at its nearest examples and at nothing else."""
    near = Neighbours.of(np.array(examples, np.float32), np.array(owners), 2)
    return replace(model(["fraud", "ordinary"], [1, 1]), directions=np.eye(2, dtype=np.float32), neighbours=near)


# Labels


@pytest.mark.parametrize(
    ("label", "kind", "expected"),
    [
        (Label.SMALLTALK, "thanks", "smalltalk_thanks"),
        (Label.CRISIS, "life", "crisis_life"),
        (Label.CRISIS, "lift", "crisis_lift"),
        (Label.CRISIS, "third", "crisis_third"),
        (Label.CRISIS, "harm", "crisis_harm"),
        (Label.CRISIS, "", "crisis_harm"),
        (Label.CRISIS, "debts", "crisis_harm"),
        (Label.CRISIS, "LIFE", "crisis_harm"),
        (Label.FRAUD, "life", "fraud"),
        (Label.ORDINARY, "", "ordinary"),
        (Label.LOOKALIKE, "idiom", "lookalike"),
    ],
)
def test_small_talk_is_learnt_by_kind_and_crisis_by_what_it_is_about(label: Label, kind: str, expected: str) -> None:
    assert trained_label(label, kind) == expected


def test_the_totals_are_the_sums_over_the_kinds_and_the_kinds_stay() -> None:
    kinds = {"crisis_life": 0.1, "crisis_harm": 0.2, "smalltalk_bot": 0.05, "smalltalk_ack": 0.15, "ordinary": 0.5}
    summed = with_totals(kinds)
    assert summed == pytest.approx({**kinds, "crisis": 0.3, "smalltalk": 0.2})
    assert with_totals({"ordinary": 1.0}) == {"ordinary": 1.0, "crisis": 0, "smalltalk": 0}
    assert with_totals({}) == {"crisis": 0, "smalltalk": 0}


def test_the_kinds_that_the_screen_knows_are_those_that_the_bot_tells_apart() -> None:
    assert {trained_label(Label.CRISIS, level.value) for level in Level} == {f"crisis_{level.value}" for level in Level}


# Reading


def written(folder: Path, *lines: str) -> Path:
    path = folder / "messages.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_messages_are_read_with_the_label_to_learn(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        json.dumps({"q": "nie chcę żyć \U0001f62d", "lang": "pl", "label": "crisis", "kind": "life"}),
        json.dumps({"q": "thanks", "lang": "en", "label": "smalltalk", "kind": "thanks"}),
        json.dumps({"q": "stolen", "lang": "en", "label": "fraud"}),
    )
    assert read_messages([path]) == [
        Message("nie chcę żyć \U0001f62d", "pl", "crisis_life", "life"),
        Message("thanks", "en", "smalltalk_thanks", "thanks"),
        Message("stolen", "en", "fraud", ""),
    ]
    assert read_messages([]) == []
    assert len(read_messages([path, path])) == 6


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        "null",
        '{"q": "x", "lang": "en"}',
        '{"q": "x", "label": "fraud"}',
        '{"lang": "en", "label": "fraud"}',
        '{"q": "x", "lang": "en", "label": "crisis_life"}',
        '{"q": "x", "lang": "en", "label": null}',
    ],
)
def test_a_line_that_is_no_message_is_named_by_file_and_number(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, '{"q": "x", "lang": "en", "label": "fraud"}', line)
    with pytest.raises(ContentError, match=r"messages\.jsonl:2: not a labelled message"):
        read_messages([path])


# Probabilities


def test_probabilities_by_hand() -> None:
    # intercepts ln 1, ln 2, ln 5 and no other weight: 1/8, 2/8, 5/8, whatever the message
    screen = model(["crisis_harm", "crisis_life", "ordinary"], [1, 2, 5])
    expected = {"crisis_harm": 0.125, "crisis_life": 0.25, "ordinary": 0.625, "crisis": 0.375, "smalltalk": 0}
    for text in ("", "?!", "\U0001f600", "nie chcę żyć", "x" * 4_000):
        assert screen.probabilities(text, np.ones(2, np.float32)) == pytest.approx(expected, abs=1e-6)


def test_the_vector_and_the_ngrams_both_count() -> None:
    screen = model(["fraud", "ordinary"], [1, 1])
    screen.weights[0, 0] = np.log(3)  # the vector's first number
    assert screen.probabilities("", np.array([1, 0], np.float32))["fraud"] == pytest.approx(0.75)
    matrix = features(["skradli konto"], np.zeros((1, 2), np.float32))
    screen.weights[matrix.indices, 0] = 2.0
    assert screen.probabilities("skradli konto", np.zeros(2, np.float32))["fraud"] > 0.9
    assert screen.probabilities("pytanie", np.zeros(2, np.float32))["fraud"] < 0.9


def test_scores_beyond_all_measure_overflow_nothing() -> None:
    screen = model(["fraud", "ordinary"], [1, 1])
    screen.weights[0] = [1e4, -1e4]
    assert screen.probabilities("", np.array([1, 0], np.float32))["fraud"] == 1.0


def test_the_mean_of_the_nearest_examples_counts_by_hand() -> None:
    # asked at (1, 0): fraud's examples at similarities 1, 0.9, 0.8, 0, of which the nearest three give 0.9; the three
    # ordinary examples give 0.8; the difference, weighed, is the log-odds
    assert NEAREST == 3
    screen = nearby([(1, 0), (0.9, 0), (0.8, 0), (0, 1), (0.8, 0.6), (0.8, 0.6), (0.8, 0.6)], [0, 0, 0, 0, 1, 1, 1])
    told_of = screen.probabilities("", np.array([1, 0], np.float32))
    assert told_of["fraud"] == pytest.approx(1 / (1 + np.exp(-NEAREST_WEIGHT * 0.1)), abs=0.02)  # of eight-bit vectors


def test_a_far_example_takes_nothing_from_a_label_that_has_near_ones() -> None:
    few = nearby([(1, 0), (1, 0), (1, 0), (-1, 0), (0.5, 0)], [0, 0, 0, 1, 1])
    many = nearby([(1, 0), (1, 0), (1, 0), (-1, 0), (-1, 0), (-1, 0), (0.5, 0)], [0, 0, 0, 0, 0, 1, 1])
    asked = np.array([1, 0], np.float32)
    assert few.probabilities("", asked) == pytest.approx(many.probabilities("", asked))


def test_features_are_the_vector_what_is_written_and_the_cues() -> None:
    matrix = features(["wypłata", "?!", "WYPLATA", "wpłaciłem 200 zł"], np.eye(4, dtype=np.float32))
    assert matrix.shape == (4, 4 + HASHED_ROWS + len(CUES))
    written, cued = matrix[:, 4 : -len(CUES)].toarray(), matrix[:, -len(CUES) :].toarray()
    # n-grams and word sequences, each of unit length
    assert np.linalg.norm(written[0]) == pytest.approx(np.sqrt(2), abs=0.2)
    assert not written[1].any()
    assert np.array_equal(written[0], written[2])
    assert np.array_equal(matrix[:, :4].toarray(), np.eye(4))
    assert [CUES[i] for i in np.flatnonzero(cued[3])] == [name for name in CUES if name in {"sum", "self", "sum+self"}]
    assert not cued[:3].any()
    assert features([], np.zeros((0, 3), np.float32)).shape == (0, 3 + HASHED_ROWS + len(CUES))


def test_which_sum_or_hour_it_is_does_not_matter() -> None:
    matrix = features(["wpłaciłem 200 zł o 14:30", "wpłaciłem 950 zł o 08:15"], np.zeros((2, 1), np.float32)).toarray()
    assert np.array_equal(matrix[0], matrix[1])


def test_word_order_matters_and_endings_beyond_the_beginning_do_not() -> None:
    matrix = features(["nie chcę grać", "grać chcę nie"], np.zeros((2, 1), np.float32)).toarray()
    assert not np.array_equal(matrix[0], matrix[1])


def test_a_fitted_screen_tells_its_labels_apart_and_adds_up_to_one() -> None:
    made, vectors = messages(12)
    screen = fit_screen([m.q for m in made], vectors, [m.label for m in made])
    assert set(screen.labels) == set(WORDS)
    for words, corner in WORDS.values():
        probabilities = screen.probabilities(words, np.array(corner, np.float32))
        assert sum(probabilities[label] for label in screen.labels) == pytest.approx(1)
    heard = screen.probabilities("przegrałem wszystko", np.array((0.0, 0.0, 1.0), np.float32))
    assert heard["crisis"] == pytest.approx(heard["crisis_harm"] + heard["crisis_life"])
    assert heard["crisis"] > 0.8


def test_each_label_keeps_its_own_examples_whatever_order_they_came_in() -> None:
    made, vectors = messages(4)
    order = np.random.default_rng(5).permutation(len(made))
    straight = fit_screen([m.q for m in made], vectors, [m.label for m in made])
    mixed = fit_screen([made[i].q for i in order], vectors[order], [made[i].label for i in order])
    assert mixed.labels == straight.labels
    for _words, corner in WORDS.values():
        asked = np.array(corner, np.float32)
        near = [screen.neighbours.similarity(asked @ screen.directions) for screen in (straight, mixed)]
        assert near[0] == pytest.approx(near[1], abs=0.02)


def test_a_screen_that_was_saved_says_the_same(tmp_path: Path) -> None:
    made, vectors = messages(12)
    screen = fit_screen([m.q for m in made], vectors, [m.label for m in made])
    np.savez(tmp_path / "screen.npz", **screen.to_arrays())
    with np.load(tmp_path / "screen.npz") as arrays:
        again = ScreenModel.from_arrays(arrays)
    asked = np.array((0.1, 0.2, 0.9), np.float32)
    assert again.probabilities("przegrałem dzisiaj", asked) == screen.probabilities("przegrałem dzisiaj", asked)


def test_a_message_is_judged_by_a_classifier_that_has_not_seen_it() -> None:
    # an ordinary message labelled crisis stands alone: only a classifier that has seen it would call it so
    made, vectors = messages(12)
    made.append(Message("wypłata przelew karta", "pl", "crisis_harm", "harm"))
    vectors = np.concatenate([vectors, np.array([[1.0, 0.0, 0.0]], np.float32)])
    texts, labels = [m.q for m in made], [m.label for m in made]
    judged = out_of_fold(texts, vectors, labels, 3, 1)
    assert len(judged) == len(made)
    assert judged[-1]["ordinary"] > judged[-1]["crisis"]
    assert judged == out_of_fold(texts, vectors, labels, 3, 1)
    assert all(p["crisis"] == pytest.approx(p["crisis_harm"] + p["crisis_life"]) for p in judged)


# Limits


@pytest.mark.parametrize(
    ("share", "probabilities", "limit"),
    [
        (0.5, [0.6, 0.9, 0.7, 0.8], 0.7),  # 0.9 and 0.8 reach it: two of four
        (0.25, [0.6, 0.9, 0.7, 0.8], 0.8),
        (0.24, [0.6, 0.9, 0.7, 0.8], 0.9),  # not even one of four
        (0.0, [0.3], 0.3),
        (0.005, [n / 1000 for n in range(1000)], 0.994),  # five of a thousand: 0.995 to 0.999
        (0.5, [0.7, 0.7, 0.7, 0.2], 0.7),  # of equals all or none
    ],
)
def test_a_limit_is_just_above_the_first_message_that_may_not_reach_it(
    share: float, probabilities: list[float], limit: float
) -> None:
    chosen = limit_for(share, probabilities)
    assert chosen == pytest.approx(limit + 1e-6, abs=1e-9)
    assert sum(p >= chosen for p in probabilities) <= share * len(probabilities)


def test_a_limit_is_never_so_low_that_noise_reaches_it() -> None:
    assert limit_for(0.0, [LIMIT_MIN / 2, LIMIT_MIN / 4]) == LIMIT_MIN
    assert limit_for(0.5, [0.0] * 10) == LIMIT_MIN


def test_without_messages_to_judge_by_a_label_must_be_more_likely_than_not() -> None:
    assert limit_for(0.005, []) == 0.5
    assert set(limits_of([]).values()) == {0.5}


def test_each_special_label_has_a_limit_from_ordinary_messages_alone() -> None:
    plain = [told("ordinary", fraud=n / 100, complaint=LIMIT_MIN / 2) for n in range(50)]
    others = [told("fraud", fraud=0.99), told("negative", complaint=0.99), told("crisis_life", crisis=0.99, fraud=1.0)]
    limits = limits_of([*plain, *others, told("lookalike")])
    assert set(limits) == set(REASON_OF)
    assert limits[Label.FRAUD] == pytest.approx(0.49 + 1e-6)  # none of 50 may be taken by mistake
    assert limits[Label.COMPLAINT] == LIMIT_MIN
    assert limits[Label.CRISIS] == LIMIT_MIN


@pytest.mark.parametrize(("plain_up_to", "lookalikes_up_to"), [(0.2, 0.9), (0.9, 0.2), (0.5, 0.5)])
def test_crisis_may_take_few_ordinary_messages_and_few_lookalikes_whichever_is_stricter(
    plain_up_to: float, lookalikes_up_to: float
) -> None:
    plain = [plain_up_to * n / 1000 for n in range(1, 1001)]
    alike = [lookalikes_up_to * n / 100 for n in range(1, 101)]
    asked = [*(told("ordinary", crisis=p) for p in plain), *(told("lookalike", crisis=p) for p in alike)]
    limit = limits_of(asked)[Label.CRISIS]

    def is_kept(at: float) -> bool:
        return (
            sum(p >= at for p in plain) <= FALSE_ALARMS_MAX[Label.CRISIS] * 1000
            and sum(p >= at for p in alike) <= LOOKALIKES_MAX * 100
        )

    assert is_kept(limit)
    assert not is_kept(limit - 2e-6)  # any lower and it would not be


def doubtful(asked: Sequence[Told], answered: Sequence[bool]) -> Screening:
    """Two limits of crisis from messages of which some are surely answered."""
    fitted = ScreenFit(model(("ordinary",), (1.0,)), Screening({**limits_of(asked), Label.FRAUD: 0.123}), asked)
    return with_doubt(fitted, answered)


def test_two_limits_of_crisis_take_together_no_more_ordinary_messages_than_one() -> None:
    rng = np.random.default_rng(7)
    asked = [told("ordinary", crisis=float(p)) for p in rng.beta(0.3, 3, size=1_000)]
    answered = [bool(x) for x in rng.random(1_000) < 0.7]
    screening = doubtful(asked, answered)
    limit, unanswered = screening.limits[Label.CRISIS], screening.unanswered
    assert unanswered is not None
    assert unanswered < limits_of(asked)[Label.CRISIS] < limit

    def taken(down: float) -> int:
        at = {True: limit - down, False: unanswered - down}
        return sum(t.probabilities["crisis"] >= at[is_sure] for t, is_sure in zip(asked, answered, strict=True))

    allowed = FALSE_ALARMS_MAX[Label.CRISIS] * 1_000
    assert taken(0.0) <= allowed < taken(0.02)
    odds = limit / (1 - limit) / (unanswered / (1 - unanswered))
    assert odds == pytest.approx(ANSWERED_ODDS)
    assert screening.limits[Label.FRAUD] == 0.123  # the other limits stay


def test_with_all_messages_surely_answered_the_limit_is_the_one_there_would_be_without_doubt() -> None:
    asked = [told("ordinary", crisis=n / 100) for n in range(50)] + [told("lookalike", crisis=0.3)] * 10
    screening = doubtful(asked, [True] * 60)
    assert screening.limits[Label.CRISIS] == limits_of(asked)[Label.CRISIS]


def test_only_harmless_messages_above_the_noise_may_alarm() -> None:
    assert [may_alarm(told(label, crisis=0.3)) for label in ("ordinary", "lookalike", "crisis_harm", "negative")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert not may_alarm(told("ordinary", crisis=LIMIT_MIN / 2))
    going_on = Told(Message("q", "pl", "ordinary", "follow_up"), np.zeros(3, np.float32), {"crisis": 0.3})
    assert not may_alarm(going_on)


def test_with_enough_messages_of_other_authors_these_judge_the_screen() -> None:
    examples, vectors = messages(8)
    judging, judging_vectors = messages(JUDGING_MIN // len(WORDS), start=100)
    judges = list(zip(judging, judging_vectors, strict=True))
    stages: list[tuple[str, int, int]] = []
    fitted = fit(examples, vectors, judges, [SIGN], lambda *stage: stages.append(stage))
    assert [t.message for t in fitted.told] == judging
    assert fitted.told[0].probabilities == fitted.model.probabilities(judging[0].q, judging_vectors[0])
    assert dict(fitted.screening.limits) == limits_of(fitted.told)
    assert fitted.screening.signs.all == (SIGN,)
    assert stages == [("Fitting the screen", done, 2) for done in range(3)]


@pytest.mark.parametrize("count", [0, JUDGING_MIN // len(WORDS) - 1])
def test_with_too_few_of_them_each_example_is_judged_without_having_been_seen(count: int) -> None:
    examples, vectors = messages(8)
    judges = list(zip(*messages(count, start=100), strict=True))
    fitted = fit(examples, vectors, judges, [], silent)
    assert [t.message for t in fitted.told] == examples
    assert fitted.told[0].probabilities != fitted.model.probabilities(examples[0].q, vectors[0])
    assert fitted.screening.signs.all == ()


def test_a_lookalike_is_learnt_as_an_ordinary_message_and_judges_as_a_lookalike() -> None:
    examples, vectors = messages(8)
    fitted = fit(examples, vectors, [], [], silent)
    assert "lookalike" not in fitted.model.labels
    assert sum(t.message.label == "lookalike" for t in fitted.told) == 8
