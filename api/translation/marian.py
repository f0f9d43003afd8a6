"""Marian models (Junczys-Dowmunt et al., 2018) through transformers, one a direction, loaded when first needed.

A model is a folder or a hub id, e.g. Helsinki-NLP/opus-mt-pl-en. One that speaks several target languages wants its
language named first ('>>pol<<'), in ISO 639-3.
"""

from __future__ import annotations

import functools
import re
import threading
import warnings
from collections.abc import Mapping
from typing import Any

import anyio
import anyio.to_thread

from api.translation.translator import TranslationFailedError

PIECES_MAX = 400  # of one sentence; the models were trained on sentences of at most 512
AT_ONCE = 1  # it is processor work: more at once only makes each slower
_LOADING = threading.Lock()
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")
_NAMES = {"pl": "pol", "en": "eng", "de": "deu", "uk": "ukr", "ru": "rus", "cs": "ces", "sk": "slk", "es": "spa"}


class Marian:
    """Models by direction, e.g. ('pl', 'en')."""

    def __init__(self, models: Mapping[tuple[str, str], str], seconds: float) -> None:
        self.name = "Marian"
        self._models = dict(models)
        self._seconds = seconds
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    async def translate(self, text: str, source: str, target: str) -> str:
        """The text in the target language, line for line."""
        name = self._models.get((source, target))
        if name is None:
            raise TranslationFailedError(f"no model for {source}-{target}")
        work = functools.partial(_translate, name, text, target, self._seconds)
        return await anyio.to_thread.run_sync(work, limiter=self._limiter, abandon_on_cancel=True)

    async def open(self) -> None:
        """Load all models, which takes some seconds each."""
        for name in self._models.values():
            await anyio.to_thread.run_sync(_ready, name, limiter=self._limiter, abandon_on_cancel=True)

    async def close(self) -> None:
        """Nothing is held open."""


def _translate(name: str, text: str, target: str, seconds: float) -> str:
    try:
        tokenizer, model = _loaded(name)
        return "\n".join(_line(tokenizer, model, line, target, seconds) for line in text.split("\n"))
    except TranslationFailedError:
        raise
    except Exception as error:  # whatever a model or its files may throw, a message must not fail for it
        raise TranslationFailedError(f"{type(error).__name__}: {error}") from error


def _line(tokenizer: Any, model: Any, line: str, target: str, seconds: float) -> str:
    sentences = [each for each in _SENTENCE.split(line.strip()) if each]
    if not sentences:
        return ""
    code = f">>{_NAMES.get(target, target)}<<"
    if code in tokenizer.supported_language_codes:
        sentences = [f"{code} {each}" for each in sentences]
    import torch

    pieces = tokenizer(sentences, return_tensors="pt", padding=True)
    if pieces["input_ids"].shape[1] > PIECES_MAX:
        raise TranslationFailedError("a sentence is too long")
    with torch.inference_mode():
        made = model.generate(**pieces, max_new_tokens=PIECES_MAX, max_time=seconds)
    if not bool((made == model.config.eos_token_id).any(dim=1).all()):
        raise TranslationFailedError("not finished in time")
    return " ".join(each.strip() for each in tokenizer.batch_decode(made, skip_special_tokens=True))


def _ready(name: str) -> None:
    try:
        _loaded(name)
    except Exception as error:
        raise TranslationFailedError(f"{name}: {type(error).__name__}: {error}") from error


def _loaded(name: str) -> tuple[Any, Any]:
    with _LOADING:  # one thread loads, others wait for it
        return _load(name)


@functools.lru_cache(maxsize=8)
def _load(name: str) -> tuple[Any, Any]:
    from transformers import MarianMTModel, MarianTokenizer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it recommends a package that makes typographic quotes plain
        return MarianTokenizer.from_pretrained(name), MarianMTModel.from_pretrained(name).eval()
