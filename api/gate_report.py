"""What the gate says, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.gate import ChangedAnswer, Figures, GateReport, Verdict


def gate_lines(gate: GateReport) -> Iterator[str]:
    """The figures before and after, then each question that is answered otherwise, worse ones first."""
    for group, after in gate.after.items():
        yield f"{group:4} before {_figures(gate.before[group])}; after {_figures(after)}"
    counts = ", ".join(f"{gate.counted(verdict)} {verdict.value}" for verdict in Verdict)
    yield f"{len(gate.changed)} labelled questions are answered otherwise: {counts}"
    yield from (_line(each) for each in gate.changed)
    if gate.exceeded:
        yield f"More than {gate.wrong_max:.1%} of the answers would be wrong: {', '.join(gate.exceeded)}"


def _figures(figures: Figures) -> str:
    limit = f", from confidence {figures.limit:.3f}" if figures.limit is not None else ""
    return f"{figures.answered} of {figures.questions} answered, {figures.wrong} wrong{limit}"


def _line(each: ChangedAnswer) -> str:
    before, after = (", ".join(ids) or action for ids, action in _both(each))
    return f"  {each.verdict.value:6} {each.question} ({', '.join(each.expected) or 'nothing'}): {before} -> {after}"


def _both(each: ChangedAnswer) -> tuple[tuple[tuple[str, ...], str], tuple[tuple[str, ...], str]]:
    return (each.before, each.before_action), (each.after, each.after_action)
