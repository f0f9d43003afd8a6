"""/editor/articles/{id}: one article in both languages side by side, kept as versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import Form, Request, Response

from api.content.merging import Merged, merge
from api.content.problems import ConflictError
from api.content.values import ArticleContent, EntryKind, Head, Status, Version, WorkingCopy, article_key
from api.editor.figures import ArticleFigures
from api.editor.forms import ARTICLE_FIELDS, BadFieldsError, article_fields, article_of_fields, fields_of_form
from api.editor.pages import figures_of
from api.editor.room import content_of, page, page_router, to
from api.html.language import page_language
from api.problems import ProblemError
from api.staff.signed_in import Editor
from knowledge_base.article import Language, RiskClass
from knowledge_base.checks import PHRASINGS_MIN
from knowledge_base.formatting import format_value

AT_WORK = timedelta(minutes=15)  # who has typed within this time is shown as writing too
OFFERED_MAX = 2_000  # articles to link to; a longer list would make the page itself slow
Note = Annotated[str, Form(max_length=500)]

router = page_router()


@router.get("/editor/articles/{article_id}")
async def get_article(article_id: str, request: Request, me: Editor) -> Response:
    """The newest version, or what one has typed and not kept yet."""
    content, key = content_of(request), article_key(article_id)
    head = await content.head(key)
    newest = await content.version(key, head.head)
    own = next((each for each in await content.working_copies(key) if each.staff_id == me.id), None)
    if own is None:
        return await _page(request, me, head, newest, _fields(newest), head.head)
    if own.base == head.head:
        return await _page(request, me, head, newest, {**_fields(newest), **own.fields}, own.base, is_unkept=True)
    merged = await _merged(request, newest, own.base, own.fields)
    return await _page(request, me, head, newest, merged.fields, head.head, theirs=merged.theirs, is_unkept=True)


@router.post("/editor/articles/{article_id}")
async def post_article(
    article_id: str, request: Request, me: Editor, base: Annotated[int, Form(ge=0)], note: Note = "",
    then: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Keep the next version; where a colleague was first, both are put together and shown, and nothing is kept yet."""
    content, key = content_of(request), article_key(article_id)
    fields = fields_of_form(await request.form(), ARTICLE_FIELDS)
    head = await content.head(key)
    newest = await content.version(key, head.head)
    try:
        written = article_of_fields(fields, date.today())
        if base != head.head:
            raise ConflictError("A colleague was first.")
        number = head.head
        if written != newest.content or newest.is_archived:
            number = (await content.save(key, written, base, me, note=note)).number
        else:
            await content.discard(key, me)
    except BadFieldsError as error:
        await content.autosave(key, me, base, fields)
        return await _page(request, me, head, newest, fields, base, wrong=error.fields, status=422, is_unkept=True)
    except ConflictError:
        head = await content.head(key)
        newest = await content.version(key, head.head)
        merged = await _merged(request, newest, base, fields)
        await content.autosave(key, me, head.head, merged.fields)
        return await _page(
            request, me, head, newest, merged.fields, head.head, theirs=merged.theirs, status=409, is_unkept=True,
            is_conflict=True,
        )  # fmt: skip
    except ProblemError as error:  # e.g. a pasted picture: what was typed stays in the form
        await content.autosave(key, me, base, fields)
        return await _page(request, me, head, newest, fields, base, error=error, status=error.status, is_unkept=True)
    if then == "review" and (await content.head(key)).status is Status.DRAFT:
        await content.submit(key, number, me, note)
    if then in {"publish", "try"}:
        return to(request, f"/editor/{then}", article=article_id)
    return to(request, f"/editor/articles/{article_id}", kept=number)


@router.post("/editor/articles/{article_id}/discard")
async def post_discard(article_id: str, request: Request, me: Editor) -> Response:
    """Back to the newest version; what was typed and not kept is forgotten."""
    await content_of(request).discard(article_key(article_id), me)
    return to(request, f"/editor/articles/{article_id}")


async def _merged(request: Request, newest: Version, base: int, mine: Mapping[str, str]) -> Merged:
    content = content_of(request)
    began = await content.version(newest.key, base) if base else newest
    return merge(_fields(began), mine, _fields(newest))


def _fields(version: Version) -> dict[str, str]:
    assert isinstance(version.content, ArticleContent)
    return article_fields(version.content)


async def _page(
    request: Request, me: Editor, head: Head, newest: Version, fields: Mapping[str, str], base: int, *,
    theirs: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None, status: int = 200,
    is_unkept: bool = False, is_conflict: bool = False, error: ProblemError | None = None,
) -> Response:  # fmt: skip
    content, language = content_of(request), page_language(request)
    others = [each for each in await content.working_copies(head.key) if each.staff_id != me.id]
    live = (await content.published()).knowledge_base
    figures = (await figures_of(request).by_article()).get(head.key.name, ArticleFigures())
    articles = await content.heads(EntryKind.ARTICLE)
    return page(
        request, "article.html", me, "articles", status=status, head=head, newest=newest, fields=fields, base=base,
        theirs=theirs or {}, wrong=wrong or {}, error=error, is_unkept=is_unkept, is_conflict=is_conflict,
        kept=request.query_params.get("kept", ""), others=at_work(others, content_now(request)), figures=figures,
        needs_review=await content.needs_review(head.key, newest.content), authors=await content.authors(head.key),
        risks=[each.value for each in RiskClass], phrasings_min={k.value: v for k, v in PHRASINGS_MIN.items()},
        categories=sorted({each.summary["category"] for each in articles}),
        facts=[
            {"name": fact.name, **{each.value: format_value(fact.value, fact.unit, each) for each in Language}}
            for fact in live.facts.values()
        ],
        articles=[
            {"id": e.key.name, "title": title_of(e, language)} for e in articles[:OFFERED_MAX] if not e.is_archived
        ],
    )  # fmt: skip


def at_work(copies: list[WorkingCopy], now: datetime) -> list[dict[str, Any]]:
    """Colleagues who are typing in the same article."""
    return [{"name": each.staff_name, "at": each.saved_at} for each in copies if now - each.saved_at < AT_WORK]


def content_now(request: Request) -> datetime:
    """The room's clock."""
    now: datetime = request.app.state.chat.conversations.now()
    return now


def title_of(head: Head, language: Language) -> str:
    """An article's title in a language, or in the other, or its id."""
    texts = head.summary["texts"]
    found = [texts[each]["title"] for each in (language.value, *texts) if each in texts]
    return next((title for title in found if title), head.key.name)
