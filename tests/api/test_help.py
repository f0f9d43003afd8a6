"""The help centre, as a browser without scripts and a search engine get it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from api.app import create_app
from api.help.pages import VIEWS
from bot.decision import Proposal, Reason
from knowledge_base.article import Language, RiskClass
from tests.api.test_pages import _shape
from tests.fakes import ARTICLES, ESCALATE, FakeBot, article, fake_engine
from tests.serving import quick_settings

PROTECT = article(
    "rg-cool-off", ("Krótka przerwa", "Przerwa trwa."), ("A short break", "It lasts."), risk=RiskClass.PROTECT,
    related=("bonus", "withdrawal-time"),
)  # fmt: skip
BONUS = article("bonus", ("Bonus powitalny", "Odbierz bonus."), ("Welcome bonus", "Claim it."))
LINES = article("rg-help", ("Gdzie szukać pomocy", "Zadzwoń:\n\n- 116 123\n\nSprawdzono."), ("Where to find help", "x"))
ODD = article("odd", ("</script><b>Tytuł", "Tekst </script> & <img src=x>."), ("Odd", "Text."))
SHOWN = ARTICLES | {each.id: each for each in (PROTECT, BONUS, LINES, ODD)}


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot(articles=SHOWN)


@pytest.fixture
def client(bot: FakeBot, tmp_path: Path) -> Iterator[TestClient]:
    settings = quick_settings(tmp_path, public_url="https://help.example")
    with TestClient(create_app(fake_engine(bot), settings), follow_redirects=False) as started:
        yield started


def rows(tmp_path: Path, sql: str) -> list[tuple[object, ...]]:
    """What stands in the database."""
    with create_engine(f"sqlite:///{tmp_path}/krupier.sqlite3").connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def data_of(page: str) -> list[dict[str, object]]:
    """The page's JSON-LD."""
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert block is not None
    graph: list[dict[str, object]] = json.loads(block[1])["@graph"]
    return graph


def test_the_front_page_lists_what_may_be_read_and_no_draft(client: TestClient) -> None:
    page = client.get("/help", headers={"Accept-Language": "pl"}).text

    assert '<html lang="pl"' in page
    assert '<a href="/help/pl/withdrawals">Wypłaty</a>' in page
    assert '<a href="/help/pl/withdrawals/bonus">Bonus powitalny</a>' in page
    assert "Szkic" not in page
    assert "Bez liczby" not in page
    assert "How can we help?" in client.get("/help?lang=en").text


def test_an_article_has_its_date_its_path_its_related_ones_and_links_that_lead_on(client: TestClient) -> None:
    page = client.get("/help/pl/withdrawals/withdrawal-time").text

    assert "<h1>Ile trwa wypłata</h1>" in page
    assert '<time datetime="2026-11-23">23 listopada 2026</time>' in page
    assert '<a href="/help/pl/withdrawals">Wypłaty</a>' in page
    assert '<a href="/help/pl/articles/withdrawal-pending">statusy wypłat</a>' in page
    assert '<a href="/help/pl/withdrawals/withdrawal-pending">Statusy wypłat</a>' in page
    assert "Szkic" not in page


@pytest.mark.parametrize("path", ["/articles/withdrawal-time?lang=pl", "/help/pl/articles/withdrawal-time"])
def test_an_address_by_id_leads_to_where_the_article_is(client: TestClient, path: str) -> None:
    assert client.get(path).headers["location"] == "/help/pl/withdrawals/withdrawal-time"


def test_an_article_that_has_moved_leads_on(client: TestClient) -> None:
    response = client.get("/help/pl/account/withdrawal-time")

    assert response.status_code == 308
    assert response.headers["location"] == "/help/pl/withdrawals/withdrawal-time"


