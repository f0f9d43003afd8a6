"""A LibreTranslate-compatible server: POST /translate as its documentation says (libretranslate.com/docs)."""

from __future__ import annotations

import httpx

from api.translation.translator import TranslationFailedError

ANSWER_MAX = 200_000  # bytes; a translation is about as long as its original


class LibreTranslate:
    """One server, by its address."""

    def __init__(self, url: str, key: str, seconds: float) -> None:
        self.name = "LibreTranslate"
        self._url = f"{url.rstrip('/')}/translate"
        self._key = key
        self._client = httpx.AsyncClient(timeout=seconds, follow_redirects=False)

    async def translate(self, text: str, source: str, target: str) -> str:
        """The text in the target language."""
        body = {"q": text, "source": source, "target": target, "format": "text"}
        if self._key:
            body["api_key"] = self._key
        try:
            async with self._client.stream("POST", self._url, json=body) as response:
                raw = await _read(response)
                return _words(response, raw)
        except httpx.HTTPError as error:
            raise TranslationFailedError(f"{type(error).__name__}: {error}") from error

    async def open(self) -> None:
        """A server is there or not."""

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()


async def _read(response: httpx.Response) -> bytes:
    raw = b""
    async for piece in response.aiter_bytes():
        raw += piece
        if len(raw) > ANSWER_MAX:
            raise TranslationFailedError("the answer does not end")
    return raw


def _words(response: httpx.Response, raw: bytes) -> str:
    if response.status_code != httpx.codes.OK:
        raise TranslationFailedError(f"HTTP {response.status_code}")
    try:
        words = httpx.Response(200, content=raw).json()["translatedText"]
    except (ValueError, KeyError, TypeError) as error:
        raise TranslationFailedError("no translation in the answer") from error
    if not isinstance(words, str) or not words.strip():
        raise TranslationFailedError("an empty translation")
    return words
