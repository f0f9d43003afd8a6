"""Whether a translation says the same figures, links and masked data as its original."""

from __future__ import annotations

import re

from api.suggestions.figures import strange_figures

_EXACT = re.compile(r"https?://[^\s<>()]+[^\s<>().,;:!?]|[\w.+-]+@[\w-]+\.[\w.-]*\w|\[[a-z_]+\]")


def differences(original: str, translated: str) -> list[str]:
    """What one has and the other lacks, as written; [] where nothing is lost and nothing invented."""
    exact = _EXACT.findall(original), _EXACT.findall(translated)
    lost = [each for each in exact[0] if each not in exact[1]] + [each for each in exact[1] if each not in exact[0]]
    plain = _EXACT.sub(" ", original), _EXACT.sub(" ", translated)
    figures = [*strange_figures(plain[0], [plain[1]]), *strange_figures(plain[1], [plain[0]])]
    return list(dict.fromkeys([*lost, *figures]))
