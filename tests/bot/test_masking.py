"""Personal data never passes, what only looks like it does; offsets are those of the message as it came."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.masking import SECRETS, Personal, mask, mentions_masked
from bot.text import clean

PESEL = "44051401359"  # 4*1+4*3+0*7+5*9+1*1+4*3+0*7+1*9+3*1+5*3 = 101, and 101 + 9 is a multiple of 10
CARD = "4111 1111 1111 1111"  # the schemes' well-known test number
IBAN = "PL61 1090 1014 0000 0712 1981 2874"  # the example of the IBAN registry


def found(message: str) -> list[tuple[str, str]]:
    """Each item's kind with what stood in the message at its offsets."""
    return [(item.type.value, message[item.start : item.end]) for item in mask(message).items]


@pytest.mark.parametrize(
    ("kind", "before", "secret", "after"),
    [
        ("pesel", "mój pesel to ", PESEL, ", proszę"),
        ("pesel", "", PESEL, ""),
        ("pesel", "PESEL: ", "44051401358", " (z literówką)"),
        ("card", "płaciłem ", CARD, " wczoraj"),
        ("card", "karta ", CARD.replace(" ", ""), "."),
        ("card", "", CARD.replace(" ", "-"), ""),
        ("card", "karta ", "4111 1111 1111 1112", ""),
        ("pesel", "pesel", PESEL, ""),
        ("pesel", "numer ", "440514/01359", ""),
        ("pesel", "", "44 05 14 - 01359", " to ja"),
        ("card", "", "4111_1111_1111_1111", ""),
        ("card", "nowa: ", "4111/1111/1111/1111", ""),
        ("card", "", "4111  1111  1111  1111", " czy 4111?"),
        ("iban", "konto ", IBAN, ""),
        ("iban", "konto ", IBAN.replace(" ", ""), " w banku"),
        ("iban", "konto ", IBAN.removeprefix("PL"), ""),
        ("id_card", "dowód ", "ABA300000", ""),
        ("id_card", "dowód osobisty ", "ABC 123456", ""),
        ("id_card", "seria i numer: ", "ABA 300 000", ""),
        ("id_card", "", "A B A 300000", ""),
        ("id_card", "", "aba: 300000", ""),
        ("id_card", "paszport ", "ZS 0000177", " ważny"),
        ("phone", "mój telefon ", "600 700 800", ""),
        ("phone", "", "+48 600 700 800", " proszę dzwonić"),
        ("phone", "tel. ", "600700800", ","),
        ("phone", "call me at ", "+44 20 7946 0958", ""),
        ("email", "piszę z ", "jan.kowalski+kasyno@example.pl", ", dobrze?"),
        ("email", "mój to ", "jan.kowalski @ example.pl", ""),
        ("email", "", "jan.kowalski (at) example (dot) com", ""),
        ("email", "piszcie na adres ", "jkowalski małpa example kropka pl", ""),
        ("email", "reach me: ", "jan.k at gmail.com", " thanks"),
        ("password", "hasło: ", "Zima2024", ""),
        ("password", "moje hasło to ", "Zima2024", ""),
        ("password", "my password is ", "Summer99", ""),
        ("cvv", "CVV ", "123", ""),
        ("cvv", "kod cvv: ", "1234", ""),
        ("address", "", "ul. Długa 5/7, 00-238 Warszawa", ""),
        ("address", "I am at ", "10 Downing Street, London SW1A 2AA", ""),
    ],
)
def test_each_kind_is_masked_at_its_place(kind: str, before: str, secret: str, after: str) -> None:
    masked = mask(before + secret + after)
    assert [(i.type.value, i.start, i.end) for i in masked.items] == [(kind, len(before), len(before) + len(secret))]
    assert masked.text == clean(f"{before}[{kind}]{after}").text


def test_the_kinds_are_those_of_the_contract() -> None:
    assert {kind.value for kind in Personal} == {
        "pesel", "card", "iban", "id_card", "phone", "email", "password", "cvv", "address",
    }  # fmt: skip


def test_several_in_one_message_are_masked_in_their_order() -> None:
    message = f"Karta {CARD}, CVV 123, ważna 12/27, PESEL {PESEL}, jan@example.com, tel. +48 600 700 800"
    assert mask(message).text == "Karta [card], CVV [cvv], ważna 12/27, PESEL [pesel], [email], tel. [phone]"
    assert found(message) == [
        ("card", CARD), ("cvv", "123"), ("pesel", PESEL), ("email", "jan@example.com"), ("phone", "+48 600 700 800"),
    ]  # fmt: skip


def test_the_same_item_twice_is_masked_twice() -> None:
    assert mask(f"{PESEL} i jeszcze raz {PESEL}").text == "[pesel] i jeszcze raz [pesel]"


