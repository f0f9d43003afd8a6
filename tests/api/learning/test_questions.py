"""From what players ask in vain to a phrasing, a new article, or aside: over HTTP, as editors and consultants do it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from bot.decision import Action, Reason
from tests.fakes import ANSWER, FakeBot, decision
from tests.learning_fakes import word_engine
from tests.serving import Consultant, Player, messages, quick_settings, serving

CRICKET = ("czy można obstawiać krykieta", "czy można obstawiać krykieta u was", "można obstawiać krykieta")
CRISIS = decision(Action.ESCALATE, Reason.CRISIS, "Zadzwoń.")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bot = FakeBot({"kiedy przyjdą pieniądze": ANSWER, "nie chcę żyć": CRISIS})
    with serving(quick_settings(tmp_path_factory.mktemp("questions"), demo=True), word_engine(bot)) as started:
        yield started


@pytest.fixture(scope="module")
def anna(address: str) -> Consultant:
    return Consultant(address, "Anna")


@pytest.fixture(scope="module")
def zofia(address: str) -> httpx.Client:
    return Consultant(address, "Zofia").http


def said(address: str, text: str, *more: str) -> Player:
    """A player who has said so and got a reply."""
    player = Player(address)
    for number, each in enumerate((text, *more), 1):
        player.say(each)
        player.until_said("bot", number)
    return player


def conversation(player: Player) -> str:
    return str(player.state()["conversation"]["id"])


def sections(page: str) -> list[str]:
    """The groups of the page."""
    return re.findall(r'<section class="group".*?</section>', page, re.S)


def group(zofia: httpx.Client, text: str, tab: str = "groups") -> tuple[str, list[str]]:
    """The group in which a text stands, and the ids of its questions."""
    page = zofia.get(f"/editor/questions?tab={tab}&lang=pl").text
    asked = re.compile(rf'<span lang="..">[^<]*{re.escape(text)}')
    (found,) = [each for each in sections(page) if asked.search(each)]
    return found, re.search(r'name="ids" value="([\d,]+)"', found)[1].split(",")  # type: ignore[index]


def test_only_editors_come_in(address: str, anna: Consultant) -> None:
    assert httpx.get(f"{address}/editor/questions").headers["location"].startswith("/desk/sign-in")
    refused = anna.http.get("/editor/questions?lang=pl")
    assert (refused.status_code, "Tu wchodzą redaktorzy" in refused.text) == (403, True)


def test_a_group_becomes_phrasings_that_wait_as_a_draft(address: str, zofia: httpx.Client) -> None:
    for text in CRICKET:
        said(address, text)
    said(address, "zupełnie inna sprawa xyz")
    found, ids = group(zofia, CRICKET[0])
    page = zofia.get("/editor/questions?lang=pl").text

    assert len(ids) == 3
    assert "oddane człowiekowi 3" in found
    assert page.index(CRICKET[2]) < page.index("zupełnie inna")
    form = {"ids": ",".join(ids), "phrase": ids[:2], "article": "withdrawal-time"}
    done = zofia.post("/editor/questions/phrasings?lang=pl", data=form, follow_redirects=True)
    assert "czekają jako szkic" in done.text
    assert CRICKET[0] not in zofia.get("/editor/questions?lang=pl").text
    article = zofia.get("/editor/articles/withdrawal-time?lang=pl").text
    assert sum(text in article for text in CRICKET) == 2


def test_nothing_ticked_or_no_such_article_is_said_and_changes_nothing(address: str, zofia: httpx.Client) -> None:
    said(address, "gdzie znajdę kupony lotnicze")
    _, ids = group(zofia, "kupony lotnicze")
    nothing = zofia.post("/editor/questions/phrasings?lang=pl", data={"ids": ids[0], "article": "withdrawal-time"})
    unknown = zofia.post(
        "/editor/questions/phrasings?lang=pl", data={"ids": ids[0], "phrase": ids, "other": "no-such-article"}
    )

    assert (nothing.status_code, "Zaznacz przynajmniej jedno pytanie" in nothing.text) == (422, True)
    assert (unknown.status_code, "Nie ma takiego artykułu" in unknown.text) == (404, True)
    assert group(zofia, "kupony lotnicze")[1] == ids


def test_a_new_article_begins_with_what_the_consultant_answered(
    address: str, anna: Consultant, zofia: httpx.Client
) -> None:
    player = said(address, "czy organizujecie turnieje szachowe")
    anna.do(conversation(player), "take")
    anna.say(conversation(player), "Turnieje szachowe są w soboty, zapisy pod anna@example.com.")
    _, ids = group(zofia, "turnieje szachowe")
    form = zofia.post("/editor/questions/article?lang=pl", data={"ids": ",".join(ids), "phrase": ids}).text

    assert "Turnieje szachowe są w soboty, zapisy pod [email]." in form
    assert 'value="czy-organizujecie-turnieje-szachowe"' in form
    typed = {
        "ids": ",".join(ids), "lang": "pl", "id": "Bad Name", "title": "Turnieje", "category": "games",
        "body": "W soboty.", "phrasings": "czy są turnieje",
    }  # fmt: skip
    bad = zofia.post("/editor/questions/article/new?lang=pl", data=typed)
    assert bad.status_code == 422
    assert all(words in bad.text for words in ("Bad Name", "W soboty.", "czy są turnieje"))
    good = zofia.post("/editor/questions/article/new?lang=pl", data=typed | {"id": "chess"})
    assert good.headers["location"] == "/editor/articles/chess?lang=pl"
    assert "W soboty." in zofia.get("/editor/articles/chess?lang=pl").text
    assert "turnieje szachowe" not in zofia.get("/editor/questions?lang=pl").text


def test_what_is_set_aside_stays_so_also_when_it_is_asked_again_and_can_be_brought_back(
    address: str, zofia: httpx.Client
) -> None:
    said(address, "sprzedacie mi samochód osobowy")
    _, ids = group(zofia, "samochód osobowy")
    zofia.post("/editor/questions/settle?lang=pl", data={"ids": ",".join(ids), "what": "aside"})
    said(address, "sprzedacie mi samochód osobowy")

    assert "samochód" not in zofia.get("/editor/questions?lang=pl").text
    _, aside = group(zofia, "samochód osobowy", "aside")
    assert len(aside) == 2
    zofia.post("/editor/questions/settle?lang=pl", data={"ids": ",".join(aside), "what": "back", "tab": "aside"})
    assert len(group(zofia, "samochód osobowy")[1]) == 2


def test_an_answer_that_did_not_help_and_one_given_otherwise_are_there(address: str, zofia: httpx.Client) -> None:
    player = said(address, "kiedy przyjdą pieniądze")
    about = messages(player.events(), "bot")[-1]["number"]
    player.http.post("/conversations/current/feedback", json={"about": about, "is_helpful": False})
    found, _ = group(zofia, "kiedy przyjdą pieniądze")

    assert "nie pomogło 1" in found
    assert 'value="withdrawal-time"' in found


def test_a_protected_conversation_is_in_no_group(address: str, zofia: httpx.Client) -> None:
    said(address, "pytanie o żaglówki morskie", "nie chcę żyć")

    assert "żaglówki" not in zofia.get("/editor/questions?lang=pl").text


def test_the_desk_flags_by_one_call_and_editors_see_it_masked(
    address: str, anna: Consultant, zofia: httpx.Client
) -> None:
    player = said(address, "kiedy przyjdą pieniądze", "to nieprawda, mój mail jan@example.com")
    flag = anna.do(conversation(player), "flag")
    again = anna.do(conversation(player), "flag")
    number = flag.json()["flag"]
    noted = anna.http.put(f"/api/v1/desk/flags/{number}", json={"note": "Zła liczba dni, zob. ewa@example.com"})
    strange = Consultant(address, "Marek").http.put(f"/api/v1/desk/flags/{number}", json={"note": "x"})
    page = zofia.get("/editor/questions?tab=flags&lang=pl").text

    assert (flag.status_code, again.json()["flag"], noted.status_code, strange.status_code) == (201, number, 200, 404)
    assert anna.do("c_none", "flag").json()["code"] == "conversation_not_found"
    assert "Zła liczba dni, zob. [email]" in page
    assert "mój mail [email]" in page
    assert "Zgłasza: Anna" in page
    assert 'href="/editor/articles/withdrawal-time?lang=pl"' in page
    zofia.post("/editor/questions/settle?lang=pl", data={"ids": str(number), "what": "done", "tab": "flags"})
    assert "Zła liczba dni" not in zofia.get("/editor/questions?tab=flags&lang=pl").text


def test_words_that_a_draft_answered_wait_for_an_editors_yes(
    address: str, anna: Consultant, zofia: httpx.Client
) -> None:
    player = said(address, "na kiedy kaska w portfelu")
    anna.do(conversation(player), "take")
    (draft,) = anna.get(f"conversations/{conversation(player)}/suggestions")["suggestions"]
    anna.say(conversation(player), draft["text"], suggestion_id=draft["id"])
    page = zofia.get("/editor/questions?tab=phrasings&lang=pl").text
    number = re.search(r'name="idea" value="(\d+)"[^>]*></td>\s*<th[^>]*><label[^>]*>na kiedy kaska', page)

    assert number is not None
    assert "na kiedy kaska" not in zofia.get("/editor/articles/withdrawal-time?lang=pl").text
    assert zofia.post("/editor/questions/ideas?lang=pl", data={"what": "yes"}).status_code == 422
    zofia.post("/editor/questions/ideas?lang=pl", data={"idea": number[1], "what": "yes"})
    assert "na kiedy kaska" in zofia.get("/editor/articles/withdrawal-time?lang=pl").text
    assert "na kiedy kaska" not in zofia.get("/editor/questions?tab=phrasings&lang=pl").text


@pytest.mark.parametrize("form", [{"ids": "x,9999999999,-1"}, {"ids": ""}, {"ids": "1", "phrase": ["1"] * 50}])
def test_any_form_is_answered(zofia: httpx.Client, form: dict[str, object]) -> None:
    for path in ("phrasings", "settle", "article", "article/new"):
        assert zofia.post(f"/editor/questions/{path}?lang=en", data=form).status_code in {200, 303, 404, 422}
