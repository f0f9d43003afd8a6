"""/editor/facts: each figure once; a change shows every text that it touches before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Form, Query, Request, Response

from api.content.assembling import fact_of
from api.content.encoding import content_from_json
from api.content.merging import merge
from api.content.problems import ConflictError, EntryNotFoundError
from api.content.values import EntryKind, FactContent, Head, Status, Version, article_key, fact_key
from api.editor.article_pages import title_of
from api.editor.forms import FACT_FIELDS, UNITS, BadFieldsError, fact_fields, fact_of_fields, fields_of_form
from api.editor.room import VIEWS, content_of, page, page_router, part, to
from api.html.language import page_language
from api.problems import ProblemError
from api.staff.signed_in import Editor
from knowledge_base.article import Language
from knowledge_base.checks import quoted_facts
from knowledge_base.formatting import format_value
from knowledge_base.reading import KnowledgeBase
from knowledge_base.rendering import TemplateProblem, render_facts

Note = Annotated[str, Form(max_length=500)]
AROUND = 90  # characters of a text shown on either side of a fact

router = page_router()


@router.get("/editor/facts")
async def get_facts(request: Request, me: Editor, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """All facts with their values and how many texts quote each."""
    content = content_of(request)
    quoted = quoted_facts((await content.published()).knowledge_base)
    heads = await content.heads(EntryKind.FACT, q)
    rows = []
    for head in heads:
        shown = fact_of(head.key.name, _content_of(head))
        values = {each.value: format_value(shown.value, shown.unit, each) for each in Language}
        rows.append({"head": head, "values": values, "texts": len(quoted.get(head.key.name, ()))})
    return page(request, "facts.html", me, "facts", rows=rows, q=q)


@router.get("/editor/facts/new")
async def get_new(request: Request, me: Editor) -> Response:
    """An empty form."""
    empty = dict.fromkeys(FACT_FIELDS, "") | {"shape": "one", "unit": "text", "checked": date.today().isoformat()}
    return await _page(request, me, None, None, empty, 0)


@router.post("/editor/facts/new")
async def post_new(request: Request, me: Editor, name: Annotated[str, Form()] = "") -> Response:
    """A new draft, or the form again."""
    fields = fields_of_form(await request.form(), FACT_FIELDS)
    try:
        await content_of(request).save(fact_key(name.strip()), fact_of_fields(fields), 0, me)
    except ProblemError as error:
        return await _page(request, me, None, None, fields, 0, error=error, name=name)
    return to(request, f"/editor/facts/{name.strip()}", kept=1)


@router.get("/editor/facts/{name}")
async def get_fact(name: str, request: Request, me: Editor) -> Response:
    """The newest version, or what one has typed and not kept yet."""
    content, key = content_of(request), fact_key(name)
    head = await content.head(key)
    newest = await content.version(key, head.head)
    own = next((each for each in await content.working_copies(key) if each.staff_id == me.id), None)
    fields = _fields(newest)
    if own is not None and own.base == head.head:
        fields |= own.fields
    elif own is not None and own.base:
        began = await content.version(key, own.base)
        fields = dict(merge(_fields(began), own.fields, fields).fields)
    return await _page(request, me, head, newest, fields, head.head, is_unkept=own is not None)


@router.post("/editor/facts/{name}")
async def post_fact(
    name: str, request: Request, me: Editor, base: Annotated[int, Form(ge=0)], note: Note = "",
    then: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Keep the next version; where a colleague was first, both values are shown and nothing is kept yet."""
    content, key = content_of(request), fact_key(name)
    fields = fields_of_form(await request.form(), FACT_FIELDS)
    head = await content.head(key)
    newest = await content.version(key, head.head)
    try:
        written = fact_of_fields(fields)
        number = head.head
        if base != head.head:
            raise ConflictError("A colleague was first.")
        if written != newest.content or newest.is_archived:
            number = (await content.save(key, written, base, me, note=note)).number
        else:
            await content.discard(key, me)
    except ProblemError as error:
        head = await content.head(key)
        newest = await content.version(key, head.head)
        is_late = isinstance(error, ConflictError)
        await content.autosave(key, me, head.head if is_late else base, fields)
        return await _page(
            request, me, head, newest, fields, head.head if is_late else base, error=error, is_unkept=True,
            theirs=_fields(newest) if is_late else None,
        )  # fmt: skip
    if then == "review" and (await content.head(key)).status is Status.DRAFT:
        await content.submit(key, number, me, note)
    return to(request, "/editor/publish" if then == "publish" else f"/editor/facts/{name}", kept=number)