@pytest.mark.parametrize(
    ("message", "items"),
    [
        ("mail  \n a@b.pl", [("email", "a@b.pl")]),
        ("\u200b\u200b\tpesel\u00a0440514\u200b01359!", [("pesel", "440514\u200b01359")]),
        ("tel 600\u200b700\u200b800 i a@\u00adb.pl", [("phone", "600\u200b700\u200b800"), ("email", "a@\u00adb.pl")]),
        ("\U0001f600\ud800 a@b.pl", [("email", "a@b.pl")]),
        (f"dłuższy  tekst  przed  {CARD}", [("card", CARD)]),
    ],
)
def test_offsets_point_into_the_message_as_it_came(message: str, items: list[tuple[str, str]]) -> None:
    assert found(message) == items


@settings(deadline=None)
@given(
    st.text(" ,ąż\u200b\n\ud800xyz"),
    st.lists(st.sampled_from(["", "\u200b", "\x00", "\u00ad"]), min_size=10, max_size=10),
)
def test_invisible_characters_hide_no_number(before: str, between: list[str]) -> None:
    secret = PESEL[0] + "".join(invisible + digit for invisible, digit in zip(between, PESEL[1:], strict=True))
    masked = mask(f"{before} {secret} ok")
    start = len(before) + 1
    assert [(i.type.value, i.start, i.end) for i in masked.items] == [("pesel", start, start + len(secret))]


@pytest.mark.parametrize(
    "message",
    [
        "wpłaciłem 1500 zł i wygrałem 2 500 000 zł",
        "49,99 zł, 0.40 PLN, 20 000 zł",
        "12.03.2024 o 18:30, potem 2024-03-12 i 26/11/2026",
        "transakcja nr 123456789",
        "order 12345678901234",
        "nr zgłoszenia 2024/11/123",
        "transakcja TX-600700800",
        "mam kod BONUS2024 albo WELCOME100",
        "kod BLIK 777 123 nie działa",
        "hasło nie działa, nie pamiętam hasła",
        "my password was changed",
        "mam 18 lat i limit 35x",
        "aba 300 000 wygrałem, ABA 300 000 zł",
        "24h czekam na 100 spinów, wersja 8.2",
    ],
)
def test_what_only_looks_like_personal_data_stays(message: str) -> None:
    masked = mask(message)
    assert masked.items == ()
    assert masked.text == clean(message).text


def test_eleven_digits_that_nothing_names_and_no_check_digit_proves_stay() -> None:
    assert mask("44051401358").items == ()


@settings(deadline=None)
@given(st.one_of(st.text(st.characters(), max_size=80), st.text("0123456789 -.@:abcPLpesl\u200b", max_size=80)))
@example(f"{CARD} {PESEL}")
@example("a@b.pl" * 3)
def test_any_message_is_masked_to_the_clean_text_with_its_items_replaced(message: str) -> None:
    masked, cleaned = mask(message), clean(message)
    assert all(0 <= i.start < i.end <= len(message) for i in masked.items)
    assert all(a.end <= b.start for a, b in zip(masked.items, masked.items[1:], strict=False))
    kept = [(c, o) for c, o in zip(cleaned.text, cleaned.offsets, strict=True)]
    expected, done = "", 0
    for item in masked.items:
        expected += "".join(c for c, o in kept if done <= o < item.start) + f"[{item.type.value}]"
        done = item.end
    assert masked.text == expected + "".join(c for c, o in kept if o >= done)


@pytest.mark.parametrize("kind", list(Personal))
def test_a_text_masked_before_is_known_by_each_placeholder(kind: Personal) -> None:
    assert mentions_masked(f"mój to [{kind.value}], proszę")
    assert mentions_masked(f"[{kind.value}]")


@pytest.mark.parametrize(
    "text", ["", "karta", "[]", "[kot]", "[CARD]", "[card", "card]", "[ card ]", "\U0001f600[", "[" * 4_000]
)
def test_a_text_that_was_not_masked_mentions_nothing_masked(text: str) -> None:
    assert not mentions_masked(text)


def test_what_nobody_ever_needs_is_a_password_or_security_code() -> None:
    assert {Personal.PASSWORD, Personal.CVV} == SECRETS


@pytest.mark.parametrize(
    "beside", ["tel. +48 600 700 800", "tel 600 700 800", "600-700-800", "zadzwoń 600 700 800", "PESEL " + PESEL]
)
def test_digits_of_other_data_beside_a_card_are_no_security_code(beside: str) -> None:
    assert "cvv" not in {kind for kind, _ in found(f"karta {CARD}, {beside}")}
    assert found(f"karta {CARD}, {beside}, 917")[-1] == ("cvv", "917")
