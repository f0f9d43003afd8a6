"""What becomes of an article's versions: review, archive, history, restore."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request, Response

from api.content.differences import differences
from api.content.values import EntryKind, Key, article_key
from api.editor.forms import fields_of
from api.editor.room import content_of, page, page_router, to
from api.staff.signed_in import Editor

Number = Annotated[int, Form(ge=1)]
Note = Annotated[str, Form(max_length=500)]
FOLDERS = {EntryKind.ARTICLE: "articles", EntryKind.FACT: "facts"}
KINDS = {folder: kind for kind, folder in FOLDERS.items()}

router = page_router()


@router.post("/editor/articles/{article_id}/approve")
async def post_approve(article_id: str, request: Request, me: Editor, number: Number, note: Note = "") -> Response:
    """A second editor agrees."""
    await content_of(request).approve(article_key(article_id), number, me, note)
    return to(request, f"/editor/articles/{article_id}")


@router.post("/editor/articles/{article_id}/return")
async def post_return(article_id: str, request: Request, me: Editor, number: Number, note: Note = "") -> Response:
    """Back to the author."""
    await content_of(request).give_back(article_key(article_id), number, me, note)
    return to(request, f"/editor/articles/{article_id}")


@router.post("/editor/articles/{article_id}/archive")
async def post_archive(article_id: str, request: Request, me: Editor, note: Note = "") -> Response:
    """A version that takes the article away once it is published."""
    await content_of(request).archive(article_key(article_id), me, note)
    return to(request, f"/editor/articles/{article_id}")


@router.get("/editor/{folder}/{name}/versions")
async def get_versions(folder: str, name: str, request: Request, me: Editor) -> Response:
    """All versions with who, when and what became of them."""
    key = _key(folder, name)
    head = await content_of(request).head(key)
    versions, steps = await content_of(request).history(key)
    taken = {each.number: [s for s in steps if s.number == each.number] for each in versions}
    return page(request, "versions.html", me, folder, head=head, versions=versions, steps=taken, folder=folder)


@router.get("/editor/{folder}/{name}/versions/{number}")
async def get_version(
    folder: str, name: str, number: int, request: Request, me: Editor, against: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """A version beside another one: the one before it, unless asked for."""
    key, content = _key(folder, name), content_of(request)
    new = await content.version(key, number)
    old = against or max(1, number - 1)
    before = await content.version(key, old)
    found = differences(fields_of(before.content), fields_of(new.content))
    return page(
        request, "version.html", me, folder, head=await content.head(key), new=new, old=before, found=found,
        folder=folder,
    )  # fmt: skip


@router.post("/editor/{folder}/{name}/versions/{number}/restore")
async def post_restore(folder: str, name: str, number: int, request: Request, me: Editor) -> Response:
    """An earlier content as a new draft."""
    version = await content_of(request).restore(_key(folder, name), number, me)
    return to(request, f"/editor/{folder}/{name}", kept=version.number)


def _key(folder: str, name: str) -> Key:
    return Key(KINDS.get(folder, EntryKind.ARTICLE), name)
