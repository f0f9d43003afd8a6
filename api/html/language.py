"""In which language a page is shown."""

from __future__ import annotations

from fastapi import Request

from knowledge_base.article import Language


def page_language(request: Request) -> Language:
    """What ?lang= asks for, else what the browser likes best, else Polish."""
    asked = request.query_params.get("lang", "")
    if asked in set(Language):
        return Language(asked)
    return preferred(request.headers.get("accept-language", ""))


def preferred(accept_language: str) -> Language:
    """Our language with the highest weight in an Accept-Language header (RFC 9110, 12.5.4); Polish if none is there."""
    best, best_weight = Language.PL, 0.0
    for entry in accept_language.split(","):
        tag, _, parameter = entry.partition(";")
        name = tag.strip().lower().split("-")[0]
        weight = _weight(parameter)
        if name in set(Language) and weight > best_weight:
            best, best_weight = Language(name), weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
