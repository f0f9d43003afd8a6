"""The screen's classifier and the limits from which on its labels count.

The classifier learns from the shipped examples. Its limits are set on messages of other authors, which neither it nor
the encoder was trained on (`screening/judging/`), and on the calibration half of the labelled questions; without those,
on the examples themselves, each judged by a classifier that has not seen it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.screening import ANSWERED_ODDS, REASON_OF, Label, Screening
from bot.signs import Signs
from indexer.postings import Floats
from indexer.screen import FOLLOW_UP, Message, ScreenModel, fit_screen, out_of_fold
from indexer.vectors import Progress
from knowledge_base.signs import Sign

SEED = 20261126
FOLDS = 3  # for judging the screen by its own examples; more folds moved its limits by less than 0.02
JUDGING_MIN = 200  # fewer messages of other authors say less than the examples do
# The most ordinary messages that a label may take by mistake, and for crisis also the most look-alikes. A consultant
# asked for nothing costs a minute; a player whose own affair gets a general answer is not helped at all.
FALSE_ALARMS_MAX = {
    # Hearing too much costs a minute, hearing too little may cost a life. The judges are odder than most questions (one
    # asks when the money comes, since the rent is due tomorrow): of three new authors' ones 1, 2 and 3 % were taken.
    Label.CRISIS: 0.03,
    Label.ACCOUNT_SPECIFIC: 0.02,
    Label.HUMAN: 0.015,
    Label.FRAUD: 0.005,
    Label.COMPLAINT: 0.01,
    Label.MINOR: 0.0025,
    Label.SMALLTALK: 0.003,
}
LOOKALIKES_MAX = 0.08
LIMIT_MIN = 0.01  # below it a label is noise, however rarely it is heard
SMALLTALK_MIN = 0.05  # a question that is taken for small talk gets no answer at all


@dataclass(frozen=True)
class Told:
    """A message with its true label, its vector, and what a screen that has not seen it says."""

    message: Message
    vector: Floats
    probabilities: Mapping[str, float]


@dataclass(frozen=True)
class ScreenFit:
    """The screen, its limits, and the messages that judged it."""

    model: ScreenModel
    screening: Screening
    told: Sequence[Told]


def fit(
    examples: Sequence[Message], vectors: Floats, judges: Sequence[tuple[Message, Floats]], signs: Sequence[Sign],
    progress: Progress,
) -> ScreenFit:  # fmt: skip
    """A screen from examples with their vectors; `judges` are messages that it must not have seen."""
    texts, labels = [m.q for m in examples], learnt(examples)
    progress("Fitting the screen", 0, 2)
    model = fit_screen(texts, vectors, labels)
    progress("Fitting the screen", 1, 2)
    if len(judges) >= JUDGING_MIN:
        fitted = judged(model, judges, signs)
    else:
        probabilities = out_of_fold(texts, vectors, labels, FOLDS, SEED)
        told = [Told(m, v, p) for m, v, p in zip(examples, vectors, probabilities, strict=True)]
        fitted = ScreenFit(model, Screening(limits_of(told), Signs(signs)), told)
    progress("Fitting the screen", 2, 2)
    return fitted


def judged(model: ScreenModel, judges: Sequence[tuple[Message, Floats]], signs: Sequence[Sign]) -> ScreenFit:
    """The screen with limits set on messages that it has not seen, with their vectors."""
    told = [Told(m, v, model.probabilities(m.q, v)) for m, v in judges]
    return ScreenFit(model, Screening(limits_of(told), Signs(signs)), told)


def learnt(examples: Sequence[Message]) -> list[str]:
    """The label that each is learnt by: a look-alike is an ordinary message."""
    return [Label.ORDINARY.value if m.label == Label.LOOKALIKE else m.label for m in examples]


def limits_of(told: Sequence[Told]) -> dict[Label, float]:
    """For each special label the lowest limit at which it takes few enough messages by mistake."""
    plain = [t.probabilities for t in told if t.message.label == Label.ORDINARY]
    lookalike = [t.probabilities for t in told if t.message.label == Label.LOOKALIKE]
    limits = {label: limit_for(FALSE_ALARMS_MAX[label], [p.get(label, 0.0) for p in plain]) for label in REASON_OF}
    limits[Label.SMALLTALK] = max(limits[Label.SMALLTALK], SMALLTALK_MIN)
    if lookalike:
        alarming = limit_for(LOOKALIKES_MAX, [p.get(Label.CRISIS, 0.0) for p in lookalike])
        limits[Label.CRISIS] = max(limits[Label.CRISIS], alarming)
    return limits


def may_alarm(told: Told) -> bool:
    """Whether the message is no harm but might be taken for it where no article answers it.

    What goes on from a message before is in no such doubt (`Bot` asks no article about half a sentence).
    """
    is_harmless = told.message.label in {Label.ORDINARY, Label.LOOKALIKE} and told.message.kind != FOLLOW_UP
    return is_harmless and told.probabilities.get(Label.CRISIS, 0.0) >= LIMIT_MIN


def with_doubt(fit: ScreenFit, surely_answered: Sequence[bool]) -> Screening:
    """Two limits of crisis instead of one, as many false alarms in all: a lower one for what no article answers surely.

    `surely_answered` says of each message that judges the screen whether an article does; only `may_alarm` ones count.
    """
    weighed = [
        replace(t, probabilities={**t.probabilities, Label.CRISIS: _odds_times(t.probabilities[Label.CRISIS], times)})
        if may_alarm(t)
        else t
        for t, times in zip(fit.told, [1.0 if is_sure else ANSWERED_ODDS for is_sure in surely_answered], strict=True)
    ]
    limit = limits_of(weighed)[Label.CRISIS]
    limits = {**fit.screening.limits, Label.CRISIS: limit}
    return replace(fit.screening, limits=limits, unanswered=_odds_times(limit, 1 / ANSWERED_ODDS))


def _odds_times(probability: float, times: float) -> float:
    return probability * times / (1 - probability + probability * times)


def limit_for(share: float, probabilities: Sequence[float]) -> float:
    """The lowest limit, at least LIMIT_MIN, that at most this share of the probabilities reaches; 0.5 without any."""
    if not probabilities:
        return 0.5
    ranked = np.sort(np.asarray(probabilities))[::-1]
    return max(LIMIT_MIN, float(ranked[int(share * len(ranked))]) + 1e-6)
