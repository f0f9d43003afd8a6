"""An index' birth certificate: what it was made from, and what it was like when it was made."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.errors import IndexMismatchError

SCHEMA = 3
LIBRARIES = ("faiss-cpu", "numpy", "scikit-learn", "scipy", "sentence-transformers", "torch")


@dataclass(frozen=True)
class Manifest:
    """Everything needed to refuse an index that does not fit."""

    schema: int
    version: str
    built_at: str
    model: str
    model_checksum: str
    dimension: int
    content_checksum: str
    files: dict[str, str]
    libraries: dict[str, str]
    counts: dict[str, int]
    figures: dict[str, Any]
    fit: dict[str, Any] = field(default_factory=dict)  # see incremental.FitRecord

    def write(self, folder: Path) -> None:
        """As manifest.json, readable by people."""
        (folder / "manifest.json").write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """IndexMismatchError if it is torn or of another schema."""
        try:
            raw = json.loads((folder / "manifest.json").read_text("utf-8"))
            if raw.get("schema") != SCHEMA:
                raise IndexMismatchError(
                    f"The index in {folder} has schema {raw.get('schema')}, this version reads {SCHEMA}. "
                    "Build it again: krupier index build"
                )
            return cls(**raw)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise IndexMismatchError(
                f"The manifest of the index in {folder} cannot be read ({error}). Build it again: krupier index build"
            ) from error


def library_versions() -> dict[str, str]:
    """Versions of the libraries whose numbers an index depends on."""
    return {name: importlib.metadata.version(name) for name in LIBRARIES}
