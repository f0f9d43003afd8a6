"""The player's side over HTTP, for where a socket cannot be opened. See docs/chat-protocol.md."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.addresses import address_of
from api.asking import search
from api.conversations.hub import Behind
from api.conversations.protection import is_promotion
from api.conversations.shown import player_conversation, player_event
from api.conversations.values import Written
from api.player import Current, chat_of, current
from api.problems import ProblemError
from api.reply_parts import excerpt, readable
from api.widget.schemas import NUMBER_MAX, FeedbackIn, MessageIn, RatingIn, ReadIn, StartIn
from knowledge_base.article import Language

PAGE_MAX = 200
WAIT_SECONDS_MAX = 25
SEARCH_CHARACTERS_MIN = 3
SEARCH_CHARACTERS_MAX = 300
FOUND_MAX = 3
FOUND_CONFIDENCE_MIN = 0.1  # less is a guess, and an article that does not fit is worse than none

router = APIRouter(prefix="/api/v1", tags=["conversations"])


class FilesRefusedError(ProblemError):
    """Pictures and documents do not belong into a chat that keeps what is said."""

    status = 415
    code = "files_refused"


@router.post("/conversations", status_code=201, summary="Start a conversation")
async def start(body: StartIn, request: Request) -> dict[str, Any]:
    """Its token is its only key."""
    chat = chat_of(request)
    chat.limits.starts.check(address_of(request))
    token, conversation = await chat.conversations.start(body.lang, body.previous)
    return {"token": token, "conversation": player_conversation(conversation, chat.conversations.now())}


@router.get("/conversations/current", summary="What has happened since")
async def read_events(
    conversation: Current,
    request: Request,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 100,
    wait: Annotated[float, Query(ge=0, le=WAIT_SECONDS_MAX)] = 0,
) -> dict[str, Any]:
    """Events after a number; with `wait`, as soon as there is one."""
    chat = chat_of(request)
    present = chat.presence.player(conversation.id) if wait else contextlib.nullcontext()
    with chat.hub.listening(conversation.id) as subscription, present:
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            events, conversation = await chat.conversations.missed(conversation.id, after, limit + 1)
            left = until - loop.time()
            if events or left <= 0:
                break
            try:
                async with asyncio.timeout(left):
                    while not isinstance(await subscription.next(), Written | Behind):
                        pass
            except TimeoutError:
                continue
    return {
        "conversation": player_conversation(conversation, chat.conversations.now()),
        "events": [player_event(event) for event in events[:limit]],
        "more": len(events) > limit,
    }


@router.post("/conversations/current/messages", status_code=201, summary="Say something")
async def say(body: MessageIn, conversation: Current, request: Request, response: Response) -> dict[str, int]:
    """Stored before it is answered; the same `client_id` again gives the same number."""
    chat = chat_of(request)
    chat.limits.messages.check(address_of(request))
    written = await chat.say(conversation.id, body.client_id, body.text)
    if written.is_repeat:
        response.status_code = 200
    return {"number": written.number}


@router.post("/conversations/current/person", summary="Talk to a person")
async def ask_person(conversation: Current, request: Request) -> dict[str, int]:
    """Into the queue."""
    return {"number": (await chat_of(request).ask_person(conversation.id)).number}


@router.post("/conversations/current/feedback", summary="Did this help?")
async def give_feedback(body: FeedbackIn, conversation: Current, request: Request) -> dict[str, int]:
    """About one message of the bot."""
    chat_of(request).limits.messages.check(address_of(request))
    conversations = chat_of(request).conversations
    return {
        "number": (await conversations.give_feedback(conversation.id, body.about, is_helpful=body.is_helpful)).number
    }


@router.post("/conversations/current/read", summary="Seen up to there")
async def read(body: ReadIn, conversation: Current, request: Request) -> dict[str, int]:
    """Counts for every tab of the player."""
    await chat_of(request).conversations.read(conversation.id, body.number)
    return {}


@router.post("/conversations/current/rating", summary="How was it?")
async def rate(body: RatingIn, conversation: Current, request: Request) -> dict[str, int]:
    """Also after the end."""
    chat_of(request).limits.messages.check(address_of(request))
    return {"number": (await chat_of(request).conversations.rate(conversation.id, body.score, body.comment)).number}


@router.post("/conversations/current/end", summary="Finish")
async def end(conversation: Current, request: Request) -> dict[str, int]:
    """No more messages after this."""
    return {"number": (await chat_of(request).conversations.end(conversation.id)).number}


@router.post("/conversations/current/files", summary="Not here")
async def refuse_file(conversation: Current) -> None:  # noqa: ARG001 - only its player is told more
    """Always refused, with the reason."""
    raise FilesRefusedError("Files cannot be sent here; documents belong into the account's verification page.")


@router.get("/search", tags=["articles"], summary="Articles while typing")
async def search_articles(
    request: Request,
    q: Annotated[str, Query(max_length=SEARCH_CHARACTERS_MAX)] = "",
    lang: Language = Language.PL,
) -> dict[str, Any]:
    """At most three articles that may answer what is being typed."""
    if len(q.strip()) < SEARCH_CHARACTERS_MIN:
        return {"articles": []}
    chat_of(request).limits.searches.check(address_of(request))
    is_protected = "authorization" in request.headers and (await current(request)).is_protected
    engine = request.app.state.engine
    articles = engine.bot.articles
    shown = []
    for proposal in await search(request.app.state, engine, q, is_protected):
        text = readable(articles, proposal.id, lang)
        if text is None or text.body is None or proposal.confidence < FOUND_CONFIDENCE_MIN:
            continue
        if is_protected and is_promotion(articles, proposal.id):
            continue
        shown.append(
            {
                "id": proposal.id,
                "title": text.title,
                "category": articles[proposal.id].category,
                "excerpt": excerpt(text.body),
                "url": f"/articles/{proposal.id}?lang={lang.value}",
                "reviewed": text.reviewed.isoformat(),
                "confidence": round(proposal.confidence, 4),
            }
        )
    return {"articles": shown[:FOUND_MAX]}