@pytest.mark.parametrize(
    "path",
    ["/help/de", "/help/pl/none", "/help/pl/withdrawals/none", "/help/pl/withdrawals/draft", "/articles/gap",
     "/articles/%3Cscript%3E", "/help/pl/withdrawals/..%2f..%2fetc", "/help/pl/a%00b", "/help/xx/a/b"],
)  # fmt: skip
def test_what_is_not_there_has_a_page_that_says_so(client: TestClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert "Nie ma takiej strony" in response.text
    assert "<script>" not in response.text
    assert '<meta name="robots" content="noindex">' in response.text


def test_search_engines_learn_the_address_the_other_language_and_the_answers(client: TestClient) -> None:
    page = client.get("/help/pl/withdrawals/withdrawal-time").text
    faq, crumbs = data_of(page)

    assert '<link rel="canonical" href="https://help.example/help/pl/withdrawals/withdrawal-time">' in page
    assert 'hreflang="en" href="https://help.example/help/en/withdrawals/withdrawal-time">' in page
    assert '<meta property="og:title" content="Ile trwa wypłata">' in page
    assert (faq["@type"], crumbs["@type"]) == ("FAQPage", "BreadcrumbList")
    assert "Historia" in json.dumps(faq)


def test_no_title_or_text_ends_the_data_block_early(client: TestClient) -> None:
    page = client.get("/help/pl/withdrawals/odd").text

    assert "</script><b>" not in page
    assert "<img src=x>" not in page
    assert data_of(page)[0]["mainEntity"][0]["name"] == "</script><b>Tytuł"  # type: ignore[index]


def test_the_sitemap_names_every_page_in_both_languages_and_no_draft(client: TestClient) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    found = {each.text for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}

    assert {"https://help.example/help/pl", "https://help.example/help/en/withdrawals/odd"} <= found
    assert not any("draft" in str(each) for each in found)
    assert "Sitemap: https://help.example/sitemap.xml" in client.get("/robots.txt").text


def test_a_protection_text_carries_the_help_lines_and_no_offer(client: TestClient) -> None:
    page = client.get("/help/pl/withdrawals/rg-cool-off").text

    assert "<li>116 123</li>" in page
    assert "/help/pl/withdrawals/withdrawal-time" in page
    assert "onus" not in page
    assert "116 123" not in client.get("/help/pl/withdrawals/withdrawal-time").text


def test_a_search_by_form_shows_what_the_bot_would_find(client: TestClient, bot: FakeBot) -> None:
    bot.proposals = [Proposal("draft", 0.9), Proposal("withdrawal-time", 0.8), Proposal("odd", 0.001)]
    page = client.post("/help/pl/search", data={"q": " kiedy   pieniądze "})
    part = client.post("/help/pl/found", data={"q": "kiedy pieniądze"}).text

    assert page.headers["cache-control"] == "no-store"
    assert part.strip() in page.text
    assert part.count('class="card"') == 1
    assert "Szkic" not in page.text


def test_a_search_in_vain_is_kept_masked_and_only_when_it_is_sent(
    client: TestClient, bot: FakeBot, tmp_path: Path
) -> None:
    bot.proposals = []
    client.post("/help/pl/found", data={"q": "czy macie krykieta"})
    page = client.post("/help/pl/search", data={"q": "czy macie krykieta, jan@example.com"}).text

    assert "Żaden artykuł nie pasuje" in page
    assert rows(tmp_path, "SELECT source, text, lang FROM open_questions") == [
        ("not_found", "czy macie krykieta, [email]", "pl")
    ]


def test_where_harm_is_heard_a_search_shows_whom_to_call_and_keeps_nothing(tmp_path: Path) -> None:
    bot = FakeBot({"nie chcę żyć": replace(ESCALATE, reason=Reason.CRISIS)}, SHOWN, proposals=[])
    with TestClient(create_app(fake_engine(bot), quick_settings(tmp_path))) as client:
        page = client.post("/help/pl/search", data={"q": "nie chcę żyć"}).text

    assert "116 123" in page
    assert rows(tmp_path, "SELECT * FROM open_questions") == []


@pytest.mark.parametrize("q", ["", "ab", " \t ", "\x00", "a" * 50_000, "<script>alert(1)</script>"])
def test_any_search_is_answered_and_shown_as_text(client: TestClient, q: str) -> None:
    page = client.post("/help/pl/search", data={"q": q})

    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_who_reloads_a_search_is_led_to_the_front_page(client: TestClient) -> None:
    assert client.get("/help/pl/search").headers["location"] == "/help/pl"


def test_a_reader_says_whether_it_helped_and_what_was_missing(client: TestClient, tmp_path: Path) -> None:
    path = "/help/pl/withdrawals/withdrawal-time"
    no = client.post(f"{path}/vote", data={"helped": "no"})

    assert no.headers["location"] == f"{path}?thanks=no#vote"
    assert "Czego tu zabrakło?" in client.get(f"{path}?thanks=no").text
    words = client.post(f"{path}/vote", data={"missed": "a w święta? tel. 600 700 800"})
    assert words.headers["location"] == f"{path}?thanks=words#vote"
    assert rows(tmp_path, "SELECT article_id, lang, is_helpful FROM help_votes") == [("withdrawal-time", "pl", 0)]
    assert rows(tmp_path, "SELECT source, text, articles FROM open_questions") == [
        ("missed", "a w święta? tel. [phone]", '["withdrawal-time"]')
    ]
    assert client.post("/help/pl/withdrawals/draft/vote", data={"helped": "yes"}).status_code == 404
    client.post(f"{path}/vote", data={"helped": "maybe"})
    assert len(rows(tmp_path, "SELECT * FROM help_votes")) == 1


def test_a_browser_that_has_the_page_gets_it_anew_only_when_it_has_changed(client: TestClient, bot: FakeBot) -> None:
    path = "/help/pl/withdrawals/withdrawal-pending"
    mark = client.get(path).headers["etag"]
    again = client.get(path, headers={"If-None-Match": mark})
    bot.articles = {key: each for key, each in SHOWN.items() if key != "withdrawal-pending"}

    assert again.status_code == 304
    assert again.content == b""
    assert client.get(path, headers={"If-None-Match": mark}).status_code == 404


def test_nothing_stands_inline_but_the_data_block(client: TestClient) -> None:
    for path in ("/help/pl", "/help/pl/withdrawals", "/help/en/withdrawals/rg-cool-off", "/help/pl/none"):
        page = client.get(path).text
        assert re.findall(r"<script(?![^>]*\bsrc=)(?! type=.application/ld)|<style|\sstyle=|\son[a-z]+=", page) == []


def test_both_languages_say_everything() -> None:
    assert _shape(VIEWS.texts(Language.PL)) == _shape(VIEWS.texts(Language.EN))
