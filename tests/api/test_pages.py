"""The ask page, as a browser gets it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.html.language import preferred
from api.html.static_files import STATIC, static_prefix
from api.pages.pages import VIEWS
from api.settings import Settings
from bot.decision import Action, Reason
from bot.masking import Personal
from knowledge_base.article import Language
from tests.fakes import ANSWER, ESCALATE, FakeBot, fake_engine


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def client(bot: FakeBot) -> TestClient:
    return TestClient(create_app(fake_engine(bot), Settings()))


def test_the_page_is_polish_unless_something_else_is_asked_for(client: TestClient) -> None:
    page = client.get("/ask").text

    assert '<html lang="pl">' in page
    assert "W czym pomóc?" in page


def test_the_page_speaks_english_by_address_and_by_browser(client: TestClient) -> None:
    by_address = client.get("/ask?lang=en", headers={"Accept-Language": "pl"}).text
    by_browser = client.get("/ask", headers={"Accept-Language": "de,en-GB;q=0.8,pl;q=0.3"})

    assert "How can we help?" in by_address
    assert "How can we help?" in by_browser.text
    assert by_browser.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("header", "expected"),
    [("", "pl"), ("de", "pl"), ("pl;q=0.5, en;q=0.9", "en"), ("en;q=0", "pl"), ("en;q=x", "pl"), ("EN-us", "en")],
)
def test_the_best_liked_of_our_languages_wins(header: str, expected: str) -> None:
    assert preferred(header).value == expected


def test_an_unknown_language_is_no_error(client: TestClient) -> None:
    assert '<html lang="pl">' in client.get("/ask?lang=xx").text


def test_a_form_without_scripts_gets_the_whole_page_with_answer_and_source(client: TestClient) -> None:
    page = client.post("/ask?lang=pl", data={"q": "kiedy przyjdą pieniądze"})

    assert "<strong>Moje konto &gt; Historia</strong>" in page.text
    assert 'href="/articles/withdrawal-time?lang=pl"' in page.text
    assert "sprawdzone 23 listopada 2026" in page.text
    assert "Pewność asystenta 93%" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_part_for_scripts_is_the_one_in_the_whole_page(client: TestClient) -> None:
    part = client.post("/answer?lang=pl", data={"q": "kiedy przyjdą pieniądze"})

    assert part.text.strip() in client.post("/ask?lang=pl", data={"q": "kiedy przyjdą pieniądze"}).text
    assert part.headers["cache-control"] == "no-store"


def test_the_source_stands_once_as_a_link(client: TestClient) -> None:
    assert "<em>Źródło" not in client.post("/answer", data={"q": "kiedy przyjdą pieniądze"}).text


def test_a_reply_from_two_articles_keeps_its_own_source_lines() -> None:
    both = replace(ANSWER, articles=("withdrawal-time", "withdrawal-pending"))
    part = (
        TestClient(create_app(fake_engine(FakeBot({"dwa": both})), Settings())).post("/answer", data={"q": "dwa"}).text
    )

    assert "<em>Źródło" in part
    assert part.count('class="source"') == 2


def test_a_question_back_offers_its_choices_as_buttons_and_not_twice(client: TestClient) -> None:
    part = client.post("/answer?lang=pl", data={"q": "wypłata"}).text

    assert re.findall(r'<button type="submit" name="q" value="([^"]+)"', part) == ["Ile trwa wypłata", "Statusy wypłat"]
    assert "O którą z tych spraw chodzi?" in part
    assert "<li>" not in part


def test_a_hand_off_says_why_in_the_language_of_the_page_and_that_nobody_got_it(client: TestClient) -> None:
    part = client.post("/answer?lang=en", data={"q": "Nie wiem co"}).text

    assert "One for a person" in part
    assert "the articles hold no reliable answer" in part
    assert "nobody has received this message" in part
    assert 'lang="pl">' in part
    assert 'href="/articles/contact-channels?lang=en"' in part


def test_no_confidence_stands_beside_small_talk_nor_beside_a_safety_message(client: TestClient) -> None:
    crisis = replace(ESCALATE, reason=Reason.CRISIS, confidence=0.4)
    safety = (
        TestClient(create_app(fake_engine(FakeBot({"źle": crisis})), Settings()))
        .post("/answer", data={"q": "źle"})
        .text
    )

    assert "Pewność" not in safety
    assert "Dlaczego" not in safety
    assert "Zadzwoń, proszę" in safety
    assert "Pewność" not in client.post("/answer?lang=pl", data={"q": "jesteś tam"}).text


def test_an_empty_question_gets_a_kind_line(client: TestClient) -> None:
    assert "Napisz, proszę" in client.post("/answer", data={"q": ""}).text
    assert "Napisz, proszę" in client.post("/answer").text


def test_html_in_a_question_is_shown_as_text(client: TestClient) -> None:
    attack = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    masked = f"{attack} jan@example.com"  # a masked question is also shown beside the answer
    for page in (client.post("/ask", data={"q": attack}).text, client.post("/answer", data={"q": masked}).text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_html_in_a_reply_is_shown_as_text() -> None:
    part = (
        TestClient(
            create_app(
                fake_engine(FakeBot({"x": replace(ESCALATE, reply="<script>1</script> [a](javascript:1)")})), Settings()
            )
        )
        .post("/answer", data={"q": "x"})
        .text
    )

    assert "<script>" not in part
    assert 'href="javascript' not in part


def test_masked_data_is_named_and_not_echoed(client: TestClient) -> None:
    page = client.post("/ask?lang=pl", data={"q": "mój mail to jan@example.com"}).text

    assert "Zasłoniliśmy dane osobowe (adres e-mail)." in page
    assert "jan@example.com" not in page
    assert "[email]" in page


def test_a_draft_is_kept_and_not_asked(client: TestClient, bot: FakeBot) -> None:
    page = client.post("/ask?lang=en", data={"q": "kiedy <b>", "draft": "true"}).text

    assert "kiedy &lt;b&gt;</textarea>" in page
    assert bot.asked == []


def test_lines_and_odd_characters_survive(client: TestClient, bot: FakeBot) -> None:
    for text in ("\n\nraz\r\ndwa", "\0 żółć 🂡", "a" * 100_000):
        assert client.post("/ask", data={"q": text}).status_code == 200
    assert bot.asked[0][0] == "\n\nraz\r\ndwa"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/ask", content=b"q=%ED%A0%80%ff", headers=form).is_success


@pytest.mark.parametrize("path", ["/ask", "/help/pl", "/articles/none", "/livez", "/nowhere"])
def test_everything_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_have_nothing_inline(client: TestClient) -> None:
    pages = (client.get("/ask"), client.post("/ask", data={"q": "wypłata"}))
    for page in pages:
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page.text) == []


def test_every_file_that_the_page_names_is_served_for_good_under_the_versioned_path(client: TestClient) -> None:
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/ask").text))

    assert re.fullmatch(r"/static/[0-9a-f]{8}", static_prefix())
    assert {name.rsplit("/", 1)[1] for name in named} == {path.name for path in STATIC.iterdir() if path.is_file()}
    for name in named:
        response = client.get(name)
        assert name.startswith(static_prefix())
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]


def test_both_languages_say_everything() -> None:
    assert _shape(VIEWS.texts(Language.PL)) == _shape(VIEWS.texts(Language.EN))
    for language in Language:
        assert set(VIEWS.texts(language)["actions"]) == {action.value for action in Action}
        assert set(VIEWS.texts(language)["reasons"]) == {reason.value for reason in Reason}
        assert set(VIEWS.texts(language)["masked_kinds"]) == {kind.value for kind in Personal}
        assert len(VIEWS.texts(language)["examples"]) == 6


def _shape(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _shape(each) for key, each in value.items()}
    return len(value) if isinstance(value, list) else sorted(re.findall(r"\{\w+\}", str(value)))


TEXT_ON_GROUND = [
    ("ink", "ground"), ("ink", "surface"), ("muted", "ground"), ("muted", "surface"), ("muted", "accent-soft"),
    ("ink", "accent-soft"), ("link", "ground"), ("link", "surface"), ("link", "accent-soft"), ("danger", "surface"),
    ("on-accent", "accent"), ("on-accent", "accent-hover"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_aa_contrast(scheme: str) -> None:
    light, _, dark = (STATIC / "tokens.css").read_text().partition("@media")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))

    for text, ground in TEXT_ON_GROUND:
        assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for ground in ("ground", "surface"):  # frames of fields and buttons need 3 (WCAG 1.4.11)
        assert _contrast(colours["edge"], colours[ground]) >= 3


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
