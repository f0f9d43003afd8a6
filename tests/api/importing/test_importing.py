"""Tables, folders of Markdown and saved pages become drafts to review: all of a file or nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.content.service import Content
from api.content.values import ArticleContent, Origin, Status, article_key
from api.database.connection import Database
from api.database.migration import migrate
from api.database.tables import content_staged
from api.importing.csv_file import UnreadableError, read_csv
from api.importing.markdown_folder import read_markdown
from api.importing.service import Importing, NotPlannedError
from api.importing.values import ImportJob, ImportState
from api.importing.web_page import read_pages
from knowledge_base.article import Language, RiskClass
from tests.databases import fresh_url
from tests.knowledge_base.samples import write_sound_base

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TABLE = (
    "Pytanie;Odpowiedź;Kategoria\n"
    "Jak zmienić hasło?;Wejdź w ustawienia i wybierz nowe hasło.;konto\n"
    "zapomniałem hasła;Wejdź w ustawienia i wybierz nowe hasło.;konto\n"
    ";sama odpowiedź;konto\n"
    "Ile trwa wypłata?;;wypłaty\n"
    "Czy gra jest legalna?;Tak, „mamy” zezwolenie; od lat.;prawo\n"
)


def quiet(_done: int, _of: int) -> None:
    """Nobody watches."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso8859-2", "utf-16"])
def test_a_table_in_any_usual_encoding_reads_the_same(encoding: str) -> None:
    table = TABLE.replace("„mamy”", '"mamy"') if encoding == "iso8859-2" else TABLE  # which has no such quotes
    found = read_csv(table.encode(encoding), "faq.csv", quiet)
    assert [piece.question for piece in found.pieces] == [
        "Jak zmienić hasło?", "zapomniałem hasła", "Czy gra jest legalna?",
    ]  # fmt: skip
    assert [(error.row, error.code) for error in found.errors] == [(4, "no_question"), (5, "no_answer")]


