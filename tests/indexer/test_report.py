"""The report: its curves worked by hand, and a page that an editor can open anywhere and believe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bot.decision import Action, Decision, Proposal, Reason
from indexer.evaluation import Outcome
from indexer.report.curves import Bin, Point, chosen_point, reliability, risk_and_coverage
from indexer.report.page import REPORT_FILE, Confusion, confusions, report_html, write_report
from knowledge_base.article import Language
from knowledge_base.labelled import LabelledQuestion
from tests.bot.fakes import article

NOW = datetime(2026, 12, 1, 9, 5)
ARTICLES = {a.id: a for a in (article("payout"), article("bonus"), article("polish", languages=[Language.PL]))}
ABOUT = {"questions": "third.jsonl", "index": "v7"}


def outcome(
    topic: str | None,
    *found: tuple[str, float],
    action: Action = Action.ESCALATE,
    q: str = "q",
    also: Sequence[str] = (),
    lang: str = "pl",
) -> Outcome:
    """A question and what was found, best first; answered with the first."""
    proposals = tuple(Proposal(name, sure) for name, sure in found)
    articles = (found[0][0],) if action is Action.ANSWER else ()
    sure = found[0][1] if found else 0.0
    decision = Decision(action, Reason.CONFIDENT, sure, lang, articles, proposals, q, (), "r")
    return Outcome(LabelledQuestion(q, topic, tuple(also), lang, "plain"), decision)


def answered(topic: str | None, found: str, sure: float, q: str = "q", lang: str = "pl") -> Outcome:
    return outcome(topic, (found, sure), action=Action.ANSWER, q=q, lang=lang)


def page(*outcomes: Outcome) -> str:
    return report_html(outcomes, ARTICLES, ABOUT, NOW)


def section(html: str, title: str) -> str:
    """From a heading to the next one."""
    return html.split(f"<h2>{title}")[1].split("<h2>", maxsplit=1)[0]


# The curves


def test_confidence_and_share_right_stand_together_for_each_tenth_and_empty_tenths_are_left_out() -> None:
    bins = reliability(
        [
            outcome("a", ("a", 1.0)),
            outcome("a", ("b", 0.87), ("a", 0.1)),
            outcome("a", ("a", 0.93)),
            outcome("a", ("a", 0.85)),
            outcome(None, ("a", 0.05)),
            outcome("a"),  # never reached retrieval
        ]
    )
    assert [(b.right, b.count) for b in bins] == [(0.0, 1), (0.5, 2), (1.0, 2)]
    assert [b.confidence for b in bins] == pytest.approx([0.05, 0.86, 0.965])


def test_a_tenth_begins_at_its_lower_end() -> None:
    assert reliability([outcome("a", ("a", 0.5)), outcome("a", ("b", 0.49))]) == [Bin(0.49, 0.0, 1), Bin(0.5, 1.0, 1)]


def test_each_further_question_answered_adds_to_the_coverage_and_perhaps_to_the_risk() -> None:
    points = risk_and_coverage(
        [
            outcome("a", ("a", 0.6)),
            outcome("a", ("a", 0.9)),
            outcome("a"),  # counts as a question that cannot be answered
            outcome("a", ("b", 0.8)),
        ]
    )
    assert points == [Point(0.9, 0.25, 0.0), Point(0.8, 0.5, 0.5), Point(0.6, 0.75, pytest.approx(1 / 3))]


def test_what_the_bot_really_answered_is_the_chosen_point() -> None:
    chosen = chosen_point(
        [answered("a", "a", 0.9), answered(None, "a", 0.7), outcome("a", ("b", 0.95)), outcome("a", ("a", 0.2))]
    )
    assert chosen == Point(0.7, 0.5, 0.5)


def test_an_answer_that_also_fits_is_not_wrong() -> None:
    also = outcome("b", ("a", 0.9), action=Action.ANSWER, also=["a"])
    assert chosen_point([also]) == Point(0.9, 1.0, 0.0)
    assert risk_and_coverage([also]) == [Point(0.9, 1.0, 0.0)]


def test_where_nothing_is_answered_there_is_no_chosen_point() -> None:
    assert chosen_point([outcome("a", ("a", 0.9))]) is None
    assert chosen_point([]) is None


def test_without_questions_there_are_no_curves() -> None:
    assert (reliability([]), risk_and_coverage([])) == ([], [])
    assert (reliability([outcome("a")]), risk_and_coverage([outcome("a")])) == ([], [])


# Articles taken for one another


def test_confusions_stand_most_frequent_first_and_then_by_their_articles() -> None:
    found = confusions(
        [
            outcome("payout", ("bonus", 0.9), q="one"),
            outcome("unknown", ("payout", 0.9), q="two"),
            outcome("bonus", ("payout", 0.9), q="three"),
            outcome("unknown", ("payout", 0.1), q="four"),
            outcome("bonus", ("polish", 0.9), q="five"),
        ],
        ARTICLES,
    )
    assert found == [
        Confusion("unknown", "payout (en) (payout)", ("two", "four")),
        Confusion("bonus (en) (bonus)", "payout (en) (payout)", ("three",)),
        Confusion("bonus (en) (bonus)", "polish (pl) (polish)", ("five",)),
        Confusion("payout (en) (payout)", "bonus (en) (bonus)", ("one",)),
    ]


def test_what_is_right_what_nothing_answers_and_what_finds_nothing_is_no_confusion() -> None:
    right = outcome("payout", ("payout", 0.9))
    also = outcome("payout", ("bonus", 0.9), also=["bonus"])
    assert confusions([right, also, outcome(None, ("payout", 0.9)), outcome("payout")], ARTICLES) == []


# The page


def test_each_wrong_answer_is_shown_with_what_would_be_right_and_how_sure_it_was() -> None:
    html = page(
        answered("payout", "bonus", 0.914, q="gdzie kasa"),
        answered(None, "payout", 0.8, q="pogoda"),
        answered("payout", "payout", 0.99, q="kiedy wypłata"),
        outcome("payout", ("bonus", 0.7), q="nie wiem"),
    )
    wrong = section(html, "Wrong automatic answers (2)")
    assert re.findall("<td>(.*?)</td>", wrong) == [
        "gdzie kasa", "bonus (en) (bonus)", "payout (en) (payout)", "91 %",
        "pogoda", "payout (en) (payout)", "no article: a person", "80 %",
    ]  # fmt: skip
    taken = section(html, "Articles taken for one another")
    assert re.findall("<li>(.*?)</li>", taken) == ["gdzie kasa", "nie wiem"]


def test_several_right_articles_are_named_in_order() -> None:
    wrong = outcome("payout", ("polish", 0.9), action=Action.ANSWER, also=["bonus"])
    assert "bonus (en) (bonus) or payout (en) (payout)" in section(page(wrong), "Wrong automatic answers")


def test_whatever_is_asked_is_shown_as_text() -> None:
    question = """<script>alert('1')</script> & "{{ 7 * 7 }}" """
    html = report_html([answered("<b>", "<i>x", 0.9, q=question)], ARTICLES, {"<u>file": "<img onerror=1>"}, NOW)
    escaped = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &#34;{{ 7 * 7 }}&#34; "
    assert html.count(escaped) == 2  # among the wrong answers and among the confusions
    assert "49" not in section(html, "Wrong automatic answers")
    assert not re.search(r"<(script|b|i|u|img)\b", html)
    assert "&lt;u&gt;file: &lt;img onerror=1&gt;" in html


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs() -> None:
    html = page(answered("payout", "bonus", 0.9), answered("payout", "payout", 0.9, lang="en"), outcome("bonus"))
    for loading in ("http://", "https://", "src=", "href=", "url(", "@import", "<link", "<script", "<iframe"):
        assert loading not in html, loading


def test_figures_stand_with_their_intervals_and_what_was_measured_when() -> None:
    # 8 in 10, as Wilson gives it: 49 to 94 %
    html = page(*[outcome("payout", ("payout", 0.9))] * 8, *[outcome("payout", ("bonus", 0.9))] * 2)
    assert '80.0 % <span class="soft">(49–94) of 10</span>' in section(html, "Figures")
    # nine in ten said, eight of ten right
    assert "0.100" in section(html, "Figures")
    assert "questions: third.jsonl · index: v7 · 2026-12-01 09:05" in html


def test_the_drawings_stand_where_the_numbers_say() -> None:
    html = page(
        answered("payout", "payout", 0.9), answered("payout", "payout", 0.9), answered("payout", "bonus", 0.5),
        outcome("payout", ("bonus", 0.25), lang="en"), outcome("payout", lang="en"),
    )  # fmt: skip
    # on a square of 300, upwards: 0.25 and 0.5 never right, 0.9 always; 3 + sqrt(count) / 2 wide
    assert re.findall(r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', html)[:3] == [
        ("75.0", "300.0", "3.5"), ("150.0", "300.0", "3.5"), ("270.0", "0.0", "3.7"),
    ]  # fmt: skip
    # 460 wide for all questions of the language; a risk of a third is beyond the upper end, a fifth
    assert 'class="axis pl" stroke-width="2" points="153.3,300.0 306.7,300.0 460.0,0.0"' in html
    assert 'class="axis en" stroke-width="2" points="230.0,0.0"' in html
    # Polish answers all three and a third of them wrong, English nothing
    assert '<circle class="fill-pl" cx="460.0" cy="0.0" r="6"><title>pl: answers 100 %, wrong 33.3 %</title>' in html
    assert 'circle class="fill-en"' not in html


def test_a_report_of_nothing_says_so() -> None:
    html = page()
    assert "None." in section(html, "Wrong automatic answers (0)")
    assert "None." in section(html, "Articles taken for one another")


def test_the_page_is_written_into_a_folder_that_is_made_and_replaces_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    path = write_report(folder, [answered("payout", "bonus", 0.9, q="żółć 🎰")], ARTICLES, ABOUT, NOW)
    assert path == folder / REPORT_FILE == folder / "report.html"
    assert "żółć 🎰" in path.read_text(encoding="utf-8")
    assert write_report(folder, [], ARTICLES, ABOUT, NOW) == path
    assert path.read_text(encoding="utf-8") == page()
    assert list(folder.iterdir()) == [path]


def test_where_no_folder_can_be_made_an_error_tells(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OSError, match="taken"):
        write_report(tmp_path / "taken", [], ARTICLES, ABOUT, NOW)
