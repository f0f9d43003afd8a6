"""A table of questions and answers: any usual separator and encoding, headed in Polish or English."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from charset_normalizer import from_bytes

from api.content.limits import BODY_MAX, PHRASING_MAX
from api.importing.values import Piece, Read, RowError
from bot.text import fold
from knowledge_base.article import Language

ROWS_MAX = 100_000
HEADS = {
    "question": ("question", "pytanie", "q", "title", "tytul"),
    "answer": ("answer", "odpowiedz", "a", "text", "tekst", "body"),
    "category": ("category", "kategoria", "topic", "temat"),
    "lang": ("lang", "language", "jezyk"),
}
SEPARATORS = ",;\t|"
ENCODINGS = ["utf_8", "cp1250", "iso8859_2", "cp1252", "utf_16"]  # what spreadsheets in Poland write
EIGHT_BITS = ("cp1250", "iso8859_2")
SAMPLE = 64 * 1024  # characters looked at to find the separator
REPORT_EVERY = 1_000

Progress = Callable[[int, int], None]


class UnreadableError(ValueError):
    """The file as a whole cannot be used, and why."""


def read_csv(data: bytes, name: str, progress: Progress) -> Read:
    """Every row, or what is wrong with it; UnreadableError if it is no table of questions and answers."""
    text, encoding = decoded(data)
    rows = _rows(text)
    columns = _columns(rows[0] if rows else [])
    filled = [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    if len(filled) > ROWS_MAX:
        raise UnreadableError(f"The table has {len(filled):,} rows; at most {ROWS_MAX:,} go at once. Split it.")
    pieces: list[Piece] = []
    errors: list[RowError] = []
    for done, (number, row) in enumerate(filled, 1):
        piece = _piece(row, columns, number, name)
        if isinstance(piece, RowError):
            errors.append(piece)
        else:
            pieces.append(piece)
        if done % REPORT_EVERY == 0 or done == len(filled):
            progress(done, len(filled))
    return Read(tuple(pieces), tuple(errors), encoding)


def decoded(data: bytes) -> tuple[str, str]:
    """The text and its encoding; UnreadableError for what is no text."""
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("This is no text file. Save the table as CSV (UTF-8) and import that.")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        best = from_bytes(data, cp_isolation=ENCODINGS).best()
    if best is None:
        raise UnreadableError("The encoding cannot be told. Save the table as CSV (UTF-8) and import that.")
    if best.encoding not in EIGHT_BITS:
        return str(best), best.encoding.replace("_", "-")
    # The two differ in six letters only, too few for a statistic over a short table: the one with more Polish is right.
    encoding = max((best.encoding, *EIGHT_BITS), key=lambda each: _polish(data.decode(each, "replace")))
    return data.decode(encoding, "replace"), encoding.replace("_", "-")


def _polish(text: str) -> int:
    """How many letters only Polish has, less what no text has."""
    return sum(c in "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ" for c in text) - sum(c == "\ufffd" or "\x7f" <= c <= "\x9f" for c in text)


def _rows(text: str) -> list[list[str]]:
    csv.field_size_limit(4 * BODY_MAX)
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:SAMPLE], SEPARATORS)
    except csv.Error:
        dialect = csv.excel
    separator = _separator(text) or dialect.delimiter
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, doublequote=True))
    except csv.Error as error:
        raise UnreadableError(f"The table cannot be read ({error}). Save it as CSV again.") from error


def _separator(text: str) -> str:
    """The one that makes sense of the first line, which a guess over all lines may miss where texts hold commas."""
    first = text.partition("\n")[0]
    found = [s for s in SEPARATORS if _known(first.split(s)) >= 2]
    return found[0] if found else ""


def _known(cells: Sequence[str]) -> int:
    heads = {head for names in HEADS.values() for head in names}
    return sum(_tidy(cell) in heads for cell in cells)


def _tidy(cell: str) -> str:
    return fold(cell.strip().strip('"').strip())


def _columns(head: Sequence[str]) -> dict[str, int]:
    columns = {
        what: position
        for what, names in HEADS.items()
        for position in [next((i for i, cell in enumerate(head) if _tidy(cell) in names), -1)]
        if position >= 0
    }
    if "question" not in columns or "answer" not in columns:
        raise UnreadableError("The first line must name the columns: question, answer, category (pytanie, odpowiedź).")
    return columns


def _piece(row: Sequence[str], columns: dict[str, int], number: int, name: str) -> Piece | RowError:
    def cell(what: str) -> str:
        position = columns.get(what, -1)
        return row[position].strip() if 0 <= position < len(row) else ""

    def wrong(code: str, what: str, todo: str) -> RowError:
        return RowError(number, name, code, what, todo)

    question, answer, lang = cell("question"), cell("answer"), cell("lang").lower()
    if not question:
        return wrong("no_question", "no question", "Fill in the first column or take the row out")
    if not answer:
        return wrong("no_answer", "no answer", "Fill in the answer or take the row out")
    if "\ufffd" in question + answer:
        return wrong("broken_letters", "broken letters", "Save the table as UTF-8 where it still reads well")
    if len(question) > PHRASING_MAX:
        return wrong("long_question", f"a question of {len(question):,} characters", f"At most {PHRASING_MAX:,}")
    if len(answer) > BODY_MAX:
        return wrong("long_answer", f"an answer of {len(answer):,} characters", f"At most {BODY_MAX:,}")
    if lang and lang not in set(Language):
        return wrong("unknown_language", f"the language '{lang[:20]}'", "Write pl or en, or leave it out")
    return Piece(question, answer, cell("category"), Language(lang) if lang else None, number, name)
