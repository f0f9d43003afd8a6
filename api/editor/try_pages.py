"""/editor/try: ask the bot as it is and as it will be, side by side, with what speaks for each answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Query, Request, Response
from markupsafe import Markup

from api.content.values import Candidate, Head, article_key
from api.editor.article_pages import title_of
from api.editor.publish_pages import publishing_of
from api.editor.room import content_of, page, page_router, part
from api.html.language import page_language
from api.publishing.values import Sight, Tried
from api.staff.signed_in import Editor
from api.text import to_html
from bot.masking import mask
from bot.question import CHARACTERS_MAX

EVIDENCE_SHOWN = 3

router = page_router()


@router.get("/editor/try")
async def get_try(request: Request, me: Editor, article: Annotated[str, Query(max_length=80)] = "") -> Response:
    """The box; a draft of one article is tried alone, otherwise all drafts together."""
    publishing_of(request).warm()
    heads = await _tried_heads(request, article)
    return page(request, "try.html", me, "try", article=article, heads=_named(heads, request), q="", tried=None)


@router.post("/editor/try")
async def post_try(
    request: Request, me: Editor, q: Annotated[str, Form(max_length=CHARACTERS_MAX)] = "",
    article: Annotated[str, Form(max_length=80)] = "", is_part: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """The same question to both; the first one after a change takes some seconds, since the draft is built."""
    heads = await _tried_heads(request, article)
    q = mask(q).text
    tried = _shown(await publishing_of(request).try_out(await _candidate(request, heads), q)) if q else None
    if is_part:
        return part(request, "tried.html", tried=tried)
    return page(request, "try.html", me, "try", article=article, heads=_named(heads, request), q=q, tried=tried)


async def _tried_heads(request: Request, article: str) -> list[Head]:
    """The drafts that are tried: all of an article's, or all there are; facts always come along."""
    waiting = [each.head for each in await content_of(request).waiting()]
    if not article:
        return waiting
    key = article_key(article)
    return [head for head in waiting if head.key == key or head.key.kind != key.kind]


async def _candidate(request: Request, heads: list[Head]) -> Candidate:
    return await content_of(request).candidate([(head.key, head.head) for head in heads])


def _named(heads: list[Head], request: Request) -> list[str]:
    language = page_language(request)
    return [title_of(head, language) if "texts" in head.summary else head.key.name for head in heads]


def _shown(tried: Tried) -> dict[str, Any]:
    before, after = _sight(tried.before), _sight(tried.after)
    same = all(before[each] == after[each] for each in ("action", "articles", "html"))
    return {"before": before, "after": after, "is_same": same}


def _sight(sight: Sight) -> dict[str, Any]:
    decision = sight.decision
    return {
        "action": decision.action.value,
        "reason": decision.reason.value,
        "confidence": decision.confidence,
        "articles": decision.articles,
        "evidence": sight.evidence[:EVIDENCE_SHOWN],
        "html": Markup(to_html(decision.reply)),  # noqa: S704 - to_html shows raw HTML as text
    }
