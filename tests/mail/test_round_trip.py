"""From a player's mail program to the desk and back, over real servers."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.mail.dovecot import dovecot
from tests.mail.house import ADDRESS, PLAYER, House, house, letter, reply_to
from tests.mail.smtp import smtp
from tests.serving import eventually


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("round")
    with dovecot() as mailboxes, smtp(mailboxes) as post, house(folder, mailboxes, *post) as standing:
        yield standing


def test_a_letter_waits_for_a_person_and_nothing_goes_out_by_itself(here: House) -> None:
    here.dovecot.deliver(letter("kiedy przyjdą pieniądze", Message_ID="<0@poczta.example>"))
    row = here.until_queued("kiedy przyjdą pieniądze")
    assert [event["author"] for event in here.events(row["id"])] == ["player"]
    here.anna.do(row["id"], "take")
    here.anna.do(row["id"], "close", outcome="spam")
    assert here.post.taken == []


def test_a_mail_is_answered_at_the_desk_and_the_answer_stands_in_the_right_thread(here: House) -> None:
    here.dovecot.deliver(letter("kiedy przyjdą pieniądze\n\nPozdrawiam\nJan Gracz\ntel. 600 100 200"))
    row = here.until_queued("kiedy przyjdą pieniądze")
    assert (row["channel"], row["reason"], row["subject"]) == ("email", "confident", "Wypłata")
    assert row["due_at"] is not None

    eventually(lambda: here.anna.get(f"conversations/{row['id']}/suggestions")["is_ready"])
    draft = here.anna.get(f"conversations/{row['id']}/suggestions")["suggestions"][0]
    here.anna.do(row["id"], "take")
    said = here.anna.say(row["id"], draft["text"], suggestion_id=draft["id"])
    assert said.status_code == 201, said.text

    (answer,) = here.until_mails(1)
    assert answer["From"] == f"Bursztyn Casino <{ADDRESS}>"
    assert answer["To"] == f"Jan Gracz <{PLAYER}>"
    assert answer["In-Reply-To"] == answer["References"] == "<1@poczta.example>"
    assert answer["Subject"].startswith("Re: Wypłata [#")
    assert answer["Auto-Submitted"] is None
    text = answer.get_body(("plain",)).get_content()
    assert "Skrill, Neteller, PayPal: do 24\N{NO-BREAK SPACE}godzin" in text
    assert "> kiedy przyjdą pieniądze" in text
    assert "600 100 200" not in text

    here.dovecot.deliver(reply_to(answer, "dziękuję, a ile trwa BLIK?"))
    again = here.until_queued("a ile trwa BLIK", view="mine")
    assert again["id"] == row["id"]
    assert again["last_text"] == "dziękuję, a ile trwa BLIK?"
    assert "Moje konto" in here.events(row["id"])[-1]["mail"]["rest"]


def test_a_written_answer_after_closing_opens_the_conversation_again(here: House) -> None:
    before = len(here.dovecot.mails("gracz"))
    here.dovecot.deliver(letter("halo", Message_ID="<3@poczta.example>"))
    row = here.until_queued("halo")
    here.anna.do(row["id"], "take")
    here.anna.do(row["id"], "messages", client_id=secrets.token_hex(8), text="Słucham?", subject="O co chodzi")
    here.anna.do(row["id"], "close", outcome="solved")
    answer = here.until_mails(before + 1)[-1]
    assert answer["Subject"].startswith("O co chodzi [#")

    # A program that drops the references, and another subject: only our token is left.
    raw = letter("jeszcze jedno", f"inny temat {answer['Subject'][-13:]}", Message_ID="<9@x.example>")
    here.dovecot.deliver(raw)
    again = here.until_queued("jeszcze jedno")
    assert again["id"] == row["id"]
    assert here.events(row["id"], "reopened")
