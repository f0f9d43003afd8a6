"""A folder of Markdown that is not ours: a file an article, its heading the question, its folder the category."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from api.content.limits import BODY_MAX
from api.importing.csv_file import Progress, UnreadableError, decoded
from api.importing.values import Files, Piece, Read, RowError
from knowledge_base.article import Language

_FRONT = re.compile(r"\A---\r?\n(?P<front>.*?)\r?\n---\r?\n", re.DOTALL)
_HEADING = re.compile(r"^#{1,2}[ \t]+(?P<title>.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(?P<title>.+?)[\"']?[ \t]*$", re.MULTILINE)
_LANGUAGE = re.compile(r"[._-](pl|en)$")


def read_markdown(files: Files, progress: Progress) -> Read:
    """Every .md file, or what is wrong with it; UnreadableError if there is none."""
    chosen = sorted(path for path in files if path.lower().endswith((".md", ".markdown")))
    if not chosen:
        raise UnreadableError("There is no Markdown file (.md) among these.")
    pieces: list[Piece] = []
    errors: list[RowError] = []
    for done, path in enumerate(chosen, 1):
        try:
            piece = _piece(path, decoded(files[path])[0])
        except UnreadableError as error:
            piece = RowError(0, path, "no_text", str(error), "Save the file as UTF-8")
        if isinstance(piece, RowError):
            errors.append(piece)
        else:
            pieces.append(piece)
        progress(done, len(chosen))
    return Read(tuple(pieces), tuple(errors))


def _piece(path: str, text: str) -> Piece | RowError:
    front = _FRONT.match(text)
    body = text[front.end() :] if front else text
    named = _TITLE.search(front["front"]) if front else None
    heading = _HEADING.search(body)
    if heading and not body[: heading.start()].strip():
        body = body[heading.end() :]
    stem = PurePosixPath(path).stem
    language = _LANGUAGE.search(stem)
    title = named["title"] if named else heading["title"] if heading else stem.replace("-", " ").replace("_", " ")
    body = body.replace("\r\n", "\n").strip()
    if not body:
        return RowError(0, path, "no_answer", "no text under the heading", "Write one or leave the file out")
    if len(body) > BODY_MAX:
        return RowError(0, path, "long_answer", f"a text of {len(body):,} characters", f"At most {BODY_MAX:,}")
    folder = PurePosixPath(path).parent.name
    return Piece(title.strip(), body, folder, Language(language[1]) if language else None, 0, path)
