"""What editors do with a group: phrasings for an article, a new article, set aside; with ideas and flags: yes or no."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.content.problems import BadNameError
from api.content.values import ArticleContent, EntryKind, TextContent
from api.html.language import page_language
from api.learning.problems import NothingChosenError
from api.learning.values import OpenQuestion, State
from api.problems import ProblemError
from api.questions.pages import PageRoute
from api.questions.room import learning_of, page
from api.questions.shown import slug
from api.staff.signed_in import Editor
from api.text import tidy
from knowledge_base.article import Language, RiskClass

REVIEW_AFTER = timedelta(days=182)  # half a year, as in the shipped articles
IDS_MAX = 2_000  # as many as are grouped at once
FROM_QUESTIONS = "From what players asked in vain"
FROM_DRAFTS = "From drafts that consultants sent"

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute)
Text = Annotated[str, Form()]
Numbers = Annotated[list[int], Form()]


@router.post("/editor/questions/phrasings")
async def post_phrasings(
    request: Request, me: Editor, ids: Text = "", phrase: Numbers = [], article: Text = "", other: Text = "",  # noqa: B006
) -> Response:  # fmt: skip
    """The ticked questions become phrasings of an article, as a draft; the whole group is done with."""
    article_id = other.strip() or article
    if not article_id:
        raise NothingChosenError("Choose an article, or type its name.")
    chosen = await learning_of(request).questions(phrase[:IDS_MAX])
    await learning_of(request).add_phrasings(article_id, _phrasings(chosen), _ids(ids), me, FROM_QUESTIONS)
    return _back(request, "groups", "phrased", article_id)


@router.post("/editor/questions/settle")
async def post_settle(request: Request, me: Editor, ids: Text = "", what: Text = "", tab: Text = "groups") -> Response:
    """Set aside as not ours, bring back, or done with."""
    states = {"aside": State.SET_ASIDE, "back": State.OPEN, "done": State.DONE}
    if what in states:
        await learning_of(request).settle(_ids(ids), states[what], me)
    return _back(request, tab if tab in {"groups", "aside", "flags"} else "groups", what)


@router.post("/editor/questions/ideas")
async def post_ideas(request: Request, me: Editor, idea: Numbers = [], what: Text = "") -> Response:  # noqa: B006
    """The editor's yes or no to the ticked suggestions of phrasings."""
    learning = learning_of(request)
    chosen = await learning.questions(idea[:IDS_MAX])
    if not chosen:
        raise NothingChosenError("Tick at least one phrasing.")
    if what != "yes":
        await learning.settle([each.id for each in chosen], State.SET_ASIDE, me)
        return _back(request, "phrasings", "dismissed")
    for article_id in dict.fromkeys(each.answered_with or "" for each in chosen):
        own = [each for each in chosen if each.answered_with == article_id]
        await learning.add_phrasings(article_id, _phrasings(own), [each.id for each in own], me, FROM_DRAFTS)
    return _back(request, "phrasings", "phrased")


@router.post("/editor/questions/article")
async def post_begin(request: Request, me: Editor, ids: Text = "", phrase: Numbers = []) -> Response:  # noqa: B006
    """The form of a new article, with what consultants actually answered as a first text."""
    learning = learning_of(request)
    every = await learning.questions(_ids(ids))
    if not every:
        raise NothingChosenError("These questions are not there any more.")
    chosen = [each for each in every if each.id in set(phrase)] or every
    languages = [each.lang for each in chosen]
    fields = {
        "ids": ids, "lang": max(sorted(set(languages)), key=languages.count), "id": slug(chosen[0].text),
        "title": chosen[0].text[:160], "category": "", "risk": RiskClass.DRAFT.value,
        "body": await learning.first_text(_ids(ids)),
    }  # fmt: skip
    fields["phrasings"] = "\n".join(" ".join(each.text.split()) for each in chosen if each.lang == fields["lang"])
    return await _form(request, me, fields, None)


@router.post("/editor/questions/article/new")
async def post_article(
    request: Request, me: Editor, ids: Text = "", lang: Text = "pl", id: Text = "", title: Text = "",
    category: Text = "", risk: Text = "draft", body: Text = "", phrasings: Text = "",
) -> Response:  # fmt: skip
    """A new draft, or the form again with what is wrong and all that was typed."""
    fields = {
        "ids": ids, "lang": lang if lang in set(Language) else "pl", "id": id.strip(), "title": tidy(title),
        "category": tidy(category), "risk": risk if risk in set(RiskClass) else "draft", "body": tidy(body),
        "phrasings": tidy(phrasings),
    }  # fmt: skip
    today = date.today()
    try:
        if not fields["title"] or not fields["category"]:
            raise BadNameError("A new article needs a title and a category.")
        lines = tuple(line.strip() for line in fields["phrasings"].splitlines() if line.strip())
        text = TextContent(fields["title"], fields["body"], lines, today, today + REVIEW_AFTER)
        content = ArticleContent(
            fields["category"], RiskClass(fields["risk"]), me.name, (), {Language(fields["lang"]): text}
        )
        await learning_of(request).start_article(fields["id"], content, _ids(ids), me, FROM_QUESTIONS)
    except ProblemError as error:
        return await _form(request, me, fields, error)
    return RedirectResponse(f"/editor/articles/{fields['id']}?lang={page_language(request).value}", status_code=303)


async def _form(request: Request, me: Editor, fields: dict[str, str], error: ProblemError | None) -> Response:
    heads = await request.app.state.content.heads(EntryKind.ARTICLE)
    categories = sorted({head.summary["category"] for head in heads})
    return page(
        request, "begin.html", me, status=error.status if error else 200, fields=fields, error=error,
        categories=categories, risks=[each.value for each in RiskClass],
    )  # fmt: skip


def _phrasings(chosen: list[OpenQuestion]) -> list[tuple[str, str]]:
    """Each on one line, in a language that articles have."""
    return [(each.lang, " ".join(each.text.split())) for each in chosen if each.lang in set(Language)]


def _ids(text: str) -> list[int]:
    return [int(each) for each in text.split(",")[:IDS_MAX] if each.strip().isdecimal() and len(each) < 10]


def _back(request: Request, tab: str, done: str, article: str = "") -> Response:
    more = f"&article={article}" if article else ""
    return RedirectResponse(
        f"/editor/questions?tab={tab}&done={done}{more}&lang={page_language(request).value}", status_code=303
    )
