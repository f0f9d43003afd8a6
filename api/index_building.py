"""`krupier index build`: of what the database has published, or of the files, and held against the former index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.engine import Say, build, stage_printer
from api.settings import Settings
from api.stored import published, record_index, stored_base

if TYPE_CHECKING:
    from indexer.gate import GateReport
    from indexer.manifest import Manifest


def build_judged(settings: Settings, say: Say, *, is_full: bool, is_judged: bool) -> tuple[Manifest, GateReport | None]:
    """Build and publish; not `is_full`: what was fitted is kept if few articles changed. With the gate's report."""
    from indexer.build import BuildOptions, Workshop
    from indexer.encoder import Encoder
    from knowledge_base.reading import read_knowledge_base

    base = stored_base(settings)
    if base is not None:
        say("Building what the database has published; files come in by: krupier kb import")
    elif is_full and not is_judged:
        return build(settings, say), None
    base = base or read_knowledge_base(settings.knowledge_base)
    workshop = Workshop(
        Encoder(settings.model, settings.build_threads), BuildOptions(settings.index_home, settings.wrong_answers_max)
    )
    if is_judged or not is_full:
        workshop.open()
    made = workshop.make(base, stage_printer(say), is_full=is_full, is_judged=is_judged)
    workshop.tidy()
    manifest = workshop.write(made, is_current=True)
    if stored_base(settings) is not None:
        record_index(settings, published(settings), manifest.version, made.gate, manifest.fit)
    return manifest, made.gate
