"""Replies as mail programs write them, without what they quote."""

from __future__ import annotations

import pytest

from api.mail.quoting import split_reply

OURS = "> Dzień dobry,\n> wypłata jest w drodze."
HEADINGS = {
    "Gmail, Polish": "czw., 26 lis 2026 o 12:00 Bursztyn Casino <pomoc@bursztyn.example> napisał(a):",
    "Gmail in two lines": "czw., 26 lis 2026 o 12:00 Bursztyn Casino <\npomoc@bursztyn.example> napisał(a):",
    "Gmail, English": "On Thu, 26 Nov 2026 at 12:00, Bursztyn Casino <pomoc@bursztyn.example> wrote:",
    "Thunderbird": "W dniu 26.11.2026 o 12:00, Bursztyn Casino pisze:",
    "Apple Mail": "Wiadomość napisana przez Bursztyn Casino w dniu 26 lis 2026, o godz. 12:00:",
    "Onet, WP": "Dnia 26 listopada 2026 12:00 Bursztyn Casino <pomoc@bursztyn.example> napisał(a):",
    "date first": "2026-11-26 12:00, Bursztyn Casino pisze:",
}
OUTLOOK = """
________________________________
Od: Bursztyn Casino <pomoc@bursztyn.example>
Wysłane: czwartek, 26 listopada 2026 12:00
Do: Jan Gracz
Temat: Re: Wypłata

Dzień dobry, wypłata jest w drodze."""


@pytest.mark.parametrize("heading", HEADINGS.values(), ids=HEADINGS.keys())
def test_the_history_below_an_answer_is_taken_off_and_kept_beside_it(heading: str) -> None:
    written, rest = split_reply(f"Dziękuję, a ile to potrwa?\n\n{heading}\n{OURS}\n")
    assert written == "Dziękuję, a ile to potrwa?"
    assert "wypłata jest w drodze" in rest
    assert "26" in rest


@pytest.mark.parametrize("above", ["Dziękuję, a ile to potrwa?", "Od: a\nto nie jest nagłówek"])
def test_outlook_quotes_without_marks(above: str) -> None:
    assert split_reply(above + "\n" + OUTLOOK) == (above, OUTLOOK.strip())


def test_old_outlook_says_original_message() -> None:
    written, rest = split_reply("Tak.\n\n-----Oryginalna wiadomość-----\nOd: Bursztyn\nTreść")
    assert (written, "Treść" in rest) == ("Tak.", True)


def test_an_answer_below_or_between_quotes_is_kept() -> None:
    heading = HEADINGS["Thunderbird"]
    assert split_reply(f"{heading}\n{OURS}\n\nA ile to potrwa?")[0] == "A ile to potrwa?"
    between = f"{heading}\n> Jaki bank?\nmBank\n> Jaka kwota?\n200 zł"
    assert split_reply(between)[0] == "mBank\n200 zł"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nJan Gracz\nul. Długa 5, Warszawa",
        "Pozdrawiam\nJan Gracz\ntel. 600 100 200",
        "Pozdrawiam serdecznie,\nJan",
        "Z poważaniem\nAnna Maria Nowak-Kowalska\nFirma Sp. z o.o.\nwww.firma.example",
        "Wysłano z mojego iPhone'a",
        "Wysłane z telefonu Samsung",
        "Sent from my iPhone",
        "Pobierz aplikację Outlook dla systemu Android",
        "Best regards\nJohn Smith",
    ],
)
def test_signatures_are_taken_off(signature: str) -> None:
    written, rest = split_reply(f"Gdzie moja wypłata?\n\n{signature}")
    assert (written, rest.replace("--\n", "-- \n")) == ("Gdzie moja wypłata?", signature)


@pytest.mark.parametrize(
    "text",
    [
        "Przegrałem wszystko.\n\nPozdrawiam\nnie chcę już żyć",
        "Mam pytanie.\nPozdrawiam\nPS. nie mogę przestać grać",
        "Lista:\n- jeden\n- dwa",
        "Dziękuję za odpowiedź, ale to nie pomogło",
        "Od: kiedy to działa?\nDo: kiedy?",
        "Napisał(a): tak",
        "On mi tak pisze:\nnie oddam",
    ],
)
def test_what_only_looks_like_a_signature_or_a_quote_stays(text: str) -> None:
    assert split_reply(text) == (text, "")


def test_a_mail_of_nothing_but_quotes_is_shown_whole() -> None:
    assert split_reply(OURS) == (OURS, "")
    assert split_reply("") == ("", "")


def test_a_hundred_thousand_lines_take_no_time_to_speak_of() -> None:
    text = "W dniu " * 20_000 + "\n" + "On " * 20_000 + "\n" + "x\n" * 60_000
    assert split_reply(text)[0].startswith("W dniu")
