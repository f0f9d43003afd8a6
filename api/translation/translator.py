"""What translates: a text in, a text out, or an error; everything around it stands in service.py."""

from __future__ import annotations

from typing import Protocol


class TranslationFailedError(Exception):
    """No translation came; the message says why, for the log."""


class Translator(Protocol):
    """A server or a model."""

    name: str

    async def translate(self, text: str, source: str, target: str) -> str:
        """The text in the target language; languages are ISO 639-1 codes. TranslationFailedError where it fails."""
        ...

    async def open(self) -> None:
        """Ready for the first text, where that takes a while; TranslationFailedError where it never will be."""
        ...

    async def close(self) -> None:
        """No more texts."""
        ...
