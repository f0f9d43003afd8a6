"""/editor/releases: what players got when, with the gate's report; one click back."""

from __future__ import annotations

from fastapi import Request, Response

from api.editor.publish_pages import change_names, publishing_of, report_values
from api.editor.room import content_of, page, page_router, to
from api.publishing.values import Report
from api.staff.signed_in import Editor

SHOWN = 50

router = page_router()


@router.get("/editor/releases")
async def get_releases(request: Request, me: Editor) -> Response:
    """Newest first."""
    releases = await content_of(request).releases(SHOWN)
    changes = {each.id: await change_names(request, each.changes[:5]) for each in releases}
    return page(request, "releases.html", me, "releases", releases=releases, changes=changes)


@router.get("/editor/releases/{release_id}")
async def get_release(release_id: int, request: Request, me: Editor) -> Response:
    """One release with its report."""
    content = content_of(request)
    release = await content.release(release_id)
    current = await content.current_id()
    return page(
        request, "release.html", me, "releases", release=release, is_current=release.id == current,
        changes=await change_names(request, release.changes),
        **report_values(request, Report.from_json(release.report) if release.report else None),
    )  # fmt: skip


@router.post("/editor/releases/{release_id}/back")
async def post_back(release_id: int, request: Request, me: Editor) -> Response:
    """Players get again what they got by this release."""
    job = await publishing_of(request).go_back(release_id, me)
    return to(request, f"/editor/publish/jobs/{job.id}")
