"""The desk as pages and as the parts that its scripts fetch again; one template serves both."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from api.conversations.problems import ConversationNotFoundError
from api.desk.shown import dated, shown_event
from api.desk.translated import translated
from api.html.language import page_language
from api.html.views import Views
from api.staff.signed_in import SomeStaff, signed_in
from api.staff.values import Staff
from api.text import to_html
from knowledge_base.article import Language

VIEWS = Views(Path(__file__).parent)
PAGE_MAX = 500

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
View = Literal["mine", "unassigned", "mail", "all", "closed"]
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Search = Annotated[str, Query(max_length=200)]


@router.get("/desk")
async def get_desk(request: Request, view: View = "unassigned", q: Search = "") -> Response:
    """The desk with nothing open."""
    return await _desk(request, None, view, q)


@router.get("/desk/conversations/{conversation_id}")
async def get_conversation(conversation_id: str, request: Request, view: View = "mine", q: Search = "") -> Response:
    """The desk with a conversation open; such an address can be kept and sent to a colleague."""
    return await _desk(request, conversation_id, view, q)


@router.get("/desk/parts/none")
async def get_none(request: Request, _me: SomeStaff) -> Response:
    """What stands where no conversation is open."""
    return _part(request, "none.html")


@router.get("/desk/parts/queue")
async def get_queue_part(
    request: Request, me: SomeStaff, view: View = "unassigned", q: Search = "", limit: Limit = 50, open: str = ""
) -> Response:
    """The rows of the queue."""
    return _part(request, "queue.html", **await _queue(request, me, view, q, limit), conversation={"id": open})


@router.get("/desk/parts/conversations/{conversation_id}")
async def get_conversation_part(conversation_id: str, request: Request, me: SomeStaff) -> Response:
    """A conversation and what stands beside it."""
    return _part(request, "conversation.html", **await _conversation(request, me, conversation_id))


@router.get("/desk/parts/conversations/{conversation_id}/head")
async def get_head_part(conversation_id: str, request: Request, me: SomeStaff) -> Response:
    """What stands above and below a conversation; it changes with every state, the history does not."""
    conversation = await request.app.state.desk.conversation(me, conversation_id)
    return _part(request, "talk_head.html", conversation=conversation)


@router.get("/desk/parts/conversations/{conversation_id}/events")
async def get_events_part(
    conversation_id: str, request: Request, _me: SomeStaff, after: int | None = None, before: int | None = None
) -> Response:
    """Events after a number, or a page of those before one."""
    return _part(request, "events.html", **await _events(request, conversation_id, after=after, before=before))


@router.get("/desk/parts/conversations/{conversation_id}/suggestions")
async def get_suggestions_part(conversation_id: str, request: Request, me: SomeStaff) -> Response:
    """The drafts that wait for the newest message."""
    return _part(request, "suggestions.html", suggestions=await _suggestions(request, me, conversation_id))


@router.get("/desk/parts/articles")
async def get_articles_part(
    request: Request, _me: SomeStaff, q: Search = "", conversation: str = "", article_lang: str = "pl"
) -> Response:
    """Articles that match, in the player's language."""
    language = Language(article_lang) if article_lang in set(Language) else Language.PL
    found = await request.app.state.desk.articles(q, language, conversation or None)
    return _part(
        request,
        "articles.html",
        articles=[dated(article) for article in found["articles"]],
        article_lang=language.value,
    )


async def _desk(request: Request, conversation_id: str | None, view: View, q: str) -> Response:
    language = page_language(request)
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={language.value}", status_code=303)
    values: dict[str, Any] = await _queue(request, me, view, q, 50) | {"conversation": None}
    status = 200
    if conversation_id is not None:
        try:
            values |= await _conversation(request, me, conversation_id)
        except ConversationNotFoundError:
            status = 404
    now = datetime.now(UTC).isoformat()
    return VIEWS.page("desk.html", language, status=status, is_private=True, me=me, now=now, **values)


async def _queue(request: Request, me: Staff, view: View, q: str, limit: int) -> dict[str, Any]:
    found = await request.app.state.desk.queue(me, view, q, limit + 1, 0)
    rows = found["conversations"]
    return {"rows": rows[:limit], "has_more": len(rows) > limit, "counts": found["counts"], "view": view, "q": q}


async def _conversation(request: Request, me: Staff, conversation_id: str) -> dict[str, Any]:
    conversation = await request.app.state.desk.conversation(me, conversation_id)
    events = await _events(request, conversation_id)
    suggestions = await _suggestions(request, me, conversation_id)
    return {"conversation": conversation, **events, "suggestions": suggestions}


async def _events(request: Request, conversation_id: str, **which: int | None) -> dict[str, Any]:
    found = await request.app.state.desk.events(conversation_id, **which)
    t = VIEWS.texts(page_language(request))
    events = await translated(request.app.state.desk, conversation_id, found["events"])
    shown = [shown_event(event, t) | {"open_id": conversation_id} for event in events]
    return {"events": shown, "has_earlier": found["more"]}


async def _suggestions(request: Request, me: Staff, conversation_id: str) -> dict[str, Any]:
    found: dict[str, Any] = dict(await request.app.state.desk.suggestions(me, conversation_id))
    found["suggestions"] = [dated(each) | {"html": Markup(to_html(each["text"]))} for each in found["suggestions"]]  # noqa: S704 - raw HTML is shown as text
    return found


def _part(request: Request, template: str, **values: Any) -> Response:
    return VIEWS.page(template, page_language(request), is_private=True, **values)
