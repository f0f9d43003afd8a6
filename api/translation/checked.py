"""A translator made safe to rely on: protected, checked, in time, left alone when it fails, remembered."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable

import structlog

from api.translation.checking import differences
from api.translation.circuit import Circuit
from api.translation.protecting import Protected, protect
from api.translation.translator import TranslationFailedError, Translator
from api.translation.values import Translation
from bot.masking import mask

REMEMBERED = 500  # texts: what was previewed while typing is there when it is sent

logger = structlog.get_logger()


class CheckedTranslator:
    """Around one translator."""

    def __init__(self, translator: Translator, seconds: float) -> None:
        self._translator = translator
        self._seconds = seconds
        self._circuit = Circuit(time.monotonic)
        self._remembered: OrderedDict[tuple[str, str, str], Translation] = OrderedDict()

    async def translate(self, text: str, source: str, target: str, names: Iterable[str] = ()) -> Translation:
        """The text in the target language; TranslationFailedError in time, whatever the translator does."""
        key = (text, source, target)
        if key in self._remembered:
            self._remembered.move_to_end(key)
            return self._remembered[key]
        if self._circuit.is_open:
            raise TranslationFailedError("it has failed several times in a row and is left alone for a while")
        try:
            async with asyncio.timeout(self._seconds):
                made = await self._made(text, source, target, names)
        except (TimeoutError, TranslationFailedError) as error:
            self._circuit.failed()
            logger.warning("translation_failed", by=self._translator.name, source=source, target=target, why=str(error))
            raise TranslationFailedError(str(error) or f"no answer within {self._seconds:g} s") from error
        self._circuit.succeeded()
        self._remember(key, made)
        return made

    async def _made(self, text: str, source: str, target: str, names: Iterable[str]) -> Translation:
        protected = protect(text, names)
        words = protected.restored(await self._words(protected.text, source, target))
        if words is None:  # a mark was lost: better without marks, and looked at, unless that gave data away
            if mask(text).items:
                raise TranslationFailedError("what has to stay did not, and must not leave the house as it is")
            words = await self._words(text, source, target)
        return Translation(words, source, target, self._translator.name, tuple(differences(text, words)))

    async def _words(self, text: str, source: str, target: str) -> str:
        if Protected(text, ()).is_all_marks:
            return text
        return await self._translator.translate(text, source, target)

    def _remember(self, key: tuple[str, str, str], made: Translation) -> None:
        self._remembered[key] = made
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)

    async def open(self) -> None:
        """Before the first text."""
        await self._translator.open()

    async def close(self) -> None:
        """After the last."""
        await self._translator.close()
