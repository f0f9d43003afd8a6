"""Which terms a text has and how often, as numbers, kept between builds: most texts are the same as the time before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Counted:
    """How often each term stands in each document: `counts` is terms x documents, terms in the order of `terms`."""

    terms: tuple[str, ...]
    counts: sparse.csr_matrix
    lengths: npt.NDArray[np.int64]  # of the documents, in terms


def counted(documents: Sequence[Sequence[str]]) -> Counted:
    """Documents given as terms, counted once."""
    counts = TermCounts(list)
    return counts.of([(tuple(document),) for document in documents])


class TermCounts:
    """Counts of terms by text; `tokenise` gives a text's terms."""

    def __init__(self, tokenise: Callable[..., Iterable[str]]) -> None:
        self._tokenise = tokenise
        self._rows: dict[str, int] = {}
        self._known: dict[tuple[object, ...], tuple[Ints, Ints]] = {}

    def of(self, keys: Sequence[tuple[object, ...]], documents: Sequence[int] | None = None, size: int = 0) -> Counted:
        """Texts (as arguments of `tokenise`) counted into `size` documents; without `documents` each is its own."""
        found = [self._counts(key) for key in keys]
        owners = np.arange(len(keys)) if documents is None else np.asarray(documents, np.int64)
        size = max(size, len(keys) if documents is None else 0)
        rows = np.concatenate([r for r, _ in found]) if found else np.zeros(0, np.int32)
        values = np.concatenate([v for _, v in found]) if found else np.zeros(0, np.int32)
        columns = np.repeat(owners, [len(r) for r, _ in found]).astype(np.int32)
        used, compact = _compacted(rows, len(self._rows))
        matrix = sparse.coo_matrix((values, (compact, columns)), shape=(len(used), size)).tocsr()  # adds up repeats
        lengths = np.bincount(columns, values, minlength=size).astype(np.int64)
        names = list(self._rows)
        return Counted(tuple(names[row] for row in used), matrix, lengths)

    def _counts(self, key: tuple[object, ...]) -> tuple[Ints, Ints]:
        known = self._known.get(key)
        if known is None:
            counts = Counter(self._tokenise(*key))
            rows = np.fromiter((self._rows.setdefault(t, len(self._rows)) for t in counts), np.int32, len(counts))
            known = self._known[key] = rows, np.fromiter(counts.values(), np.int32, len(counts))
        return known

    def keep_only(self, keys: Iterable[tuple[object, ...]]) -> None:
        """Forget the texts that are in use no more."""
        kept = set(keys)
        self._known = {key: counts for key, counts in self._known.items() if key in kept}


def _compacted(rows: Ints, size: int) -> tuple[npt.NDArray[np.int64], Ints]:
    """The rows in use, and every row as its place among them."""
    is_used = np.zeros(size, bool)
    is_used[rows] = True
    place = np.cumsum(is_used, dtype=np.int32) - 1
    return np.flatnonzero(is_used), place[rows]
