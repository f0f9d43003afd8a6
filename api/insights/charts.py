"""Bars drawn on the server: no script, no library, sharp at any size, read out as one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, HEIGHT = 600, 100  # of the drawing; the style sheet stretches it
GAP_SHARE = 0.2  # of a bar's place


def bars(series: Sequence[Sequence[float | None]], labels: Sequence[str], said: str, shown: Sequence[str]) -> Markup:
    """One bar a label, of one series or of several stacked; `said` is the drawing in words, `shown` each bar's."""
    sums = [sum(values[i] or 0 for values in series) for i in range(len(labels))]
    most = max([1.0, *sums])
    place = WIDTH / max(1, len(labels))
    drawn = []
    for i in range(len(labels)):
        top, rects = float(HEIGHT), []
        for number, values in enumerate(series):
            height = HEIGHT * (values[i] or 0) / most
            top -= height
            if height:
                rects.append(
                    f'<rect class="bar-{number}" x="{i * place:.2f}" y="{top:.2f}" '
                    f'width="{place * (1 - GAP_SHARE):.2f}" height="{height:.2f}"/>'
                )
        hover = f'<rect class="hit" x="{i * place:.2f}" y="0" width="{place:.2f}" height="{HEIGHT}"/>'
        drawn.append(f"<g><title>{escape(shown[i])}</title>{''.join(rects)}{hover}</g>")
    return Markup(  # noqa: S704 - numbers, and words that are escaped
        f'<svg class="bars" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(said)}">{"".join(drawn)}</svg>'
    )
