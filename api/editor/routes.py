"""What the room's scripts ask for while somebody types. All of it is for our own pages."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request

from api.content.values import EntryKind, Key
from api.editor.article_pages import at_work, content_now
from api.editor.forms import ARTICLE_FIELDS, BadFieldsError, article_of_fields
from api.editor.preview import Fault, Seen, seen
from api.editor.room import VIEWS, content_of
from api.editor.schemas import FieldsIn, PhrasingsIn
from api.editor.similarity import are_all_formal, too_close
from api.html.language import page_language
from api.staff.signed_in import Editor
from knowledge_base.article import Language

router = APIRouter(prefix="/api/v1/editor", tags=["editor"], include_in_schema=False)


@router.put("/{kind}/{name}/working-copy")
async def put_working_copy(kind: EntryKind, name: str, body: FieldsIn, request: Request, me: Editor) -> dict[str, Any]:
    """Keep what is typed; tells who else is typing, and whether a newer version was kept meanwhile."""
    content, key = content_of(request), Key(kind, name)
    saved_at = await content.autosave(key, me, body.base, body.known())
    head = await content.head(key)
    copies = [each for each in await content.working_copies(key) if each.staff_id != me.id]
    others = [each["name"] for each in at_work(copies, content_now(request))]
    newer = None
    if head.head > body.base:
        version = await content.version(key, head.head)
        newer = {"number": version.number, "by": version.author_name}
    return {"saved_at": saved_at.isoformat(), "newer": newer, "others": others}


@router.post("/articles/{article_id}/preview")
async def post_preview(article_id: str, body: FieldsIn, request: Request, _me: Editor) -> dict[str, Any]:
    """The article as players will see it, and what is wrong with it."""
    t, today = VIEWS.texts(page_language(request)), date.today()
    fields = dict.fromkeys(ARTICLE_FIELDS, "") | body.known()
    try:
        content = article_of_fields(fields, today)
    except BadFieldsError as error:
        return {"wrong": {field: t["wrong_fields"][code] for field, code in error.fields.items()}}
    base = (await content_of(request).published()).knowledge_base
    mails = {each.value: VIEWS.texts(each)["mail"] for each in Language}
    found = await anyio.to_thread.run_sync(functools.partial(seen, base, article_id, content, mails, today))
    return {"wrong": {}, **{each.value: _shown(found[each], t) for each in Language}}


@router.post("/articles/{article_id}/phrasings")
async def post_phrasings(article_id: str, body: PhrasingsIn, request: Request, _me: Editor) -> dict[str, Any]:
    """Which phrasings are too close to others, and whether all of them are formal."""
    t, state = VIEWS.texts(page_language(request)), request.app.state
    bot = state.engine.bot
    look = functools.partial(too_close, bot.retriever, article_id, body.checked, body.everything)
    found = await anyio.to_thread.run_sync(look, limiter=state.searching)
    warnings = []
    for close in found:
        article = bot.articles.get(close.article)
        text = article.texts.get(body.lang) if article else None
        said = t["close_to_own"] if close.article == article_id else t["close_to_other"]
        title = text.title if text else close.article
        warnings.append({"phrasing": close.phrasing, "text": said.format(other=close.other, title=title)})
    return {"warnings": warnings, "formal": t["only_formal"] if are_all_formal(body.everything, body.lang) else ""}


def _shown(found: Seen, t: dict[str, Any]) -> dict[str, Any]:
    return {
        "page": found.page, "chat": found.chat, "mail": found.mail, "facts": dict(found.facts),
        "faults": [
            {"field": each.field, "line": each.line, "text": fault_text(each, t), "is_fatal": each.code == "template"}
            for each in found.faults
        ],
    }  # fmt: skip


def fault_text(fault: Fault, t: dict[str, Any]) -> str:
    """What is wrong and what to do, in the page's language."""
    said: str | None = t["problems"].get(fault.code)
    return said.format(value=fault.value) if said else fault.what
