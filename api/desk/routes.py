"""The desk over HTTP. See docs/chat-protocol.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from api.conversations.values import Written
from api.desk.schemas import (
    NUMBER_MAX,
    CloseIn,
    DismissIn,
    FiguresIn,
    MessageIn,
    NoteIn,
    ReadIn,
    TagsIn,
    TransferIn,
)
from api.desk.service import DeskActions
from api.desk.viewing import Desk
from api.staff.signed_in import SomeStaff
from knowledge_base.article import Language

PAGE_MAX = 200
SEARCH_MAX = 200

router = APIRouter(prefix="/api/v1/desk", tags=["desk"])

View = Literal["mine", "unassigned", "mail", "all", "closed"]
Number = Annotated[int | None, Query(ge=0, le=NUMBER_MAX)]
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Search = Annotated[str, Query(max_length=SEARCH_MAX)]


def desk_of(request: Request) -> Desk:
    """What can be seen."""
    desk: Desk = request.app.state.desk
    return desk


def actions_of(request: Request) -> DeskActions:
    """What can be done."""
    actions: DeskActions = request.app.state.desk_actions
    return actions


@router.get("/me", summary="Who am I")
async def get_me(me: SomeStaff) -> dict[str, Any]:
    """The account that is signed in."""
    return {"id": me.id, "name": me.name, "email": me.email, "role": me.role.value}


@router.get("/staff", summary="Colleagues")
async def get_staff(_: SomeStaff, request: Request) -> dict[str, Any]:
    """Everybody, and who is here."""
    return {"staff": await desk_of(request).staff()}


@router.get("/queue", summary="Who waits")
async def get_queue(
    me: SomeStaff,
    request: Request,
    view: View = "unassigned",
    q: Search = "",
    limit: Limit = 50,
    offset: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
) -> dict[str, Any]:
    """A view's conversations, in order."""
    return await desk_of(request).queue(me, view, q, limit, offset)


@router.get("/conversations/{conversation_id}", summary="A conversation")
async def get_conversation(conversation_id: str, me: SomeStaff, request: Request) -> dict[str, Any]:
    """Its summary, the same player's earlier ones, and who looks at it."""
    return await desk_of(request).conversation(me, conversation_id)


