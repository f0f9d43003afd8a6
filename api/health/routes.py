"""Is the process alive, can it answer, how is it doing."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

router = APIRouter(tags=["health"])


@router.get("/livez", summary="Is the process alive")
async def livez() -> dict[str, str]:
    """Always ok while the process answers at all."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can questions be answered")
async def readyz(request: Request) -> dict[str, object]:
    """The index in use; the service only starts listening once it has one."""
    manifest = request.app.state.engine.manifest
    return {"status": "ok", "index": manifest.version, "model": manifest.model, "articles": manifest.counts["articles"]}


@router.get("/metrics", summary="For Prometheus", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Text exposition format."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
