"""GET /editor/questions: what players ask in vain, by meaning; what consultants flag; phrasings that wait for a yes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from api.html.language import page_language
from api.learning.values import GROUPED
from api.problems import ProblemError
from api.questions.room import VIEWS, learning_of, page
from api.questions.shown import article_options, spark, titles
from api.staff.signed_in import Editor, SignInNeededError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Tab = Literal["groups", "flags", "phrasings", "aside"]
TABS: tuple[Tab, ...] = ("groups", "flags", "phrasings", "aside")


class PageRoute(APIRoute):
    """Who is not signed in is led to the form; an expected error is a page that says what to do."""

    def get_route_handler(self) -> Handler:
        """The handler, with its errors turned into pages."""
        handler = super().get_route_handler()

        async def shown(request: Request) -> Response:
            language = page_language(request)
            try:
                return await handler(request)
            except SignInNeededError:
                return RedirectResponse(f"/desk/sign-in?lang={language.value}", status_code=303)
            except ProblemError as error:
                t = VIEWS.texts(language)
                said = t["q"]["errors"].get(error.code) or t["errors"].get(error.code, error.detail)
                return page(request, "problem.html", None, status=error.status, said=said, detail=error.detail)

        return shown


router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute)


@router.get("/editor/questions")
async def get_questions(
    request: Request, me: Editor, tab: Tab = "groups", done: Annotated[str, Query(max_length=20)] = "",
    article: Annotated[str, Query(max_length=80)] = "",
) -> Response:  # fmt: skip
    """One tab; what has happened in conversations meanwhile is gathered first."""
    learning, language = learning_of(request), page_language(request)
    await learning.gather()
    groups = await learning.groups(language)
    ideas, flags = await learning.ideas(language, has_near=tab == "phrasings"), await learning.flags()
    counts = {
        "groups": len(groups.groups), "flags": len(flags), "phrasings": len(ideas), "aside": len(groups.set_aside),
    }  # fmt: skip
    articles = request.app.state.engine.bot.articles
    return page(
        request, "questions.html", me, tab=tab, tabs=TABS, counts=counts, waiting=groups.waiting, ideas=ideas,
        groups=groups.set_aside if tab == "aside" else groups.groups, flags=flags, done=done, done_article=article,
        options=article_options(articles, language), titles=titles(articles, language), spark=spark, sources=GROUPED,
    )  # fmt: skip
