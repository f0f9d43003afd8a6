"""What goes out by itself: nothing, unless it was switched on; and a hand held out in a crisis."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.conversations.by_itself import ByItself
from bot.decision import Action, Reason
from knowledge_base.article import RiskClass
from tests.fakes import ANSWER, ARTICLES, ESCALATE, FakeBot, article, decision
from tests.mail.dovecot import Dovecot
from tests.mail.house import house, letter, reply_to
from tests.mail.smtp import Post
from tests.serving import eventually

CRISIS = decision(Action.ESCALATE, Reason.CRISIS, "Zadzwoń: 116 123.")
BONUS = decision(Action.ANSWER, Reason.CONFIDENT, "Bonus!", confidence=0.9, articles=("promo-welcome",))


def bot() -> FakeBot:
    promo = article("promo-welcome", ("Bonus powitalny", "Bonus."), ("Welcome bonus", "Bonus."))
    return FakeBot(
        decisions=dict(FakeBot().decisions) | {"nie chcę żyć": CRISIS, "bonus": BONUS},
        articles=dict(ARTICLES) | {"promo-welcome": promo},
    )


def test_switched_on_an_answer_goes_out_says_what_it_is_and_a_person_is_still_promised(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    with house(tmp_path, mailboxes, *post, bot(), mail_automatic="auto") as here:
        mailboxes.deliver(letter("kiedy przyjdą pieniądze"))
        (answer,) = here.until_mails(1)
        text = answer.get_body(("plain",)).get_content()
        assert "To automatyczna odpowiedź" in text
        assert "wystarczy odpisać na tę wiadomość" in text
        assert "Źródło: Ile trwa wypłata" in text
        assert (answer["Auto-Submitted"], answer["In-Reply-To"]) == ("auto-replied", "<1@poczta.example>")
        row = here.until_queued("kiedy przyjdą pieniądze")
        assert (row["status"], row["due_at"] is not None) == ("waiting", True)

        # Two machines that do not know each other for such: it ends by itself.
        for number in range(12):
            raw = letter("kiedy przyjdą pieniądze", f"nr {number}", Message_ID=f"<loop{number}@x.example>")
            mailboxes.deliver(raw)
        eventually(
            lambda: len(here.queue("mail")) == 13 and all(row["status"] == "waiting" for row in here.queue("mail"))
        )
        here.until_mails(5)
    assert len(mailboxes.mails("gracz")) == 5


def test_a_new_letter_is_confirmed_where_that_is_switched_on_and_only_once(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    with house(tmp_path, mailboxes, *post, mail_receipts=True) as here:
        mailboxes.deliver(letter("halo"))
        (receipt,) = here.until_mails(1)
        assert "jej numer to" in receipt.get_body(("plain",)).get_content()
        assert (receipt["Auto-Submitted"], receipt["In-Reply-To"]) == ("auto-replied", "<1@poczta.example>")
        mailboxes.deliver(reply_to(receipt, "jeszcze coś dodam"))
        row = here.until_queued("jeszcze coś dodam")
        assert len(here.events(row["id"])) == 2
        assert row["due_at"] is not None
    assert len(mailboxes.mails("gracz")) == 1


def test_help_lines_go_out_at_once_and_never_a_promotion_afterwards(
    tmp_path: Path, mailboxes: Dovecot, post: tuple[Post, int]
) -> None:
    with house(tmp_path, mailboxes, *post, bot(), mail_automatic="auto,protect") as here:
        mailboxes.deliver(letter("nie chcę żyć"))
        (help_lines,) = here.until_mails(1)
        assert "116 123" in help_lines.get_body(("plain",)).get_content()
        row = here.until_queued("nie chcę żyć")
        assert (row["urgency"], row["is_protected"]) == ("crisis", True)
        assert here.queue()[0]["id"] == row["id"]

        mailboxes.deliver(letter("bonus", "Bonus", Message_ID="<bonus@x.example>"))  # a new thread, the same address
        later = here.until_queued("bonus")
        assert later["is_protected"]
        eventually(lambda: here.anna.get(f"conversations/{later['id']}/suggestions")["is_ready"])
        drafts = here.anna.get(f"conversations/{later['id']}/suggestions")["suggestions"]
        assert "promo-welcome" not in [draft["article"]["id"] for draft in drafts]
    assert len(mailboxes.mails("gracz")) == 1


@pytest.mark.parametrize(
    ("classes", "help_lines", "about", "expected"),
    [
        (frozenset(), True, ANSWER, False),
        (frozenset({RiskClass.AUTO}), True, ANSWER, True),
        (frozenset({RiskClass.PROTECT}), True, ANSWER, False),
        (frozenset({RiskClass.AUTO}), True, ESCALATE, False),
        (frozenset(), True, CRISIS, True),
        (frozenset(), False, CRISIS, False),
    ],
)
def test_risk_classes_decide(classes: frozenset[RiskClass], help_lines: bool, about: object, expected: bool) -> None:
    assert ByItself(classes, help_lines).goes(about, FakeBot()) is expected  # type: ignore[arg-type]
