"""The manager's pages: webhooks, one webhook with its log, and what can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse

from api.chat import Chat
from api.html.language import page_language
from api.html.views import Views
from api.opening.wall_clock import local
from api.outgoing.addresses import WebhookRefusedError
from api.outgoing.service import Webhooks
from api.outgoing.values import Delivery, DeliveryStatus, Told
from api.staff.signed_in import ForbiddenError, SomeStaff, signed_in
from api.staff.values import Role, Staff

HERE = "/desk/webhooks"
VIEWS = Views(Path(__file__).parent)
FIELDS_MAX = 20
ID_MAX = 2**31 - 1

router = APIRouter(include_in_schema=False, prefix=HERE)


def require_manager(me: SomeStaff) -> Staff:
    """Who may see where events go, and with which secret."""
    if me.role is not Role.MANAGER:
        raise ForbiddenError("Webhooks are for managers.")
    return me


Manager = Annotated[Staff, Depends(require_manager)]
Id = Annotated[int, InPath(ge=1, le=ID_MAX)]


def webhooks_of(request: Request) -> Webhooks:
    """The app's webhooks."""
    chat: Chat = request.app.state.chat
    return chat.outgoing.webhooks


@router.get("")
async def get_webhooks(request: Request) -> Response:
    """All of them, and a form for one more."""
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={page_language(request).value}", status_code=303)
    return await _list(request, require_manager(me))


@router.post("")
async def add_webhook(request: Request, me: Manager) -> Response:
    """One more, or the form again with what was wrong and all that was typed."""
    url, kinds = await _typed(request)
    try:
        made = await webhooks_of(request).add(me, url, kinds)
    except WebhookRefusedError as error:
        return await _list(request, me, url=url, kinds=kinds, wrong=error.reason)
    return _to(request, f"{HERE}/{made}", "added")


@router.get("/chatwoot")
async def get_chatwoot(request: Request, status: str = "") -> Response:
    """What went to the Chatwoot desk."""
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={page_language(request).value}", status_code=303)
    require_manager(me)
    chosen = DeliveryStatus(status) if status in set(DeliveryStatus) else None
    log = [_shown(each) for each in await webhooks_of(request).chatwoot_log(chosen)]
    return _page(
        request, me, "chatwoot.html", 200, log=log, chosen=chosen.value if chosen else "", own=f"{HERE}/chatwoot"
    )


@router.post("/chatwoot/deliveries/{delivery_id}/again")
async def send_again_to_chatwoot(delivery_id: str, request: Request, _: Manager) -> Response:
    """What was not taken there once more."""
    await webhooks_of(request).send_again(None, delivery_id.replace("\x00", ""))
    _ring(request)
    return _to(request, f"{HERE}/chatwoot", "again")


@router.get("/{webhook_id}")
async def get_webhook(webhook_id: Id, request: Request, status: str = "") -> Response:
    """One webhook and its log."""
    me = await signed_in(request)
    if me is None:
        return RedirectResponse(f"/desk/sign-in?lang={page_language(request).value}", status_code=303)
    chosen = DeliveryStatus(status) if status in set(DeliveryStatus) else None
    return await _one(request, require_manager(me), webhook_id, chosen)


@router.post("/{webhook_id}")
async def change_webhook(webhook_id: Id, request: Request, me: Manager) -> Response:
    """Another address or other events."""
    url, kinds = await _typed(request)
    try:
        await webhooks_of(request).change(webhook_id, url, kinds)
    except WebhookRefusedError as error:
        return await _one(request, me, webhook_id, None, url=url, kinds=kinds, wrong=error.reason)
    return _to(request, f"{HERE}/{webhook_id}", "saved")


@router.post("/{webhook_id}/pause")
async def pause(webhook_id: Id, request: Request, _: Manager) -> Response:
    """It is told nothing until it is resumed."""
    await webhooks_of(request).set_active(webhook_id, is_active=False)
    return _to(request, f"{HERE}/{webhook_id}", "paused")


