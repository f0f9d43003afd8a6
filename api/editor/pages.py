"""GET /editor: all articles with their figures; a new one is begun here."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Form, Query, Request, Response

from api.content.problems import BadNameError
from api.content.values import ArticleContent, EntryKind, Origin, TextContent
from api.editor.figures import Figures
from api.editor.forms import REVIEW_AFTER, one_line
from api.editor.listing import SORTS, STATES, Filters, counts, filtered, rows_of
from api.editor.room import content_of, page, page_router, to
from api.html.language import page_language
from api.problems import ProblemError
from api.staff.signed_in import Editor
from knowledge_base.article import Language, RiskClass

ROWS_MAX = 100  # on a page
Text = Annotated[str, Query(max_length=200)]

router = page_router()


@router.get("/editor")
async def get_articles(
    request: Request, me: Editor, q: Text = "", category: Text = "", article_lang: Text = "", risk: Text = "",
    state: Text = "", sort: Text = "title", p: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> Response:  # fmt: skip
    """The list; filters stand in its address, so that it can be kept and sent."""
    filters = Filters(
        q, category, article_lang, risk, state if state in STATES else "", sort if sort in SORTS else "title"
    )
    content, language, figures = content_of(request), page_language(request), figures_of(request)
    everything = await content.heads(EntryKind.ARTICLE)
    heads = await content.heads(EntryKind.ARTICLE, q) if q else everything
    by_article, unfinished, today = await figures.by_article(), await content.unfinished(me), date.today()
    all_rows = rows_of(everything, by_article, unfinished, language, today)
    rows = filtered(rows_of(heads, by_article, unfinished, language, today), filters)
    start = (p - 1) * ROWS_MAX
    return page(
        request, "articles.html", me, "articles", filters=filters, rows=rows[start : start + ROWS_MAX],
        found=len(rows), pages=-(-len(rows) // ROWS_MAX), p=p, counts=counts(all_rows), today=today,
        categories=sorted({row.category for row in all_rows}),
    )  # fmt: skip


@router.get("/editor/articles/new")
async def get_new(request: Request, me: Editor) -> Response:
    """The few fields that a new article begins with."""
    return await _new_page(request, me, {"id": "", "title": "", "category": "", "risk": "auto"}, None)


@router.post("/editor/articles/new")
async def post_new(
    request: Request, me: Editor, id: Annotated[str, Form()] = "", title: Annotated[str, Form()] = "",
    category: Annotated[str, Form()] = "", risk: Annotated[str, Form()] = "auto",
) -> Response:  # fmt: skip
    """A new draft, or the form again with what is wrong."""
    fields = {"id": id.strip(), "title": one_line(title), "category": one_line(category), "risk": risk}
    today = date.today()
    text = TextContent(fields["title"], "", (), today, today + REVIEW_AFTER)
    try:
        if not fields["title"] or not fields["category"]:
            raise BadNameError("A new article needs a title and a category.")
        classed = RiskClass(risk) if risk in set(RiskClass) else RiskClass.AUTO
        started = ArticleContent(fields["category"], classed, me.name, (), {page_language(request): text})
        await content_of(request).start_article(fields["id"], started, me, Origin.EDITOR)
    except ProblemError as error:
        return await _new_page(request, me, fields, error)
    return to(request, f"/editor/articles/{fields['id']}")


async def _new_page(request: Request, me: Editor, fields: dict[str, str], error: ProblemError | None) -> Response:
    heads = await content_of(request).heads(EntryKind.ARTICLE)
    categories = sorted({head.summary["category"] for head in heads})
    return page(
        request, "new_article.html", me, "articles", status=error.status if error else 200, fields=fields,
        error=error, categories=categories, risks=[each.value for each in RiskClass],
        languages_written=[each.value for each in Language],
    )  # fmt: skip


def figures_of(request: Request) -> Figures:
    """How articles do with players."""
    figures: Figures = request.app.state.article_figures
    return figures
