"""The form on its page and in the widget, on the same way as a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.mail.dovecot import dovecot
from tests.mail.house import PLAYER, House, house
from tests.mail.smtp import smtp
from tests.serving import Player, eventually, quick_settings, serving


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("form")
    with dovecot() as mailboxes, smtp(mailboxes) as post, house(folder, mailboxes, *post) as standing:
        yield standing


def fill(here: House, **fields: str) -> httpx.Response:
    """The page's form, sent without scripts."""
    page = httpx.get(f"{here.address}/contact?lang=pl").text
    found = re.search(r'name="client_id" value="(\w+)"', page)
    assert found
    typed = {"email": PLAYER, "name": "Jan", "subject": "Limit", "text": "Jak zmienić limit?", "client_id": found[1]}
    return httpx.post(f"{here.address}/contact?lang=pl", data=typed | fields)


def test_the_form_is_a_letter_that_a_person_answers_by_mail(here: House) -> None:
    sent = fill(here, text="Mój PESEL to 44051401458, jak zmienić limit?")
    assert sent.status_code == 200
    assert f"Człowiek odpisze na {PLAYER} najpóźniej" in sent.text

    row = here.until_queued("jak zmienić limit?")
    assert (row["channel"], row["subject"]) == ("form", "Limit")
    assert "44051401458" not in row["last_text"]
    here.anna.do(row["id"], "take")
    here.anna.say(row["id"], "Tak: **Moje konto > Limity**.")
    (answer,) = here.until_mails(1)
    assert answer["Subject"].startswith("Re: Limit [#")
    assert "Tak: Moje konto > Limity." in answer.get_body(("plain",)).get_content()
    assert "<strong>Moje konto &gt; Limity</strong>" in answer.get_body(("html",)).get_content()


def test_sending_twice_is_sending_once(here: House) -> None:
    for _ in range(2):
        assert fill(here, text="raz czy dwa razy", client_id="a-double-click").status_code == 200
    here.until_queued("raz czy dwa razy")
    assert len([row for row in here.queue("mail") if row["last_text"] == "raz czy dwa razy"]) == 1


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"email": "to nie adres"}, "To nie wygląda na adres"),
        ({"email": "a@b.pl, c@d.pl"}, "To nie wygląda na adres"),
        ({"email": "a@b.pl\r\nBcc: everybody@x.pl"}, "To nie wygląda na adres"),
        ({"text": " \u200b "}, "Napisz, proszę, w czym pomóc"),
        ({"text": "x" * 10_001}, "za długa"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(here: House, fields: dict[str, str], word: str) -> None:
    refused = fill(here, **({"text": "Zostaję w polu"} | fields))
    assert refused.status_code in {400, 413, 422}
    assert word in refused.text
    assert fields.get("text", "Zostaję w polu")[:12].strip() in refused.text
    assert 'value="Limit"' in refused.text


def test_line_breaks_in_name_and_subject_start_no_header(here: House) -> None:
    fill(here, name="Jan\r\nBcc: all@x.pl", subject="Hej\r\nX-Evil: 1", text="z wstrzykniętym nagłówkiem")
    row = here.until_queued("z wstrzykniętym nagłówkiem")
    before = len(here.dovecot.mails("gracz"))
    here.anna.do(row["id"], "take")
    here.anna.do(row["id"], "messages", client_id="injected-1", text="Dobrze.", subject="Re: a\r\nBcc: b@x.pl")
    answer = here.until_mails(before + 1)[-1]
    assert (answer["Bcc"], answer["X-Evil"]) == (None, None)
    assert answer["To"] == f'"Jan Bcc: all@x.pl" <{PLAYER}>'
    assert answer["Subject"].startswith("Re: a Bcc: b@x.pl [#")


def test_the_widget_writes_for_the_same_player(here: House) -> None:
    player = Player(here.address, lang="en")
    body = {"client_id": "from-the-widget", "email": PLAYER, "text": "carried over from the chat", "lang": "en"}
    sent = player.http.post("/contact/messages", json=body)
    assert sent.status_code == 201
    assert sent.json()["email"] == PLAYER
    row = here.until_queued("carried over from the chat")
    assert here.anna.get(f"conversations/{row['id']}")["mail"]["address"] == PLAYER
    here.anna.do(row["id"], "take")
    assert here.anna.say(row["id"], "Done.", closes="solved").status_code == 201
    assert here.anna.get(f"conversations/{row['id']}")["status"] == "closed"
    assert here.events(player.state()["conversation"]["id"], "mail_noted")[0]["form"] == row["id"]
    refused = player.http.post("/contact/messages", json=body | {"email": "x", "client_id": "another-one"})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_address")


def test_a_chat_is_sent_to_its_player_as_a_letter(here: House) -> None:
    player = Player(here.address)
    before = len(here.dovecot.mails("gracz"))
    early = player.http.post("/conversations/current/transcript", json={"email": PLAYER})
    assert (early.status_code, early.json()["code"]) == (409, "nothing_said")
    player.say("kiedy przyjdą pieniądze, karta 4111 1111 1111 1111 [x](https://evil.example)")
    player.until_said("bot")
    assert player.http.post("/conversations/current/transcript", json={"email": PLAYER}).status_code == 202
    letter = here.until_mails(before + 1)[-1]
    text = letter.get_body(("plain",)).get_content()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "kiedy przyjdą pieniądze" in text
    assert "4111" not in text
    assert 'href="https://evil.example"' not in letter.get_body(("html",)).get_content()


def test_nobody_is_flooded_with_transcripts(here: House) -> None:
    player = Player(here.address)
    player.say("kiedy przyjdą pieniądze")
    player.until_said("bot")
    codes = [
        player.http.post("/conversations/current/transcript", json={"email": "inny@poczta.example"}).status_code
        for _ in range(6)
    ]
    assert codes == [202] * 5 + [429]


def test_without_a_mail_server_the_form_says_that_it_is_off(tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path)) as address:
        page = httpx.get(f"{address}/contact?lang=pl")
        assert "Formularz jest teraz wyłączony" in page.text
        sent = httpx.post(f"{address}/contact?lang=pl", data={"email": PLAYER, "text": "halo"})
        assert sent.status_code == 409


def test_the_demonstration_keeps_its_letters_in_a_folder(tmp_path: Path) -> None:
    with serving(quick_settings(tmp_path, demo=True)) as address:
        player = Player(address)
        player.say("kiedy przyjdą pieniądze")
        player.until_said("bot")
        player.http.post("/conversations/current/transcript", json={"email": PLAYER})
        eventually(lambda: len(list((tmp_path / "sent-mail" / "new").glob("*"))) == 1)
