"""Personal data out of a message before anything else sees it.

Check digits are verified by python-stdnum and phone numbers by phonenumbers, so that amounts, dates, bonus codes and
transaction numbers stay. What merely looks mistyped is masked too where the words around it name it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from stdnum import iban, luhn
from stdnum.pl import pesel

from bot.text import CleanText, clean, fold


class Personal(StrEnum):
    """Kinds of personal data that are masked."""

    PESEL = "pesel"
    CARD = "card"
    IBAN = "iban"
    ID_CARD = "id_card"
    PHONE = "phone"
    EMAIL = "email"
    PASSWORD = "password"
    CVV = "cvv"
    ADDRESS = "address"


SECRETS = frozenset({Personal.PASSWORD, Personal.CVV})  # never needed by anybody here
_PLACEHOLDER = re.compile(r"\[(?:" + "|".join(kind.value for kind in Personal) + r")\]")


@dataclass(frozen=True)
class Masked:
    """One masked item: its kind and where it stood in the message as it came."""

    type: Personal
    start: int
    end: int


@dataclass(frozen=True)
class MaskedText:
    """A clean message with each item replaced by its kind in brackets."""

    text: str
    items: tuple[Masked, ...]


def mentions_masked(text: str) -> bool:
    """Whether a text was masked before: it carries a placeholder."""
    return bool(_PLACEHOLDER.search(text))


Span = tuple[int, int]

PHONE_DIGITS_MIN = 9

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
# An address made hard to read by machines, or dictated. The word 'at' counts before known post offices alone.
_EMAIL_SPELT = re.compile(
    r"[\w.+-]{1,64}(?:\s@\s|@\s|\s?[(\[{](?:at|małpa|malpa|@)[)\]}]\s?|\s+(?:małpa|malpa|malpka|małpka)\s+"
    r"|\s+at\s+(?=(?:gmail|wp|o2|onet|interia|outlook|hotmail|yahoo|icloud|proton|op|poczta|tlen|live|gazeta)\b))"
    r"[\w-]{1,63}(?:(?:\s?\.\s?|\s?[(\[{](?:dot|kropka|\.)[)\]}]\s?|\s+(?:kropka|dot)\s+)[A-Za-z][\w-]{0,62}){1,3}",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2} ?\d{2}(?:[ -]?[A-Za-z0-9]{2,4}){3,8}(?![A-Za-z0-9])")
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2} ?\d{2}(?=[ -]?[A-Za-z0-9])")
IBAN_LENGTHS = range(15, 35)  # ISO 13616, letters and digits without spaces
_ACCOUNT = re.compile(r"(?<![\dA-Za-z])\d{2}(?:[ -]?\d{4}){6}(?!\d)")
_DIGIT_RUN = re.compile(
    r"(?:(?<![\w-])|(?<=\bnr)|(?<=\bNr)|(?<=pesel)|(?<=PESEL)|(?<=Pesel))\d(?:[ ._/–-]{0,3}\d){10,18}(?!\w)"
)
_CARD_GROUPS = re.compile(r"(?<![\w-])\d{4}([ ._/–-])\d{4}\1\d{4}\1\d{4}(?!\w)")
_ACCOUNT_SAID = re.compile(r"\b(?:kont\w*|rachun\w*|iban|account|bank\w*|przelew\w*)\b")
_VOUCHER = re.compile(r"paysafe\w*|voucher\w*|bon\w{0,3}|kupon\w*|pin\w{0,3}")
_CARD_SAID = re.compile(r"(?:kart\w*|card|visa|mastercard)\W[^.?!]{0,25}$")
_PESEL_SAID = re.compile(r"pesel\w*\W[^.?!]{0,20}$")
_IDENTITY = re.compile(r"(?<![\w-])([A-Za-z](?: ?[A-Za-z]){2})[ .:/-]{0,2}(\d(?:[ -]?\d){5})(?![A-Za-z0-9])")
_PASSPORT = re.compile(r"(?<![\w-])([A-Za-z] ?[A-Za-z])[ .:/-]{0,2}(\d(?:[ -]?\d){6})(?![A-Za-z0-9])")
_IDENTITY_SAID = re.compile(r"dowod\w*|paszport\w*|passport|identity|id card|seri\w+|dokument\w*")
# The next six read folded text: no diacritics, no capitals.
_CVV = re.compile(
    r"\b(?:cvv2?|cvc2?|kod\w*\s+(?:zabezpieczajac\w+|bezpieczenstwa|z tylu|z karty)|security code"
    r"|(?:trzy|3)\s+(?:cyfry|cyferki)(?:\s+(?:z tylu|na odwrocie))?|code on the back"
    r"|(?:three|3) digits(?: on the back)?|(?:four|4) digits on the front)\b"
    r"(?:\W+[^\W\d]+){0,5}?\W+(?P<item>\d{3,4})(?!\d|\s?(?:zl|pln|eur|euro)\b)"
)
_CVV_BESIDE_CARD = re.compile(r"(?<![\w/.:-])(?P<item>\d{3})(?![\w/:-]|[.,]\d|\s?(?:zl|pln|eur|euro|usd)\b)")
_SECRET_WORD = r"\b(?:hasl\w*|hasel\w*|password|passwd|passcode|pwd|pass|pw)\b"
_SECRET_QUOTED = re.compile(_SECRET_WORD + r"[^\"„'”]{0,25}[\"„'](?P<item>[^\"”']{3,64})[\"”']")
_SECRET_SEPARATED = re.compile(_SECRET_WORD + r"(?:\s+\w+){0,4}?\s*(?:[:=]|->|–| - )\s*(?P<item>[^\s,;]{3,64})")
_SECRET_SAID = re.compile(
    _SECRET_WORD + r"(?:\s+(?:do|for|to my|of my|mojego|my|konta|account|kasyna|the|na|w|mam|teraz|obecne|nowe|login"
    r"|site|casino|strony))*\s*(?:to|is|was|jest|brzmi|bylo|ustawilem|ustawilam)\s+(?P<item>[^\s,;\"']{4,64})"
)
_SECRET_NAMED = re.compile(_SECRET_WORD)
_TOKEN = re.compile(r"[^\s,;]+")
SECRET_REACH = 6  # words after 'password' among which the password itself may stand
_ALL_SORTS = re.compile(r"(?<!\S)(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)(?=\S*[!@#$%^&*])[^\s,;]{8,64}")
_AFTER_EMAIL = re.compile(r"\s*(?:[/|:,-]|i|and|haslo|password)?\s+(?P<item>[^\s,;]{5,64})")
_SECRET_BEFORE = re.compile(r"(?<!\S)(?P<item>[^\s,;]{5,64})\s+(?:jako|as)\s+(?:my\s+|moje\s+)?(?:haslo|password)\b")
_CAPITAL = "[A-ZĄĆĘŁŃÓŚŹŻ]"
_FLAT = r"(?:\s*(?:/|m\.?|lok\.?|apt\.?|mieszkania)\s*\d{1,4}[a-z]?)?"
_CITY = rf"(?:,?\s+\d{{2}}-\d{{3}}(?:\s+[^\W\d][\w-]+(?:\s+{_CAPITAL}[\w-]+)?)?(?:\s+\d{{1,2}}(?!\w))?)"
_TOWN = rf"(?:,?\s+(?:w\s+)?{_CAPITAL}[\w-]+)"
_ADDRESS_STREET = re.compile(
    r"(?<!\w)(?i:ul\.|ul|ulica|ulicy|ulice|al\.|aleja|aleje|alei|alejach|os\.|osiedle|osiedlu|pl\.|plac|placu)\s+"
    r"(?:[^\W\d][\w.-]*\s+|\d{1,2}\s+[^\W\d][\w.-]*\s+){1,4}?\d{1,4}[a-zA-Z]?(?!\w)" + _FLAT + f"(?:{_CITY}|{_TOWN})?"
)
_ADDRESS_POSTCODE = re.compile(rf"(?:{_CAPITAL}[\w-]+\s+){{1,3}}\d{{1,4}}[a-z]?" + _FLAT + _CITY)
_ADDRESS_TOWN = re.compile(
    rf"(?<!\w){_CAPITAL}[\w-]+(?:iej|ej|ego)\s+\d{{1,4}}[a-z]?{_FLAT}\s+w\s+{_CAPITAL}[\w-]{{3,}}"
)
_ADDRESS_BOX = re.compile(r"(?i:skr(?:\.|ytka|ytce)\s*poczt\w*\.?|p\.?\s?o\.?\s?box)\s*(?:nr\s*)?\d{1,5}" + _CITY + "?")
_ADDRESS_LIVING = re.compile(
    r"(?:mieszkam|zameldowan\w+|adres\w*|live|living|address)\b[^.?!\d]{0,30}?\s(?P<item>(?:na\s+|przy\s+|at\s+)?"
    r"[^\W\d][\w-]{2,}(?:\s+[^\W\d][\w-]+)?\s+\d{1,4}[a-z]?\s*/\s*\d{1,4}(?:,?\s+\d{2}-\d{3}(?:\s+[^\W\d][\w-]+)?)?)",
    re.IGNORECASE,
)
_POSTCODE_CITY = re.compile(rf"(?<![\d-])\d{{2}}-\d{{3}}\s+{_CAPITAL}[\w-]+")
_ADDRESS_EN = re.compile(
    r"(?<![\w.])(?:[Ff]lat \w{1,4},? |[Aa]pt\.? \w{1,4},? )?\d{1,4}[a-z]?\s+(?:[A-Z][\w'-]+\s+){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Square|Terrace|Gardens|Crescent|Place|Way)\b\.?"
    r"(?:,?\s+[A-Z][\w-]+)?(?:,?\s+[A-Z]{1,2}\d{1,2}[A-Z]?\s?\d[A-Z]{2})?"
)
_REFERENCE = re.compile(
    r"\b(?:transak\w*|transac\w*|zamowien\w*|order|rund\w*|round|referen\w*|zgloszen\w*|ticket|wyplat\w*|gr[aey]|game|tx"
    r"|kod\w*|code|id|spin\w*|wplat\w*|deposit|withdrawal|payment|platnosc\w*|przelew\w*|bilet\w*|kupon\w*|coupon"
    r"|faktur\w*|invoice|umow\w*|licenc\w*|licen[cs]e|sesj\w*|session|nip|regon|krs|gracz\w*|player|operac\w*"
    r"|zaklad\w*|bet|stol\w*|table|wersj\w*|version|blad\w*|bled\w*|error|seri\w+ spin\w*|turniej\w*)"
    r"(?:[\s:#.-]+(?:nr|numer|number|no|id|o))*[\s:#.-]*$"
)
_PHONE_SAID = re.compile(
    r"\b(?:tel|telefon\w*|phone|mobile|kom|komork\w*|zadzwon\w*|call|oddzwon\w*|dzwon\w*|sms\w*|whatsapp)\W"
)
_MONEY = re.compile(r"\s?(?:zl|pln|euro?|usd|groszy)\b")
_DATE = re.compile(r"\d{1,2}[.-]\d{1,2}[.-]\d{4}.*")
_NOT_SECRETS = frozenset(
    """
    nie jest sie juz to do na za ze bo i a w z mi ma moje mam dziala pasuje zle bledne poprawne niepoprawne
    nieprawidlowe dobre zapomnialem zapomnialam zapomniane wygaslo nadal ciagle reset resetu resetuje przez albo
    czy jak gdzie kiedy ktore tez oraz konta znam pamietam zmienic zmiana zmienione powinno musi moze zostalo bylo
    bedzie tylko wpisuje wpisalem wpisalam podaje prawidlowe not is isnt isn't was wrong incorrect invalid doesn't
    doesnt does and or the my an keeps again works working change changed should must has have can cannot can't
    but for on at in with please help link expired forgotten manager too it that this before since every time
    still just we you they he she when how where what why protected recovery field box one new old same different
    """.split()  # noqa: SIM905  a list of words reads better as words
)


def mask(message: str) -> MaskedText:
    """The clean, masked text of a message and its items, ordered, with offsets into the message as it came."""
    cleaned = clean(message)
    spans: list[tuple[Span, Personal]] = []
    taken = bytearray(len(cleaned.text))
    for kind, find in _FINDERS:
        for start, end in find(cleaned.text):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                spans.append(((start, end), kind))
    return _replaced(cleaned, sorted(spans))


def _replaced(cleaned: CleanText, spans: list[tuple[Span, Personal]]) -> MaskedText:
    parts: list[str] = []
    items: list[Masked] = []
    position = 0
    for (start, end), kind in spans:
        parts += [cleaned.text[position:start], f"[{kind.value}]"]
        items.append(Masked(kind, cleaned.offsets[start], cleaned.offsets[end - 1] + 1))
        position = end
    return MaskedText("".join([*parts, cleaned.text[position:]]), tuple(items))


def _whole(pattern: re.Pattern[str], accept: Callable[[str], bool] = lambda _: True) -> Callable[[str], Iterator[Span]]:
    def find(text: str) -> Iterator[Span]:
        for match in pattern.finditer(text):
            if accept(match[0]):
                yield match.span()

    return find


def _same_length_fold(text: str) -> str:
    """Folded, but character for character, so that positions stay; a letter that folds to several is kept."""
    return "".join(map(_folded_letter, text))


@functools.lru_cache(maxsize=4_096)
def _folded_letter(letter: str) -> str:
    folded = fold(letter)
    return folded if len(folded) == 1 else letter


def _folded(
    pattern: re.Pattern[str], accept: Callable[[str, str], bool], *, keep_signs: bool = False
) -> Callable[[str], Iterator[Span]]:
    """Matches of the group 'item' in the folded text; accept sees the item as typed and the text before it."""

    def find(text: str) -> Iterator[Span]:
        for match in pattern.finditer(_same_length_fold(text)):
            start, end = match.span("item")
            while not keep_signs and end > start and text[end - 1] in ".,;:!?)\"'":
                end -= 1
            if accept(text[start:end], match[0][: start - match.start()]):
                yield start, end

    return find


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _before(text: str, start: int) -> str:
    """The folded words before a position; a window, so that the time stays linear."""
    return fold(text[max(0, start - 60) : start])


def _ibans(text: str) -> Iterator[Span]:
    """Valid numbers of any country, whatever words follow them."""
    for match in _IBAN_START.finditer(text):
        number = ""
        for end in range(match.start(), min(len(text), match.start() + 2 * IBAN_LENGTHS.stop)):
            if text[end].isalnum():
                number += text[end]
            elif text[end] not in " -":
                break
            is_end = end + 1 == len(text) or not text[end + 1].isalnum()
            if is_end and len(number) in IBAN_LENGTHS and iban.is_valid(number):
                yield match.start(), end + 1
                break


def _accounts(text: str) -> Iterator[Span]:
    """Twenty-six digits: a Polish account if they check, or if the words before say so."""
    for match in _ACCOUNT.finditer(text):
        before = _before(text, match.start())
        is_said = bool(_ACCOUNT_SAID.search(before)) and not _REFERENCE.search(before)
        if is_said or iban.is_valid("PL" + _digits(match[0])):
            yield match.span()


def _cards(text: str) -> Iterator[Span]:
    for pattern, digits_said in ((_CARD_GROUPS, 16), (_DIGIT_RUN, 15)):
        for match in pattern.finditer(text):
            digits, before = _digits(match[0]), _before(text, match.start())
            is_said = bool(_CARD_SAID.search(before)) and not _VOUCHER.search(before)
            is_grouped = pattern is _CARD_GROUPS and not _VOUCHER.search(before) and not _REFERENCE.search(before)
            is_phone = digits.startswith("00")
            if (
                13 <= len(digits) <= 19
                and not is_phone
                and (luhn.is_valid(digits) or (is_said and len(digits) >= digits_said) or is_grouped)
            ):
                yield match.span()


def _pesels(text: str) -> Iterator[Span]:
    for match in _DIGIT_RUN.finditer(text):
        digits = _digits(match[0])
        said = _PESEL_SAID.search(_before(text, match.start()))
        if len(digits) == 11 and (said or pesel.is_valid(digits)):
            yield match.span()


def _identity(pattern: re.Pattern[str], weights: tuple[int, ...], check: int) -> Callable[[str], Iterator[Span]]:
    """Polish identity card and passport: letters count 10 to 35, one digit is a check digit (at `check`)."""

    def find(text: str) -> Iterator[Span]:
        for match in pattern.finditer(text):
            symbols = re.sub(r"[ -]", "", match[1] + match[2]).upper()
            total = sum(w * int(s, 36) for w, s in zip(weights, symbols, strict=True))
            is_said = bool(_IDENTITY_SAID.search(_before(text, match.start())))
            is_sum = bool(_MONEY.match(fold(text[match.end() : match.end() + 8])))
            is_written_so = match[1].isupper() or match[2].isdigit()  # 'mam 500 000' is a sum, 'ABA 300 000' a number
            if is_said or (total % 10 == int(symbols[check], 36) and is_written_so and not is_sum):
                yield match.span()

    return find


def _phones(text: str) -> Iterator[Span]:
    matches = phonenumbers.PhoneNumberMatcher(text, "PL", leniency=phonenumbers.Leniency.POSSIBLE)
    for match in matches:
        before = _before(text, match.start)
        is_said = bool(_PHONE_SAID.search(before + " "))
        is_international = match.raw_string.startswith("+")
        is_part = bool(re.search(r"[a-z]-?$", before)) and not before.endswith(("tel", "nr"))
        is_reference = bool(_REFERENCE.search(before) or _MONEY.match(fold(text[match.end : match.end + 8])))
        if len(_digits(match.raw_string)) < PHONE_DIGITS_MIN or _DATE.fullmatch(match.raw_string):
            continue
        if (
            is_said
            or is_international
            or not (is_part or is_reference or not phonenumbers.is_valid_number(match.number))
        ):
            yield match.start, match.end


def _beside_card(text: str) -> Iterator[Span]:
    """A bare number of three digits is a security code where a card number stands in the same message."""
    cards = list(_cards(text))
    if cards:
        for start, end in _folded(_CVV_BESIDE_CARD, lambda _item, _before: True)(text):
            if not any(s <= start < e for s, e in cards):
                yield start, end


def _near_secret(text: str) -> Iterator[Span]:
    """Words that look like a password within reach of the word 'password'."""
    folded = _same_length_fold(text)
    for named in _SECRET_NAMED.finditer(folded):
        for number, token in enumerate(_TOKEN.finditer(text, named.end())):
            if number >= SECRET_REACH or "?" in text[named.end() : token.start()]:
                break
            span = token.start(), _trimmed(text, token.start(), token.end())
            item = text[slice(*span)]
            is_number = number == 0 and item.isdigit() and len(item) >= 6
            if is_number or (len(item) >= 5 and _is_strong(item, fold(text[named.start() : token.start()]))):
                yield span


def _after_email(text: str) -> Iterator[Span]:
    """'name@example.com / Secret1!': what stands behind an address and looks like a password."""
    for email in _EMAIL.finditer(text):
        match = _AFTER_EMAIL.match(_same_length_fold(text), email.end())
        if match:
            start, end = match.span("item")
            item = text[start:end]
            is_mixed = any(c.isdigit() for c in item) and (bool(re.search("[!@#$%^&*]", item)) or item != item.lower())
            if is_mixed and any(c.isalpha() for c in item) and not _EMAIL.match(item):
                yield start, end


def _trimmed(text: str, start: int, end: int) -> int:
    """Where an item ends without the marks of the sentence around it."""
    while end > start and text[end - 1] in ".,;:?)\"'":
        end -= 1
    return end


def _is_secret_after_sign(item: str, _before: str) -> bool:
    return fold(item) not in _NOT_SECRETS and not item.startswith("[")


def _is_secret_said(item: str, before: str) -> bool:
    return fold(item) not in _NOT_SECRETS and not item.endswith("?") and not item.startswith("[") and bool(before)


def _is_strong(item: str, before: str) -> bool:
    """Letters with digits or signs among them, as passwords are and words are not; promo codes aside."""
    if re.fullmatch(r"\d+-?[a-ząćęłńóśźż]+", item):  # '2fa', '24h', '8-znakowe'
        return False
    has_letter = any(c.isalpha() for c in item)
    is_mixed = any(c.isdigit() for c in item) or bool(re.search(r"\w[^\w\s.?!'/-]", item))
    is_code = bool(re.search(r"\b(?:kod\w*|code|bonus\w*|promo\w*)\W+$", before))
    return has_letter and is_mixed and not is_code and "@" not in item and not item.startswith("[")


def _addresses(text: str) -> Iterator[Span]:
    yield from _whole(_ADDRESS_STREET)(text)
    yield from _whole(_ADDRESS_EN)(text)
    yield from _whole(_ADDRESS_BOX)(text)
    yield from _whole(_ADDRESS_POSTCODE)(text)
    yield from _whole(_ADDRESS_TOWN)(text)
    yield from _folded(_ADDRESS_LIVING, lambda _item, _before: True)(text)
    yield from _whole(_POSTCODE_CITY)(text)


_FINDERS: tuple[tuple[Personal, Callable[[str], Iterator[Span]]], ...] = (
    (Personal.EMAIL, _whole(_EMAIL)),
    (Personal.EMAIL, _whole(_EMAIL_SPELT)),
    (Personal.IBAN, _ibans),
    (Personal.IBAN, _accounts),
    (Personal.IBAN, _whole(_IBAN, lambda found: len(_digits(found)) >= 22)),
    (Personal.CARD, _cards),
    (Personal.PESEL, _pesels),
    (Personal.CVV, _folded(_CVV, lambda _item, _before: True)),
    (Personal.PASSWORD, _folded(_SECRET_QUOTED, _is_secret_after_sign)),
    (Personal.PASSWORD, _folded(_SECRET_SEPARATED, _is_secret_after_sign, keep_signs=True)),
    (Personal.PASSWORD, _folded(_SECRET_SAID, _is_secret_said)),
    (Personal.PASSWORD, _near_secret),
    (Personal.PASSWORD, _after_email),
    (Personal.PASSWORD, _whole(_ALL_SORTS, lambda found: not _EMAIL.search(found) and "://" not in found)),
    (Personal.PASSWORD, _folded(_SECRET_BEFORE, _is_strong)),
    (Personal.ID_CARD, _identity(_IDENTITY, (7, 3, 1, 0, 7, 3, 1, 7, 3), 3)),
    (Personal.ID_CARD, _identity(_PASSPORT, (7, 3, 0, 1, 7, 3, 1, 7, 3), 2)),
    (Personal.ADDRESS, _addresses),
    (Personal.PHONE, _phones),
    (Personal.CVV, _beside_card),  # last: three digits of a phone number are no security code
)