@router.post("/editor/facts/{name}/touched")
async def post_touched(name: str, request: Request, _me: Editor) -> Response:
    """Every sentence with the fact, as it reads now and as it will, for the value that is being typed."""
    fields = fields_of_form(await request.form(), FACT_FIELDS)
    try:
        new: FactContent | None = fact_of_fields(fields)
        wrong: Mapping[str, str] = {}
    except BadFieldsError as error:
        new, wrong = None, error.fields
    live = (await content_of(request).published()).knowledge_base
    return part(request, "touched.html", touched=await _touched(request, live, name, new), wrong=wrong)


@router.post("/editor/facts/{name}/discard")
async def post_discard(name: str, request: Request, me: Editor) -> Response:
    """Back to the newest version."""
    await content_of(request).discard(fact_key(name), me)
    return to(request, f"/editor/facts/{name}")


@router.post("/editor/facts/{name}/approve")
async def post_approve(name: str, request: Request, me: Editor, number: Annotated[int, Form()]) -> Response:
    """A second editor agrees."""
    await content_of(request).approve(fact_key(name), number, me)
    return to(request, f"/editor/facts/{name}")


@router.post("/editor/facts/{name}/return")
async def post_return(
    name: str, request: Request, me: Editor, number: Annotated[int, Form()], note: Note = ""
) -> Response:
    """Back to the author."""
    await content_of(request).give_back(fact_key(name), number, me, note)
    return to(request, f"/editor/facts/{name}")


@router.post("/editor/facts/{name}/archive")
async def post_delete(name: str, request: Request, me: Editor, note: Note = "") -> Response:
    """A version that takes the fact away; refused while a text quotes it."""
    content, key = content_of(request), fact_key(name)
    try:
        await content.delete_fact(key, me, note)
    except ProblemError as error:
        head = await content.head(key)
        newest = await content.version(key, head.head)
        return await _page(request, me, head, newest, _fields(newest), head.head, error=error)
    return to(request, f"/editor/facts/{name}")


async def _touched(request: Request, live: KnowledgeBase, name: str, new: FactContent | None) -> list[dict[str, Any]]:
    """Each article and language that quotes the fact: the words around it, before and after."""
    language, old = page_language(request), live.facts.get(name)
    facts = {**live.facts, name: fact_of(name, new)} if new else live.facts
    touched = []
    for article_id, languages in (await content_of(request).quoting(name)).items():
        article = live.articles.get(article_id)
        head = await content_of(request).head(article_key(article_id))
        for each in map(Language, languages):
            text = article.texts.get(each) if article else None
            line = next((li for li in (text.body if text else "").split("\n") if f"fact.{name}" in li), "")
            before = _filled(line, live.facts, each) if old else ""
            touched.append({
                "id": article_id, "title": title_of(head, language), "lang": each.value, "before": before,
                "after": _filled(line, facts, each) if new else "",
            })  # fmt: skip
    return touched


def _filled(line: str, facts: Mapping[str, Any], language: Language) -> str:
    try:
        return render_facts(line, facts, language)[0].strip()[: 4 * AROUND]
    except TemplateProblem as error:
        return f"⚠ {error}"


def _content_of(head: Head) -> FactContent:
    """Out of the list's summary, which holds all of a fact."""
    found = content_from_json(EntryKind.FACT, head.summary)
    assert isinstance(found, FactContent)
    return found


def _fields(version: Version) -> dict[str, str]:
    if not isinstance(version.content, FactContent):
        raise EntryNotFoundError("This is no fact.")
    return fact_fields(version.content)


async def _page(
    request: Request, me: Editor, head: Head | None, newest: Version | None, fields: Mapping[str, str], base: int, *,
    error: ProblemError | None = None, theirs: Mapping[str, str] | None = None, is_unkept: bool = False,
    name: str = "",
) -> Response:  # fmt: skip
    content, t = content_of(request), VIEWS.texts(page_language(request))
    wrong = error.fields if isinstance(error, BadFieldsError) else {}
    live = (await content.published()).knowledge_base
    touched: list[dict[str, Any]] = []
    needs_review, authors = False, frozenset[int]()
    if head is not None and newest is not None:
        assert isinstance(newest.content, FactContent)
        touched = await _touched(request, live, head.key.name, newest.content)
        needs_review = await content.needs_review(head.key, newest.content)
        authors = await content.authors(head.key)
    said = t["errors"].get(error.code, error.detail) if error else ""
    if error and error.code == "fact_in_use":
        said = t["errors"]["fact_in_use"].format(articles=", ".join(error.more["articles"]))
    return page(
        request, "fact.html", me, "facts", status=error.status if error else 200, head=head, newest=newest,
        fields=fields, base=base, said=said, wrong=wrong, theirs=theirs, is_unkept=is_unkept, touched=touched,
        units=UNITS, name=head.key.name if head else name, needs_review=needs_review, authors=authors,
        kept=request.query_params.get("kept", ""),
    )  # fmt: skip
