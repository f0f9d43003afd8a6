"""One WordPiece vocabulary for both languages: the teacher's frequent English pieces, and new Polish ones.

Keeping the English pieces keeps their vectors, so that the student understands English from its first step. A Polish
piece starts as the mean of the English pieces it is aligned with in the pairs (after Tran 2020, "From English to
foreign languages", arXiv:2002.07306, with Dice co-occurrence in place of word alignment).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def folding_normalizer() -> Any:
    """Lower case without diacritics; the stroke of ł has no Unicode decomposition and gets its own rule."""
    from tokenizers import normalizers

    return normalizers.Sequence(
        [
            normalizers.Replace("ł", "l"),
            normalizers.Replace("Ł", "l"),
            normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True),
        ]
    )


def train_polish_pieces(texts: Iterable[str], size: int) -> list[str]:
    """WordPiece pieces of the folded texts, the most useful first."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = folding_normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=3, special_tokens=list(SPECIALS), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    ranked = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    return [piece for piece, _ in ranked if piece not in SPECIALS]


def choose_pieces(
    teacher_pieces: Sequence[str],
    english_counts: Counter[str],
    polish_pieces: Sequence[str],
    english_pieces: int,
    english_count_min: int,
    size: int,
) -> list[str]:
    """The joint vocabulary: specials, kept English pieces in the teacher's order, then Polish ones up to `size`."""
    usable = [p for p in teacher_pieces if p.isascii() and not p.startswith("[")]
    frequent = set(usable[:english_pieces])
    kept = [
        p for p in usable if p in frequent or english_counts[p] >= english_count_min or len(p.removeprefix("##")) == 1
    ]
    chosen = dict.fromkeys([*SPECIALS, *kept])
    for piece in polish_pieces:
        if len(chosen) >= size:
            break
        chosen.setdefault(piece)
    return list(chosen)


def build_tokenizer(pieces: Sequence[str], tokens_max: int) -> Any:
    """A fast tokenizer over the pieces, with the folding normaliser and BERT's sentence frame."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocab=vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = folding_normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    tokenizer.enable_truncation(tokens_max)
    return tokenizer


def aligned_start(
    english_ids: Sequence[Sequence[int]],
    polish_ids: Sequence[Sequence[int]],
    known: npt.NDArray[np.float32],
    is_known: npt.NDArray[np.bool_],
    neighbours: int = 6,
) -> npt.NDArray[np.float32]:
    """Vectors (vocabulary, dimension): known ones as they are, others the mean of aligned known pieces by Dice."""
    from scipy import sparse

    size = len(known)

    def occurrences(sentences: Sequence[Sequence[int]]) -> sparse.csr_matrix:
        rows = np.repeat(np.arange(len(sentences)), [len(set(s)) for s in sentences])
        columns = np.fromiter((i for s in sentences for i in sorted(set(s))), dtype=np.int64, count=len(rows))
        return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(sentences), size))

    polish, english = occurrences(polish_ids), occurrences(english_ids)
    polish_count = np.asarray(polish.sum(axis=0)).ravel()
    english_count = np.asarray(english.sum(axis=0)).ravel()
    english = english @ sparse.diags(is_known.astype(np.float32))
    together = (polish.T.tocsr() @ english).tocsr()
    vectors = known.copy()
    fallback = known[is_known].mean(axis=0)
    for piece in np.flatnonzero(~is_known):
        start, end = together.indptr[piece], together.indptr[piece + 1]
        columns, counts = together.indices[start:end], together.data[start:end]
        if len(columns) == 0:
            vectors[piece] = fallback
            continue
        dice = 2 * counts / (polish_count[piece] + english_count[columns])
        best = np.argsort(-dice)[:neighbours]
        weights = dice[best] ** 2
        vectors[piece] = (weights[:, None] * known[columns[best]]).sum(axis=0) / weights.sum()
    return vectors