@router.get("/conversations/{conversation_id}/events", summary="What happened")
async def get_events(
    conversation_id: str,
    _: SomeStaff,
    request: Request,
    after: Number = None,
    before: Number = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """In pages, forwards or backwards."""
    return await desk_of(request).events(conversation_id, after=after, before=before, limit=limit)


@router.get("/conversations/{conversation_id}/suggestions", summary="Drafts")
async def get_suggestions(conversation_id: str, me: SomeStaff, request: Request) -> dict[str, Any]:
    """For the newest message of the player."""
    return await desk_of(request).suggestions(me, conversation_id)


@router.get("/articles", summary="Search the articles")
async def get_articles(
    _: SomeStaff, request: Request, q: Search = "", lang: Language = Language.PL, conversation: str | None = None
) -> dict[str, Any]:
    """Whole articles, to read beside the chat."""
    return await desk_of(request).articles(q, lang, conversation)


@router.get("/canned", summary="Canned replies")
async def get_canned(me: SomeStaff, request: Request, lang: Language = Language.PL) -> dict[str, Any]:
    """By shortcut."""
    return {"canned": desk_of(request).canned(me, lang)}


@router.get("/figures", summary="How we are doing")
async def get_figures(
    me: SomeStaff, request: Request, days: Annotated[int, Query(ge=1, le=3650)] = 30
) -> dict[str, Any]:
    """By consultant and by article."""
    return await desk_of(request).figures(me, days)


@router.post("/conversations/{conversation_id}/take", summary="Take it")
async def take(conversation_id: str, me: SomeStaff, request: Request) -> dict[str, Any]:
    """Of two at once, one gets it."""
    return _summary(request, await actions_of(request).take(me, conversation_id))


@router.post("/conversations/{conversation_id}/release", summary="Back into the queue")
async def release(conversation_id: str, me: SomeStaff, request: Request) -> dict[str, Any]:
    """For a colleague."""
    return _summary(request, await actions_of(request).release(me, conversation_id))


@router.post("/conversations/{conversation_id}/transfer", summary="To a colleague")
async def transfer(conversation_id: str, body: TransferIn, me: SomeStaff, request: Request) -> dict[str, Any]:
    """Who holds it at once."""
    return _summary(request, await actions_of(request).transfer(me, conversation_id, body.to))


@router.post("/conversations/{conversation_id}/hand-back", summary="Back to the bot")
async def hand_back(conversation_id: str, me: SomeStaff, request: Request) -> dict[str, Any]:
    """Which answers again."""
    return _summary(request, await actions_of(request).hand_back(me, conversation_id))


@router.post("/conversations/{conversation_id}/close", summary="Finish")
async def close(conversation_id: str, body: CloseIn, me: SomeStaff, request: Request) -> dict[str, Any]:
    """With its outcome."""
    return _summary(request, await actions_of(request).close(me, conversation_id, body.outcome))


@router.post("/conversations/{conversation_id}/messages", status_code=201, summary="Say something")
async def say(
    conversation_id: str, body: MessageIn, me: SomeStaff, request: Request, response: Response
) -> dict[str, Any]:
    """To the player; the same `client_id` again gives the same number."""
    written = await actions_of(request).say(
        me, conversation_id, body.client_id, body.text, body.suggestion_id,
        is_figure_change_meant=body.is_figure_change_meant, written_in=body.written_in,
        subject=body.subject, closes=body.closes,
    )  # fmt: skip
    if written.is_repeat:
        response.status_code = 200
    return {"number": written.number}


@router.get("/conversations/{conversation_id}/messages/{number}/original", summary="A letter as it came")
async def get_original(
    conversation_id: str, number: Annotated[int, Path(le=NUMBER_MAX)], me: SomeStaff, request: Request
) -> Response:
    """Out of the mailbox, to be saved, with its attachments; nothing here has opened them."""
    return Response(
        await desk_of(request).original(me, conversation_id, number),
        media_type="application/octet-stream",  # never shown as a page of ours
        headers={
            "Content-Disposition": f'attachment; filename="{number}.eml"', "Cache-Control": "no-store",
            "Content-Security-Policy": "sandbox",
        },
    )  # fmt: skip


@router.post("/conversations/{conversation_id}/notes", status_code=201, summary="A note")
async def note(conversation_id: str, body: NoteIn, me: SomeStaff, request: Request) -> dict[str, Any]:
    """For colleagues only."""
    return {"number": (await actions_of(request).note(me, conversation_id, body.text)).number}


@router.put("/conversations/{conversation_id}/tags", summary="Tags")
async def tag(conversation_id: str, body: TagsIn, me: SomeStaff, request: Request) -> dict[str, Any]:
    """All of them."""
    return _summary(request, await actions_of(request).tag(me, conversation_id, body.tags))


@router.post("/conversations/{conversation_id}/read", summary="Seen up to there")
async def read(conversation_id: str, body: ReadIn, me: SomeStaff, request: Request) -> dict[str, Any]:
    """Counts where it is one's own."""
    return _summary(request, await actions_of(request).read(me, conversation_id, body.number))


@router.post("/conversations/{conversation_id}/suggestions/{suggestion_id}/dismiss", summary="Of no use")
async def dismiss(
    conversation_id: str,
    suggestion_id: Annotated[int, Path(le=NUMBER_MAX)],
    body: DismissIn,
    me: SomeStaff,
    request: Request,
) -> dict[str, Any]:
    """And why."""
    return {"number": (await actions_of(request).dismiss(me, conversation_id, suggestion_id, body.reason)).number}


@router.post("/conversations/{conversation_id}/figures", summary="Look at the figures of an edited draft")
async def figures(conversation_id: str, body: FiguresIn, me: SomeStaff, request: Request) -> dict[str, Any]:
    """Those that are none of its facts'."""
    return {"figures": await actions_of(request).figures(me, conversation_id, body.suggestion_id, body.text)}


def _summary(request: Request, written: Written) -> dict[str, Any]:
    return desk_of(request).summary(written.conversation)
