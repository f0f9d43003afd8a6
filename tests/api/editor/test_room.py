"""The editors' room as a browser gets it: writing, reviewing, conflicts, facts, and what must not come through."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from api.content.values import Origin, Status, Step
from api.editor.listing import SORTS, STATES
from api.editor.room import VIEWS
from api.publishing.values import JobState, Why
from api.staff.demonstration import DEMONSTRATION_STAFF
from bot.decision import Action, Reason
from knowledge_base.article import Language, RiskClass
from knowledge_base.checks import PHRASINGS_MIN
from tests.fakes import fake_engine
from tests.knowledge_base.samples import BODY, FACTS, write_article, write_sound_base
from tests.serving import PATIENCE_SECONDS, eventually, quick_settings, serving

ATTACK = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](https://evil.example/y.png) <img src=x>"


POOL = itertools.count(1)  # an article and a fact for each test, so that one server serves them all
POOLED = 40


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration over sound articles, each with a fact of its own, and one that protects players."""
    home = tmp_path_factory.mktemp("room")
    folder = write_sound_base(home / "kb")
    for language in Language:
        write_article(folder, "rg-help", language.value, risk="protect")
        for n in range(1, POOLED + 1):
            body = BODY[language.value].replace("payout_time", f"pay_{n}")
            write_article(folder, f"pay-{n}", language.value, body=body)
    facts = "".join(FACTS.replace("payout_time", f"pay_{n}") for n in range(1, POOLED + 1))
    (folder / "facts.yaml").write_text(FACTS + facts, encoding="utf-8")
    with serving(quick_settings(home / "data", demo=True, knowledge_base=folder), fake_engine()) as started:
        yield started


@pytest.fixture
def article() -> str:
    """One that no other test touches."""
    return f"pay-{next(POOL)}"


@pytest.fixture
def fact(article: str) -> str:
    """The one that the article quotes."""
    return article.replace("-", "_")


