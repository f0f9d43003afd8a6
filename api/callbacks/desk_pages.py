"""/desk/callbacks: who is to be called when, one call with the conversation so far, and help while talking."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from markupsafe import Markup

from api.asking import search
from api.callbacks.calling import NOTE_MAX, Calling, Opened
from api.callbacks.desk_shown import grouped, row, said
from api.callbacks.pages import VIEWS, Typed
from api.callbacks.problems import AlreadyCallingError, CallbackNotFoundError, CallbackOverError
from api.callbacks.slots import rules_of
from api.callbacks.spoken import spoken
from api.callbacks.values import CallOutcome
from api.chat import Chat
from api.conversations.protection import is_promotion
from api.facts import facts_of
from api.html.language import page_language
from api.opening.wording import when
from api.staff.signed_in import SomeStaff, signed_in
from api.staff.values import Staff
from api.text import tidy, to_html

PATH = "/desk/callbacks"
EVENTS_SHOWN = 100
SEARCH_MIN = 2  # characters
SHOWN = 3
ID_MAX = 2**31 - 1

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Id = Annotated[int, Path(ge=1, le=ID_MAX)]


@router.get(PATH)
async def get_list(request: Request) -> Response:
    """Everybody who waits for a call."""
    language = page_language(request)
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={language.value}", status_code=303)
    return VIEWS.page("calls.html", language, is_private=True, me=me, here=PATH, **await _listed(request, me))


@router.get("/desk/parts/callbacks")
async def get_list_part(request: Request, me: SomeStaff) -> Response:
    """The list alone, fetched again now and then."""
    return VIEWS.page("calls_list.html", page_language(request), is_private=True, **await _listed(request, me))


@router.get("/api/v1/desk/callbacks/due", response_class=JSONResponse)
async def get_due(request: Request, me: SomeStaff) -> dict[str, int]:
    """How many are due, for the bar of every page."""
    return {"due": await calling_of(request).due(me)}


@router.get(f"{PATH}/{{callback_id}}")
async def get_call(request: Request, callback_id: Id) -> Response:
    """One call, with everything that helps while talking."""
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={page_language(request).value}", status_code=303)
    return await _call(request, me, callback_id)


@router.post(f"{PATH}/{{callback_id}}/begin")
async def begin(request: Request, callback_id: Id, me: SomeStaff) -> Response:
    """I am calling."""
    return await _do(request, me, callback_id, begin=True)


@router.post(f"{PATH}/{{callback_id}}/leave")
async def leave(request: Request, callback_id: Id, me: SomeStaff) -> Response:
    """I am not."""
    return await _do(request, me, callback_id, begin=False)


@router.post(f"{PATH}/{{callback_id}}/end")
async def end(request: Request, callback_id: Id, me: SomeStaff, typed: Typed) -> Response:
    """How it went."""
    note, language = tidy(typed.get("note", ""))[:NOTE_MAX], page_language(request)
    if typed.get("outcome") not in set(CallOutcome):
        return await _call(request, me, callback_id, status=422, note=note, wrong="outcome")
    try:
        await calling_of(request).ended(me, callback_id, CallOutcome(typed["outcome"]), note)
    except (AlreadyCallingError, CallbackOverError):
        return await _call(request, me, callback_id, status=409, note=note)
    return RedirectResponse(f"{PATH}/{callback_id}?lang={language.value}", status_code=303)


@router.get("/desk/parts/callbacks/{callback_id}/help")
async def get_help_part(
    request: Request, callback_id: Id, me: SomeStaff, q: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """Articles to a few words typed while talking, each with something short to say."""
    opened = await calling_of(request).opened(me, callback_id)
    return VIEWS.page("help.html", page_language(request), is_private=True, **await _helped(request, opened, q))


async def _do(request: Request, me: Staff, callback_id: int, *, begin: bool) -> Response:
    calling = calling_of(request)
    try:
        await (calling.begin if begin else calling.leave)(me, callback_id)
    except (AlreadyCallingError, CallbackOverError):
        return await _call(request, me, callback_id, status=409)
    return RedirectResponse(f"{PATH}/{callback_id}?lang={page_language(request).value}", status_code=303)


async def _listed(request: Request, me: Staff) -> dict[str, Any]:
    chat, language = _chat(request), page_language(request)
    to_call, closed = await calling_of(request).listed(me)
    now = chat.conversations.now()
    return {
        "groups": grouped(to_call, now, language), "closed": [row(each, now, language) for each in closed],
        "attempts_max": _attempts_max(chat),
    }  # fmt: skip


async def _call(
    request: Request, me: Staff, callback_id: int, *, status: int = 200, note: str = "", wrong: str = ""
) -> Response:
    chat, language = _chat(request), page_language(request)
    try:
        opened = await calling_of(request).opened(me, callback_id)
    except CallbackNotFoundError:
        return RedirectResponse(f"{PATH}?lang={language.value}", status_code=303)
    events = await calling_of(request).conversation(opened.callback, EVENTS_SHOWN)
    now = chat.conversations.now()
    texts = VIEWS.texts(language)["desk"]
    tries = [
        (each, when(each.at, now, language), each.next_at and when(each.next_at, now, language))
        for each in opened.attempts
    ]
    said_before = said(events, texts)
    asked = opened.callback.topic or next((str(e["html"]) for e in said_before[::-1] if e["author"] == "player"), "")
    return VIEWS.page(
        "call.html", language, status=status, is_private=True, me=me, here=PATH,
        row=row(opened.callback, now, language), callback=opened.callback, tries=tries, said=said_before,
        note=note, wrong=wrong, q=asked[:80],
        attempts_max=_attempts_max(chat), outcomes=[each.value for each in CallOutcome],
        **await _helped(request, opened, asked[:300]),
    )  # fmt: skip


async def _helped(request: Request, opened: Opened, q: str) -> dict[str, Any]:
    """What an article says in short, in the player's language; for a protected player nothing of offers."""
    if len(q.strip()) < SEARCH_MIN:
        return {"articles": None}
    state, callback = request.app.state, opened.callback
    engine = state.engine  # one engine for proposals and articles, also when it is swapped meanwhile
    shown = []
    for proposal in await search(state, engine, q, callback.is_protected):
        article = engine.bot.articles.get(proposal.id)
        text = article.texts.get(callback.lang) if article else None
        is_offer = callback.is_protected and is_promotion(engine.bot.articles, proposal.id)
        if text is None or text.body is None or is_offer:
            continue
        html = Markup(to_html(text.body))  # noqa: S704 - made by api.text, which shows raw HTML as text
        say = spoken(text.body, q, callback.lang)
        shown.append({"title": text.title, "say": say, "html": html, "reviewed": text.reviewed})
    return {"articles": shown[:SHOWN], "article_lang": callback.lang.value}


def calling_of(request: Request) -> Calling:
    """What a consultant can do."""
    calling: Calling = request.app.state.calling
    return calling


def _chat(request: Request) -> Chat:
    chat: Chat = request.app.state.chat
    return chat


def _attempts_max(chat: Chat) -> int:
    rules = rules_of(facts_of(chat.settings.knowledge_base))
    return rules.attempts_max if rules else 1
