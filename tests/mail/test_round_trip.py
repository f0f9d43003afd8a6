"""From a player's mail program to the desk and back, over real servers."""

from __future__ import annotations

import secrets
from pathlib import Path

from tests.mail.dovecot import Dovecot
from tests.mail.house import ADDRESS, PLAYER, house, letter, reply_to
from tests.mail.smtp import Post
from tests.serving import eventually


def test_a_mail_is_answered_at_the_desk_and_the_answer_stands_in_the_right_thread(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    with house(tmp_path, mailboxes, *post) as here:
        mailboxes.deliver(letter("kiedy przyjdą pieniądze\n\nPozdrawiam\nJan Gracz\ntel. 600 100 200"))
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

        mailboxes.deliver(reply_to(answer, "dziękuję, a ile trwa BLIK?"))
        again = here.until_queued("a ile trwa BLIK", view="mine")
        assert again["id"] == row["id"]
        assert again["last_text"] == "dziękuję, a ile trwa BLIK?"
        assert "Moje konto" in here.events(row["id"])[-1]["mail"]["rest"]


def test_a_letter_waits_for_a_person_and_nothing_goes_out_by_itself(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    with house(tmp_path, mailboxes, *post) as here:
        mailboxes.deliver(letter("kiedy przyjdą pieniądze"))
        row = here.until_queued("kiedy przyjdą pieniądze")
        assert [event["author"] for event in here.events(row["id"])] == ["player"]
    assert post[0].taken == []


def test_a_written_answer_after_closing_opens_the_conversation_again(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    with house(tmp_path, mailboxes, *post) as here:
        mailboxes.deliver(letter("halo"))
        row = here.until_queued("halo")
        here.anna.do(row["id"], "take")
        here.anna.do(row["id"], "messages", client_id=secrets.token_hex(8), text="Słucham?", subject="O co chodzi")
        here.anna.do(row["id"], "close", outcome="solved")
        (answer,) = here.until_mails(1)
        assert answer["Subject"].startswith("O co chodzi [#")

        # A program that drops the references, and another subject: only our token is left.
        mailboxes.deliver(letter("jeszcze jedno", f"inny temat {answer['Subject'][-13:]}", Message_ID="<9@x.example>"))
        again = here.until_queued("jeszcze jedno")
        assert again["id"] == row["id"]
        assert here.events(row["id"], "reopened")
