"""The player's side of a request: the chat, and the conversation that the request's token opens."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.addresses import address_of
from api.chat import Chat
from api.conversations.problems import UnauthorizedError
from api.conversations.values import Conversation


def chat_of(request: Request) -> Chat:
    """The app's chat."""
    chat: Chat = request.app.state.chat
    return chat


def token_of(request: Request) -> str:
    """The conversation's token; UnauthorizedError without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthorizedError("Send the conversation's token as 'Authorization: Bearer ...'.")
    return token.strip()


async def current(request: Request) -> Conversation:
    """The conversation that the request's token opens; UnauthorizedError for none."""
    token = token_of(request)
    chat = chat_of(request)
    chat.limits.requests.check(address_of(request))
    return await chat.conversations.by_token(token)


Current = Annotated[Conversation, Depends(current)]
