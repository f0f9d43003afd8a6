"""A tiny encoder of our own, made in a second, so that no test needs the bundled models."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer.encoder import CHECKSUM_FILE, folder_checksum


def make_tiny_model(folder: Path) -> Path:
    """A static model of 16 dimensions over single characters, as a sentence-transformers folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    characters = [*"abcdefghijklmnopqrstuvwxyząćęłńóśźż0123456789?.,'- "]
    tokenizer = Tokenizer(models.WordLevel({c: i for i, c in enumerate(["[UNK]", *characters])}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    weights = np.random.default_rng(1).normal(size=(len(characters) + 1, 16)).astype(np.float32)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()], device="cpu"
    )
    model.save(str(folder), create_model_card=False)
    (folder / CHECKSUM_FILE).write_text(folder_checksum(folder))
    return folder