class Room:
    """Somebody in the room, with a browser without scripts."""

    def __init__(self, address: str, name: str, language: str = "en") -> None:
        account = next(each for each in DEMONSTRATION_STAFF if each.name == name)
        self.http = httpx.Client(base_url=address, timeout=PATIENCE_SECONDS, follow_redirects=True)
        self.language = language
        self.http.post("/desk/sign-in", data={"email": account.email, "password": account.password})

    def get(self, path: str) -> str:
        """A page."""
        answer = self.http.get(f"/editor{path}", params={"lang": self.language})
        assert answer.status_code == 200, answer.text
        return answer.text

    def fields(self, article: str) -> dict[str, str]:
        """The form of an article as it is shown."""
        return form_fields(self.get(f"/articles/{article}"))

    def post(self, path: str, data: Mapping[str, Any] | None = None) -> httpx.Response:
        """A form is sent; the page that follows."""
        return self.http.post(f"/editor{path}?lang={self.language}", data=data)

    def kept(self, article: str, **changes: str) -> httpx.Response:
        """An article with some fields changed ('pl_title' is pl.title) becomes the next version."""
        changed = {re.sub(r"^(pl|en)_", r"\1.", name): text for name, text in changes.items()}
        return self.post(f"/articles/{article}", self.fields(article) | changed)

    def api(self, method: str, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """What the page's scripts send."""
        return self.http.request(method, f"/api/v1/editor/{path}", params={"lang": self.language}, json=body)


@pytest.fixture(scope="module")
def zofia(address: str) -> Room:
    return Room(address, "Zofia")


@pytest.fixture(scope="module")
def olek(address: str) -> Room:
    return Room(address, "Olek")


def form_fields(page: str) -> dict[str, str]:
    """Inputs, areas and chosen options by name."""
    found = {
        name: html.unescape(text)
        for name, text in re.findall(r'<input[^>]* name="([\w.]+)"[^>]* value="([^"]*)"', page)
    }
    found |= {
        name: html.unescape(text.removeprefix("\n"))
        for name, text in re.findall(r'<textarea[^>]* name="([\w.]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    }
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="(\w+)" selected', options)
        found |= {name: chosen[1]} if chosen else {}
    return found


def text_of(page: str) -> str:
    """What a reader sees."""
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def test_every_text_stands_in_both_languages_and_every_choice_has_its_words() -> None:
    pl, en = VIEWS.texts(Language.PL), VIEWS.texts(Language.EN)
    assert names(pl) == names(en)
    for t in (pl, en):
        assert set(t["risks"]) == {each.value for each in RiskClass}
        assert set(t["statuses"]) == {each.value for each in Status}
        assert set(t["step_names"]) == {each.value for each in Step}
        assert set(t["origins"]) == {each.value for each in Origin}
        assert set(t["job_states"]) == set(t["job_means"]) == {each.value for each in JobState}
        assert set(t["whys"]) == {each.value for each in Why}
        assert set(t["actions"]) == {each.value for each in Action}
        assert set(t["reasons"]) == {each.value for each in Reason}
        assert set(t["states"]) == {"all", *STATES}
        assert set(t["sorts"]) == set(SORTS)


def names(texts: Mapping[str, Any], before: str = "") -> set[str]:
    return {f"{before}{name}" for name in texts} | {
        deeper for name, each in texts.items() if isinstance(each, dict) for deeper in names(each, f"{before}{name}.")
    }


def test_only_editors_and_managers_come_in(article: str, address: str) -> None:
    nobody = httpx.get(f"{address}/editor")
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/desk/sign-in?lang=pl")
    anna = Room(address, "Anna").http
    assert anna.get("/editor").status_code == 403
    assert anna.post(f"/editor/articles/{article}/archive").status_code == 403
    assert anna.put(f"/api/v1/editor/article/{article}/working-copy", json={"base": 1, "fields": {}}).status_code == 403
    assert Room(address, "Jan").http.get("/editor").status_code == 200


def test_an_editor_lands_in_the_room_after_signing_in(address: str) -> None:
    account = next(each for each in DEMONSTRATION_STAFF if each.name == "Zofia")
    answer = httpx.post(f"{address}/desk/sign-in", data={"email": account.email, "password": account.password})
    assert answer.headers["location"].startswith("/editor")


def test_another_sites_page_changes_nothing(article: str, zofia: Room) -> None:
    for path in (f"/editor/articles/{article}", f"/api/v1/editor/articles/{article}/preview"):
        assert zofia.http.post(path, headers={"Origin": "https://evil.example"}).status_code == 403


def test_the_list_is_searched_and_filtered(article: str, zofia: Room) -> None:
    for query, found in (("q=rg-help", 1), ("risk=protect", 1), ("category=nothing", 0), ("sort=asked&q=pay-40", 1)):
        assert f"{found} articles" in zofia.http.get(f"/editor?lang=en&{query}").text
    zofia.kept(article, pl_title="Kiedy przyjdą pieniądze?")
    drafts = zofia.http.get("/editor?lang=pl&state=draft").text
    assert "Kiedy przyjdą pieniądze?" in drafts
    assert "rg-help" not in drafts.partition("<tbody>")[2]


def test_what_is_written_becomes_a_version_beside_which_the_old_one_stands(article: str, zofia: Room) -> None:
    page = zofia.kept(article, pl_title="Kiedy wypłata", note="krócej")
    assert page.status_code == 200
    assert "Version 2 is kept." in page.text
    assert "version 2, Zofia" in text_of(zofia.get(f"/articles/{article}"))
    history = text_of(zofia.get(f"/articles/{article}/versions"))
    assert "krócej" in history
    compared = zofia.get(f"/articles/{article}/versions/2")
    assert "<ins>Kiedy</ins>" in compared
    assert "<del>Title</del>" in compared
    restored = zofia.post(f"/articles/{article}/versions/1/restore")
    assert "Version 3 is kept." in restored.text
    assert zofia.fields(article)["pl.title"] == f"Title of {article}"


def test_keeping_what_has_not_changed_makes_no_version(article: str, zofia: Room) -> None:
    assert zofia.kept(article).url.params["kept"] == "1"


def test_what_is_typed_is_there_after_coming_back_however_unfinished(article: str, zofia: Room, olek: Room) -> None:
    typed = {"pl.title": "Kie", "pl.reviewed": "jutro", "nonsense": "x"}
    saved = zofia.api("PUT", f"article/{article}/working-copy", {"base": 1, "fields": typed})
    assert saved.json()["newer"] is None
    assert zofia.fields(article)["pl.title"] == "Kie"
    assert zofia.fields(article)["pl.reviewed"] == "jutro"
    assert "Also writing here: Zofia." in olek.get(f"/articles/{article}")
    refused = zofia.post(f"/articles/{article}", zofia.fields(article))
    assert refused.status_code == 422
    assert "Give a date" in refused.text
    zofia.post(f"/articles/{article}/discard")
    assert zofia.fields(article)["pl.title"] == f"Title of {article}"


def test_two_who_change_different_things_lose_nothing(article: str, zofia: Room, olek: Room) -> None:
    began = olek.fields(article)
    zofia.kept(article, pl_title="Tytuł Zofii", pl_phrasings=began["pl.phrasings"] + "\nod Zofii")
    told = olek.api("PUT", f"article/{article}/working-copy", {"base": 1, "fields": {"en.title": "Olek's"}})
    assert told.json()["newer"] == {"number": 2, "by": "Zofia"}
    late = olek.post(
        f"/articles/{article}",
        began | {"en.title": "Olek's title", "pl.phrasings": began["pl.phrasings"] + "\nod Olka"},
    )
    assert late.status_code == 409
    assert "both are put together" in late.text
    merged = form_fields(late.text)
    assert (merged["pl.title"], merged["en.title"], merged["base"]) == ("Tytuł Zofii", "Olek's title", "2")
    assert merged["pl.phrasings"].splitlines()[-2:] == ["od Zofii", "od Olka"]
    assert olek.post(f"/articles/{article}", merged).url.params["kept"] == "3"


def test_two_who_change_the_same_thing_see_both(article: str, zofia: Room, olek: Room) -> None:
    began = olek.fields(article)
    zofia.kept(article, pl_title="Tytuł Zofii")
    late = olek.post(f"/articles/{article}", began | {"pl.title": "Tytuł Olka"})
    assert late.status_code == 409
    assert form_fields(late.text)["pl.title"] == "Tytuł Olka"
    assert "Tytuł Zofii" in late.text
    assert olek.fields(article)["pl.title"] == "Tytuł Olka"


def test_what_protects_players_is_published_only_after_a_second_editor(zofia: Room, olek: Room) -> None:
    zofia.kept("rg-help", pl_title="Gdzie szukać pomocy", then="review")
    assert "Somebody else reviews this." in zofia.get("/articles/rg-help")
    refused = zofia.post("/publish", {"chosen": "article/rg-help:2"})
    assert refused.status_code == 409
    assert zofia.post("/articles/rg-help/approve", {"number": "2"}).status_code == 403
    olek.post("/articles/rg-help/return", {"number": "2", "note": "za krótko"})
    zofia.kept("rg-help", pl_title="Gdzie szukać pomocy od zaraz", then="review")
    olek.post("/articles/rg-help/approve", {"number": "3", "note": "dobrze"})
    assert 'value="article/rg-help:3" checked' in zofia.get("/publish")
    history = text_of(olek.get("/articles/rg-help/versions"))
    assert "za krótko" in history
    assert "approved: Olek" in history


def test_a_change_that_needs_nobody_can_be_published_at_once(article: str, zofia: Room) -> None:
    zofia.kept(article, pl_title="Kiedy wypłata")
    assert f'value="article/{article}:2" checked' in zofia.get("/publish")
    assert zofia.post("/publish").status_code == 422
    assert zofia.post("/publish", {"chosen": "nonsense"}).status_code == 422


def previewed(article: str, room: Room, **changes: str) -> dict[str, Any]:
    changed = {re.sub(r"^(pl|en)_", r"\1.", name): text for name, text in changes.items()}
    fields = {k: v for k, v in room.fields(article).items() if k not in {"base", "note"}} | changed
    found: dict[str, Any] = room.api("POST", f"articles/{article}/preview", {"base": 1, "fields": fields}).json()
    return found


def test_the_preview_shows_the_text_in_all_channels_with_its_facts(article: str, fact: str, zofia: Room) -> None:
    found = previewed(article, zofia)["pl"]
    assert found["facts"] == {fact: "24\N{NO-BREAK SPACE}godziny"}
    for channel in ("page", "chat", "mail"):
        assert "24\N{NO-BREAK SPACE}godzin." in found[channel]
    assert "Dzień dobry" in found["mail"]
    assert found["faults"] == []


def test_scripts_raw_html_foreign_links_and_images_come_through_as_text(article: str, zofia: Room) -> None:
    found = previewed(article, zofia, pl_body=f"{BODY['pl']}\n\n{ATTACK}")["pl"]
    for channel in ("page", "chat", "mail"):
        assert not re.search(r"<script|<img|href=.javascript", found[channel])
    assert {fault["line"] for fault in found["faults"]} == {3, 5}


@pytest.mark.parametrize(
    "code",
    ["{{ fact.nothing }}", "{{ ''.__class__.__mro__ }}", "{% for x in range(9) %}", "{{ 9 * ' ' }}", "{{ }}", "{% raw"],
)
def test_template_code_runs_nowhere_and_is_shown_at_its_line(article: str, zofia: Room, code: str) -> None:
    found = previewed(article, zofia, pl_body=f"{BODY['pl']}\n\nDrugi akapit.\n{code}")["pl"]
    (fault,) = [each for each in found["faults"] if each["is_fatal"]]
    assert (fault["field"], fault["line"]) == ("pl.body", 4)
    assert found["page"] == ""


def test_a_phrasing_too_close_to_anothers_is_told_and_so_are_only_formal_ones(article: str, zofia: Room) -> None:
    everything = [
        "Proszę o informację, jaki jest status.",
        "Czy mogliby Państwo sprawdzić?",
        "Uprzejmie pytam.",
        "Kiedy?",
    ]
    body = {"lang": "pl", "checked": everything[:1], "everything": everything}
    found = zofia.api("POST", f"articles/{article}/phrasings", body).json()
    assert "status mojej wypłaty" in found["warnings"][0]["text"]
    assert found["formal"]
    body = {"lang": "pl", "checked": ["kiedy hajs"], "everything": ["kiedy hajs", "hajs kiedy", "elo"]}
    found = zofia.api("POST", f"articles/{article}/phrasings", body).json()
    assert "hajs kiedy" in found["warnings"][0]["text"]
    assert found["formal"] == ""


def test_five_hundred_phrasings_are_kept_and_shown(article: str, zofia: Room) -> None:
    many = "\n".join(f"pytanie numer {n}" for n in range(500))
    assert zofia.kept(article, pl_phrasings=many).url.params["kept"] == "2"
    assert zofia.fields(article)["pl.phrasings"] == many


def test_a_pasted_picture_is_too_big_and_the_text_is_not_lost(article: str, zofia: Room) -> None:
    huge = f"{BODY['pl']} ![x](data:image/png;base64,{'A' * 300_000})"
    refused = zofia.kept(article, pl_body=huge)
    assert refused.status_code == 422
    assert "too long" in refused.text
    assert form_fields(refused.text)["pl.body"] == huge


def test_a_new_article_begins_as_a_draft_with_a_name_of_its_own(zofia: Room) -> None:
    form = {"id": "new-one", "title": "Nowy", "category": "payouts", "risk": "auto"}
    assert "draft" in zofia.post("/articles/new", form).text
    again = zofia.post("/articles/new", form)
    assert again.status_code == 409
    assert 'value="Nowy"' in again.text
    assert zofia.post("/articles/new", form | {"id": "Źle nazwany"}).status_code == 422


def test_a_changed_fact_shows_each_text_in_both_languages(fact: str, zofia: Room) -> None:
    page = zofia.get(f"/facts/{fact}")
    fields = form_fields(page) | {"shape": "one", "value": "48"}
    touched = text_of(zofia.post(f"/facts/{fact}/touched", fields).text)
    for words in ("do 24\N{NO-BREAK SPACE}godzin", "do 48\N{NO-BREAK SPACE}godzin", "takes 48\N{NO-BREAK SPACE}hours"):
        assert words in touched
    assert "Version 2" in zofia.post(f"/facts/{fact}", fields).text.replace("version 2", "Version 2")
    wrong = zofia.post(f"/facts/{fact}", fields | {"base": "2", "value": "dwa dni"})
    assert wrong.status_code == 422
    assert 'value="dwa dni"' in wrong.text


def test_a_fact_in_use_cannot_be_deleted_and_the_page_says_where_it_stands(
    article: str, fact: str, zofia: Room
) -> None:
    refused = zofia.post(f"/facts/{fact}/archive", {"note": "po co"})
    assert refused.status_code == 409
    assert article in refused.text


def test_of_two_who_change_a_fact_the_later_sees_the_newer_value(fact: str, zofia: Room, olek: Room) -> None:
    began = form_fields(olek.get(f"/facts/{fact}")) | {"shape": "one"}
    zofia.post(f"/facts/{fact}", began | {"value": "36"})
    late = olek.post(f"/facts/{fact}", began | {"value": "48"})
    assert late.status_code == 409
    assert 'value="48"' in late.text
    assert "<dd>36</dd>" in late.text


def test_what_does_not_exist_is_told_kindly(article: str, zofia: Room) -> None:
    for path in (
        "/articles/nothing",
        "/facts/nothing",
        f"/articles/{article}/versions/9",
        "/releases/99",
        "/publish/jobs/x",
    ):
        answer = zofia.http.get(f"/editor{path}?lang=en")
        assert answer.status_code == 404
        assert 'role="alert"' in answer.text


def test_the_page_says_how_many_phrasings_are_needed(article: str, zofia: Room) -> None:
    page = zofia.get(f"/articles/{article}")
    assert f"At least {PHRASINGS_MIN[Language.PL]}." in page


def imported(room: Room, name: str, data: bytes) -> httpx.Response:
    return room.http.post("/editor/import?lang=en", files={"files": (name, data)})


def test_a_table_becomes_drafts_after_a_plan_and_a_yes(zofia: Room) -> None:
    table = "question;answer;category\nGdzie są spiny?;W zakładce bonusów.;bonusy\nA to?;;bonusy\n".encode("cp1250")
    job = imported(zofia, "pytania.csv", table).url.path.removeprefix("/editor")
    eventually(lambda: "1 drafts will be made" in zofia.get(job))
    plan = text_of(zofia.get(job))
    assert "There is no answer." in plan
    assert "draft" not in zofia.http.get("/editor?lang=en&q=spiny").text.partition("<tbody>")[2]
    zofia.post(f"{job}/apply")
    eventually(lambda: "1 drafts were made" in zofia.get(job))
    assert "Gdzie są spiny?" in zofia.http.get("/editor?lang=en&state=draft").text


def test_a_file_of_another_kind_is_refused_with_what_to_do(zofia: Room) -> None:
    refused = imported(zofia, "photo.png", b"x")
    assert refused.status_code == 422
    assert "Choose a .csv table" in refused.text
