"""The report's page: one HTML file, nothing loaded from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from indexer.evaluation import Outcome, figures
from indexer.report.curves import Bin, Point, chosen_point, reliability, risk_and_coverage
from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle

REPORT_FILE = "report.html"
RISK_SHOWN = 0.2  # the upper end of the risk axis; beyond it nobody would answer
COLUMNS = {
    "first_right": "right article first", "three_right": "among three", "answered": "answered automatically",
    "wrong_among_answers": "wrong among answers", "not_answered": "kept back, of what nothing answers",
}  # fmt: skip

Articles = Mapping[str, PublishedArticle]


@dataclass(frozen=True)
class Confusion:
    """Two articles of which the second was found where the first was right, with the questions."""

    right: str
    found: str
    questions: tuple[str, ...]


def write_report(
    folder: Path, outcomes: Sequence[Outcome], articles: Articles, about: Mapping[str, str], now: datetime
) -> Path:
    """Write the page into the folder, which is made if need be; the path of the file. OSError if it cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / REPORT_FILE
    path.write_text(report_html(outcomes, articles, about, now), encoding="utf-8")
    return path


def report_html(outcomes: Sequence[Outcome], articles: Articles, about: Mapping[str, str], now: datetime) -> str:
    """The whole page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    by_language = {language.value: [o for o in outcomes if o.question.lang == language.value] for language in Language}
    return environment.get_template("report.html").render(
        about=about,
        made_at=now.strftime("%Y-%m-%d %H:%M"),
        columns=COLUMNS,
        figures=figures(outcomes),
        bins=[_bin_drawn(b) for b in reliability(outcomes)],
        curves={name: _curve_drawn(risk_and_coverage(mine)) for name, mine in by_language.items() if mine},
        chosen={name: _point_drawn(p) for name, mine in by_language.items() if (p := chosen_point(mine))},
        risk_shown=RISK_SHOWN,
        confusions=confusions(outcomes, articles),
        wrong=[_wrong_shown(o, articles) for o in outcomes if o.is_wrong_answer],
    )


def confusions(outcomes: Sequence[Outcome], articles: Articles) -> list[Confusion]:
    """Which articles are taken for which, the most frequent first: those are worth sharpening."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for o in outcomes:
        if o.question.topic and o.decision.candidates and not o.is_first_right:
            found[o.question.topic, o.decision.candidates[0].id].append(o.question.q)
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Confusion(_title(r, articles), _title(f, articles), tuple(q)) for (r, f), q in ranked]


def _wrong_shown(outcome: Outcome, articles: Articles) -> dict[str, Any]:
    accepted = sorted(outcome.question.accepted)
    return {
        "question": outcome.question.q,
        "answered": [_title(a, articles) for a in outcome.decision.articles],
        "right": [_title(a, articles) for a in accepted] or ["no article: a person"],
        "percent": round(outcome.decision.confidence * 100),
    }


def _title(article_id: str, articles: Articles) -> str:
    article = articles.get(article_id)
    text = article and (article.texts.get(Language.EN) or article.texts.get(Language.PL))
    return f"{text.title} ({article_id})" if text else article_id


def _bin_drawn(b: Bin) -> dict[str, Any]:
    """A point of the reliability drawing, on a square of 300."""
    return {
        "x": round(300 * b.confidence, 1), "y": round(300 - 300 * b.right, 1),
        "radius": round(min(16.0, 3 + b.count**0.5 / 2), 1), "bin": b,
    }  # fmt: skip


def _curve_drawn(points: Sequence[Point]) -> str:
    """The polyline of risk against coverage, on 460 by 300."""
    return " ".join(f"{d['x']},{d['y']}" for d in map(_point_drawn, points))


def _point_drawn(point: Point) -> dict[str, Any]:
    risk = min(point.risk, RISK_SHOWN)
    return {"x": round(460 * point.coverage, 1), "y": round(300 - 300 * risk / RISK_SHOWN, 1), "point": point}
