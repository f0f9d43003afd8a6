"""The real loading code, on a tiny Marian model made here: it has learnt a few sentences by heart."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
import sentencepiece
import torch
from transformers import MarianConfig, MarianMTModel, MarianTokenizer

from api.translation.checked import CheckedTranslator
from api.translation.marian import Marian
from api.translation.translator import TranslationFailedError

pytestmark = pytest.mark.anyio
PAIRS = (("Dzień dobry.", "Good morning."), ("Wypłata trwa {0} dni.", "A payout takes {0} days."))
STEPS_MAX = 400  # it knows them by heart after about 60
SECONDS = 60.0


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as such models are published: two SentencePiece models, a vocabulary, weights."""
    made = tmp_path_factory.mktemp("marian")
    tokenizer = _tokenizer(made)
    ends = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    config = MarianConfig(
        vocab_size=len(tokenizer), d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=64, dropout=0.0,
        decoder_start_token_id=tokenizer.pad_token_id, forced_eos_token_id=None, **ends,
    )  # fmt: skip
    torch.manual_seed(0)
    model = MarianMTModel(config)
    _learn(model, tokenizer)
    model.generation_config.max_length = 64
    model.save_pretrained(made)
    tokenizer.save_pretrained(made)
    return made


def _tokenizer(folder: Path) -> MarianTokenizer:
    (folder / "text.txt").write_text("\n".join(text for pair in PAIRS for text in pair), "utf-8")
    pieces = ["</s>", "<unk>"]
    for side in ("source", "target"):
        sentencepiece.SentencePieceTrainer.train(
            input=str(folder / "text.txt"), model_prefix=str(folder / side), vocab_size=60, hard_vocab_limit=False,
            character_coverage=1.0, minloglevel=3,
        )  # fmt: skip
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
        processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.spm"))
        pieces += [processor.id_to_piece(number) for number in range(processor.get_piece_size())]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys([*pieces, "<pad>"]))}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MarianTokenizer(str(folder / "source.spm"), str(folder / "target.spm"), str(folder / "vocab.json"))


def _learn(model: MarianMTModel, tokenizer: MarianTokenizer) -> None:
    pieces = tokenizer(
        [source for source, _ in PAIRS], text_target=[target for _, target in PAIRS], return_tensors="pt", padding=True
    )
    pieces["labels"][pieces["labels"] == tokenizer.pad_token_id] = -100
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(STEPS_MAX):
        loss = model(**pieces).loss
        if loss.item() < 0.01:
            return
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


async def test_a_model_in_a_folder_translates_line_for_line(folder: Path) -> None:
    marian = Marian({("pl", "en"): str(folder)}, SECONDS)
    await marian.open()
    assert await marian.translate("Dzień dobry.\n\nDzień dobry.", "pl", "en") == "Good morning.\n\nGood morning."


async def test_figures_go_around_the_model_and_come_back(folder: Path) -> None:
    checked = CheckedTranslator(Marian({("pl", "en"): str(folder)}, SECONDS), SECONDS)
    made = await checked.translate("Wypłata trwa 14 dni.", "pl", "en")
    assert (made.text, made.differences) == ("A payout takes 14 days.", ())


async def test_a_direction_without_a_model_is_an_error(folder: Path) -> None:
    with pytest.raises(TranslationFailedError, match="en-pl"):
        await Marian({("pl", "en"): str(folder)}, SECONDS).translate("Hello", "en", "pl")


async def test_a_folder_without_a_model_is_an_error_not_a_crash(tmp_path: Path) -> None:
    marian = Marian({("pl", "en"): str(tmp_path)}, SECONDS)
    with pytest.raises(TranslationFailedError, match=str(tmp_path)):
        await marian.open()
    with pytest.raises(TranslationFailedError):
        await marian.translate("Dzień dobry", "pl", "en")


async def test_a_translation_that_is_cut_short_is_none(folder: Path) -> None:
    with pytest.raises(TranslationFailedError, match="in time"):
        await Marian({("pl", "en"): str(folder)}, 1e-9).translate("Dzień dobry.", "pl", "en")