@router.post("/{webhook_id}/resume")
async def resume(webhook_id: Id, request: Request, _: Manager) -> Response:
    """It is told again."""
    await webhooks_of(request).set_active(webhook_id, is_active=True)
    return _to(request, f"{HERE}/{webhook_id}", "resumed")


@router.post("/{webhook_id}/test")
async def send_test(webhook_id: Id, request: Request, _: Manager) -> Response:
    """Something to try the receiver with."""
    await webhooks_of(request).send_test(webhook_id)
    _ring(request)
    return _to(request, f"{HERE}/{webhook_id}", "tested")


@router.post("/{webhook_id}/secret")
async def new_secret(webhook_id: Id, request: Request, _: Manager) -> Response:
    """Another secret, at once."""
    await webhooks_of(request).new_secret(webhook_id)
    return _to(request, f"{HERE}/{webhook_id}", "secret")


@router.post("/{webhook_id}/remove")
async def remove(webhook_id: Id, request: Request, _: Manager) -> Response:
    """With its log."""
    await webhooks_of(request).remove(webhook_id)
    return _to(request, HERE, "removed")


@router.post("/{webhook_id}/deliveries/{delivery_id}/again")
async def send_again(webhook_id: Id, delivery_id: str, request: Request, _: Manager) -> Response:
    """The same once more."""
    await webhooks_of(request).send_again(webhook_id, delivery_id.replace("\x00", ""))
    _ring(request)
    return _to(request, f"{HERE}/{webhook_id}", "again")


async def _list(
    request: Request, me: Staff, url: str = "", kinds: list[str] | None = None, wrong: str | None = None
) -> Response:
    found, counts = await webhooks_of(request).everything()
    has_chatwoot = request.app.state.chat.outgoing.chatwoot is not None
    values = {"has_chatwoot": has_chatwoot, "webhooks": found, "counts": counts, "url": url, "wrong": wrong}
    chosen = [each.value for each in Told] if kinds is None else kinds
    return _page(request, me, "webhooks.html", 422 if wrong else 200, kinds=chosen, **values)


async def _one(
    request: Request, me: Staff, webhook_id: int, status: DeliveryStatus | None, url: str | None = None,
    kinds: list[str] | None = None, wrong: str | None = None,
) -> Response:  # fmt: skip
    webhook, log = await webhooks_of(request).one(webhook_id, status)
    return _page(
        request, me, "webhook.html", 422 if wrong else 200, webhook=webhook, log=[_shown(each) for each in log],
        url=webhook.url if url is None else url, kinds=webhook.kinds if kinds is None else kinds, wrong=wrong,
        chosen=status.value if status else "", own=f"{HERE}/{webhook_id}",
    )  # fmt: skip


def _page(request: Request, me: Staff, template: str, status_code: int, **values: Any) -> Response:
    saved = request.query_params.get("saved", "")
    return VIEWS.page(
        template, page_language(request), status=status_code, is_private=True, me=me, here=HERE, saved=saved,
        every_kind=[each.value for each in Told], every_status=[each.value for each in DeliveryStatus], **values,
    )  # fmt: skip


def _shown(delivery: Delivery) -> dict[str, Any]:
    """A line of the log, its moments on Warsaw's clock."""
    moments = {
        name: f"{local(at):%d.%m. %H:%M:%S}" if at else ""
        for name, at in (("created", delivery.created_at), ("last", delivery.last_at), ("due", delivery.due_at))
    }
    return {"moments": moments, "is_test": delivery.number == 0, "delivery": delivery}


async def _typed(request: Request) -> tuple[str, list[str]]:
    form = await request.form(max_fields=FIELDS_MAX, max_files=0)
    url = form.get("url", "")
    return url if isinstance(url, str) else "", [each for each in form.getlist("kinds") if isinstance(each, str)]


def _ring(request: Request) -> None:
    request.app.state.chat.outgoing.deliveries.ring()


def _to(request: Request, path: str, saved: str) -> Response:
    return RedirectResponse(f"{path}?lang={page_language(request).value}&saved={saved}", status_code=303)