def test_separators_quotes_and_line_breaks_in_cells_are_understood() -> None:
    table = 'question,answer,category\n"What, now?","First line\nsecond ""line""",general\n'
    piece = read_csv(table.encode(), "faq.csv", quiet).pieces[0]
    assert (piece.question, piece.answer, piece.row) == ("What, now?", 'First line\nsecond "line"', 2)
    tabs = "question\tanswer\nOne?\tYes, one, two, three.\n"
    assert read_csv(tabs.encode(), "faq.tsv", quiet).pieces[0].answer == "Yes, one, two, three."


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "must name the columns"),
        (b"a,b\n1,2\n", "must name the columns"),
        (b"PK\x03\x04\0\0\0\0", "no text file"),
        (b"question,answer\n" + b"a,b\n" * 100_001, "at most 100,000"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        read_csv(data, "faq.csv", quiet)


def test_a_folder_of_markdown_gives_an_article_a_file() -> None:
    files = {
        "help/konto/haslo.pl.md": "# Jak zmienić hasło\r\n\r\nWejdź w ustawienia.\r\n".encode(),
        "help/konto/limits.md": b"---\ntitle: Limits\n---\nSet them yourself.\n",
        "help/konto/empty.md": b"# Nothing\n",
        "help/readme.txt": b"no",
    }
    found = read_markdown(files, quiet)
    assert [(p.question, p.answer, p.category, p.language) for p in found.pieces] == [
        ("Jak zmienić hasło", "Wejdź w ustawienia.", "konto", Language.PL),
        ("Limits", "Set them yourself.", "konto", None),
    ]
    assert [(error.where, error.code) for error in found.errors] == [("help/konto/empty.md", "no_answer")]


def test_a_saved_page_gives_what_stands_under_its_headings_without_scripts() -> None:
    page = """<html lang="pl"><title>Pomoc</title><nav><h2>Menu</h2>jedno dwa trzy cztery</nav><body>
      <h2>Jak <b>zmienić</b> hasło?</h2><p>Wejdź w <a href="javascript:x()">ustawienia</a> konta.</p>
      <ul><li>Jedno</li><li>Drugie</li></ul><script>alert(1)</script><img src="data:image/png;base64,AAAA">
      <h2>Pusto</h2></body></html>"""
    found = read_pages({"faq.html": page.encode()}, quiet)
    assert len(found.pieces) == 1
    piece = found.pieces[0]
    assert (piece.question, piece.language) == ("Jak zmienić hasło?", Language.PL)
    assert piece.answer == "Wejdź w ustawienia konta.\n\n- Jedno\n- Drugie"


def test_questions_that_a_page_marks_up_are_taken_as_they_are() -> None:
    page = """<script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [{"@type": "Question",
      "name": "Is it legal?", "acceptedAnswer": {"@type": "Answer", "text": "<p>Yes, <b>it</b> is.</p>"}}]}</script>"""
    piece = read_pages({"faq.html": page.encode()}, quiet).pieces[0]
    assert (piece.question, piece.answer) == ("Is it legal?", "Yes, **it** is.")


def test_a_sitemap_alone_says_which_pages_to_save() -> None:
    sitemap = b"<urlset><url><loc>https://casino.example/faq</loc></url></urlset>"
    with pytest.raises(UnreadableError, match=r"sitemap of 1 pages \(https://casino.example/faq"):
        read_pages({"sitemap.xml": sitemap}, quiet)


@pytest.fixture(params=["sqlite", "postgresql"])
async def importing(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Importing]:
    database = Database(fresh_url(request.param, tmp_path))
    await migrate(database)
    content = Content(database, lambda: NOW, write_sound_base(tmp_path / "kb"), frozenset())
    await content.seed()
    made = Importing(content, database, lambda: NOW, lambda: lambda _text: "pl")
    yield made
    await made.close()
    await database.close()


async def over(importing: Importing, job: ImportJob) -> ImportJob:
    """Its last state before somebody has to say something."""
    states = [state async for state in importing.watch(job.id)]
    return states[-1]


@pytest.mark.anyio
async def test_a_plan_is_shown_first_and_then_all_of_it_becomes_drafts(importing: Importing) -> None:
    planned = await over(importing, await importing.start_csv(TABLE.encode("cp1250"), "faq.csv"))
    assert (planned.state, len(planned.plan), len(planned.errors)) == (ImportState.PLANNED, 2, 2)
    assert len(await importing._content.heads()) == 2
    await importing.apply(planned.id, None)
    done = await over(importing, planned)
    assert done.state is ImportState.DONE
    key = article_key("jak-zmienic-haslo")
    assert key in done.saved
    head, version = await importing._content.head(key), await importing._content.version(key, 1)
    assert (head.status, version.origin, version.note) == (Status.DRAFT, Origin.IMPORT, "faq.csv")
    assert isinstance(version.content, ArticleContent)
    assert version.content.risk is RiskClass.DRAFT
    assert version.content.texts[Language.PL].phrasings == ("Jak zmienić hasło?", "zapomniałem hasła")
    with pytest.raises(NotPlannedError):
        await importing.apply(planned.id, None)


@pytest.mark.anyio
async def test_of_an_import_that_fails_nothing_stays(importing: Importing) -> None:
    rows = "".join(f"Pytanie numer {i}?,Odpowiedź numer {i}.\n" for i in range(1_200))
    job = await over(importing, await importing.start_csv(f"question,answer\n{rows}".encode(), "faq.csv"))
    taken = job.plan[-1]
    assert taken.content is not None
    await importing._content.save(taken.key, taken.content, 0, None)  # somebody was quicker with the last name
    before = len(await importing._content.heads())
    await importing.apply(job.id, None)
    failed = await over(importing, job)
    assert failed.state is ImportState.FAILED
    assert failed.error is not None
    assert "taken meanwhile" in failed.error
    assert len(await importing._content.heads()) == before
    async with importing._database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(content_staged))).scalar_one() == 0
